/** Wraps both ends of a connection of any transport: every message begins with a proof of its sender's role. */
import { AcceptedProofs, proofTo } from '../security/proof.ts';
import type { KeyRole } from '../security/roles.ts';
import type { Security } from '../security/security.ts';
import type { Client, Frame, Received, Server } from './transport.ts';

/** Drops messages without an accepted proof, unread. */
export function authenticatedServer(
  server: Server,
  { security, admit }: { security: Security; admit: readonly KeyRole[] },
): Server {
  const proofs = new AcceptedProofs(security, admit);
  return {
    endpoint: server.endpoint,
    async receive(): Promise<Received> {
      for (;;) {
        const { peer, frames } = await server.receive();
        const role = await proofs.roleOf(frames[0]);
        if (role !== undefined) return { peer, role, frames: frames.slice(1) };
      }
    },
    send: (peer, frames) => server.send(peer, frames),
    onGone: (listener) => server.onGone(listener),
    close: () => server.close(),
  };
}

export function authenticatedClient(
  client: Client,
  { security, expect }: { security: Security; expect: KeyRole },
): Client {
  const proof = proofTo(security.serverKey(expect), security);
  return {
    receive: () => client.receive(),
    send: (frames: readonly Frame[]) => client.send([proof, ...frames]),
    onLost: (listener) => client.onLost(listener),
    close: () => client.close(),
  };
}

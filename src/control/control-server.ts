import { asBrineError, type BrineError } from '../base/errors.ts';
import { bestEffort } from '../base/promises.ts';
import type { Received, Server, Transport } from '../transport/transport.ts';
import { misdialled } from '../wire/protocol.ts';
import { CONTROL_FRAME_BYTES, type FromRole, type ToRole } from './messages.ts';
import { decodeFromRole, encodeToRole } from './message-codec.ts';

/** A message of a role with the peer to answer to. */
export interface ReceivedMessage {
  readonly peer: string;
  readonly message: FromRole;
}

/**
 * The coordinator's server for control messages. Refuses messages that are malformed or that claim another
 * role than their key.
 */
export class ControlServer {
  readonly endpoint: string;
  readonly #server: Server;
  #fault: (error: BrineError) => void = () => undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.endpoint = server.endpoint;
  }

  /** Throws ADDRESS_IN_USE. */
  static async open(transport: Transport, endpoint: string): Promise<ControlServer> {
    const server = await transport.serve(endpoint, {
      maxFrameBytes: CONTROL_FRAME_BYTES,
      admit: ['cache', 'student', 'teacher', 'node', 'observer'],
    });
    return new ControlServer(server);
  }

  /** Register the listener for peers whose connection closed or whose heartbeats stopped. */
  onGone(listener: (peer: string) => void): void {
    this.#server.onGone(listener);
  }

  /** Register the listener for failed sends. */
  onFault(listener: (error: BrineError) => void): void {
    this.#fault = listener;
  }

  /** The next message. Throws CLOSED. */
  async receive(): Promise<ReceivedMessage> {
    for (;;) {
      const received = await this.#server.receive();
      const answer = misdialled(received.frames[0], 'control');
      if (answer) {
        await bestEffort(this.#server.send(received.peer, [answer])); // the peer has disconnected
        continue;
      }
      const message = messageOrReason(received);
      if (typeof message !== 'string') return { peer: received.peer, message };
      await this.refuse(received.peer, message);
    }
  }

  async send(peer: string, message: ToRole): Promise<void> {
    try {
      await this.#server.send(peer, [encodeToRole(message)]);
    } catch (error) {
      this.#fault(asBrineError(error));
    }
  }

  /** Send a peer away that is not part of the run. */
  refuse(peer: string, reason: string): Promise<void> {
    return this.send(peer, { kind: 'stop', reason, finished: false });
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** Decode and check a message; a string is the reason to refuse it. */
function messageOrReason({ role, frames }: Received): FromRole | string {
  let message;
  try {
    message = decodeFromRole(frames[0]);
  } catch (error) {
    return asBrineError(error).message;
  }
  const own = 'id' in message && message.kind !== 'lost' ? message.id.role : undefined;
  if (role === undefined || own === undefined || own === role) return message;
  return `a process with the key of ${role === 'observer' ? 'an' : 'a'} ${role} claims to be a ${own}`;
}

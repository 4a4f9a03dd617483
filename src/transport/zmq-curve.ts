import { setImmediate } from 'node:timers/promises';
import { Context, Reply, capability } from 'zeromq';
import { BrineError } from '../base/errors.ts';
import type { Security } from '../security/security.ts';
import { domainOf, zapAnswer } from '../security/zap.ts';
import { admittedRoles, expectedRole } from './limits.ts';
import type { TransportOptions } from './transport.ts';

/**
 * Bytes by which CURVE makes a frame longer: the command's name (8), the short nonce (8), the authenticator (16) and the flags (1) of
 * a MESSAGE command; https://rfc.zeromq.org/spec/26, "CURVE MESSAGE Command".
 */
export const CURVE_FRAME_BYTES = 33;

/** How long a context is held beyond the time that its sockets may linger, in milliseconds. */
const HELD_BEYOND_MS = 1000;

/**
 * The keys of a transport's sockets, and the one who decides who gets in. libzmq asks on inproc://zeromq.zap.01 of a socket's
 * context, so each transport with keys has a context of its own.
 */
export function openCurve(security: Security, lingerMs: number) {
  if (!capability.curve) {
    throw new BrineError('ENVIRONMENT_BROKEN', 'this libzmq was built without CURVE', {
      hint: 'Install zeromq as package-lock.json names it.',
    });
  }
  const { own } = security;
  const context = new Context();
  const held = new Set([context]);
  let gate: Promise<Reply> | undefined;
  const openGate = async () => {
    const socket = new Reply({ context, linger: 0 });
    await socket.bind('inproc://zeromq.zap.01');
    void answerAll(socket, security);
    return socket;
  };
  return {
    async bound(options?: TransportOptions) {
      const zapDomain = domainOf(admittedRoles(options));
      await (gate ??= openGate());
      return {
        context,
        curveServer: true,
        curveSecretKey: own.secretKey,
        zapDomain,
        zapEnforceDomain: true,
      };
    },
    connected(options?: TransportOptions) {
      const curveServerKey = security.serverKey(expectedRole(options));
      return { context, curveServerKey, curvePublicKey: own.publicKey, curveSecretKey: own.secretKey };
    },
    async close() {
      const socket = await gate;
      gate = undefined;
      await setImmediate(); // as in zmq-link.ts
      await setImmediate();
      socket?.close();
      // A context that is collected while sockets of it still deliver would make the process hang at its end.
      setTimeout(() => held.delete(context), lingerMs + HELD_BEYOND_MS).unref();
    },
  };
}

/** Until the socket is closed. */
async function answerAll(socket: Reply, security: Security): Promise<void> {
  try {
    for (;;) await socket.send(await zapAnswer(await socket.receive(), security));
  } catch {
    socket.close(); // nobody answers: nobody is let in
  }
}

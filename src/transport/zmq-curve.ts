import { setImmediate } from 'node:timers/promises';
import { Context, Reply, capability } from 'zeromq';
import { BrineError } from '../base/errors.ts';
import type { Security } from '../security/security.ts';
import { domainOf, zapAnswer } from '../security/zap.ts';
import { admittedRoles, expectedRole } from './limits.ts';
import type { TransportOptions } from './transport.ts';

/**
 * Bytes that CURVE adds to a frame: command name (8), short nonce (8), authenticator (16) and flags
 * (1) of a MESSAGE command; https://rfc.zeromq.org/spec/26, "CURVE MESSAGE Command".
 */
export const CURVE_FRAME_BYTES = 33;

/** Milliseconds that a context is kept beyond the linger time of its sockets. */
const HELD_BEYOND_MS = 1000;

/**
 * The key options of a transport's sockets, and the ZAP handler that authorizes peers. libzmq sends
 * ZAP requests to inproc://zeromq.zap.01 in the context of the socket, so each transport with keys
 * has its own context.
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
      // If a context is collected while its sockets still deliver, the process hangs at exit.
      setTimeout(() => held.delete(context), lingerMs + HELD_BEYOND_MS).unref();
    },
  };
}

/** Answers ZAP requests until the socket is closed. */
async function answerAll(socket: Reply, security: Security): Promise<void> {
  try {
    for (;;) await socket.send(await zapAnswer(await socket.receive(), security));
  } catch {
    socket.close(); // without answers, libzmq admits no peer
  }
}

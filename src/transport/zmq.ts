/**
 * Frames over ZeroMQ: ROUTER serves, DEALER dials, and a lane is PUSH to PULL. Only the files zmq*.ts know zeromq.
 *
 * - A served peer is never dropped for being slow (no high-water mark towards peers: answers are bounded by what
 *   peers ask); a peer that has gone is, as ROUTER does by itself.
 * - ROUTER does not say which peer has gone. With `mandatory` set it refuses to send to one that has: so whenever a connection
 *   ends, every peer is sent one empty frame, which clients leave out.
 * - Liveness: a killed process shows at once as a closed connection, a stopped one by ZMTP heartbeats. libzmq answers
 *   heartbeats on its own thread, so a busy event loop is not a lost peer; but a receiver whose queue is full stops
 *   reading, heartbeats too: give a lane a high-water mark above what can be under way on it.
 */
import { Dealer, Pull, Push, Router, type Socket } from 'zeromq';
import { normalEndpoint, staysHere } from './endpoint.ts';
import type { Security } from '../security/security.ts';
import { admittedRoles, expectedRole, withDefaults } from './limits.ts';
import { authenticatedClient, authenticatedServer } from './authenticated.ts';
import { RoutedServer } from './routed.ts';
import type { Transport, TransportOptions } from './transport.ts';
import { CURVE_FRAME_BYTES, openCurve } from './zmq-curve.ts';
import { needsIpv6 } from './zmq-family.ts';
import { Link } from './zmq-link.ts';

/**
 * A stopped peer is noticed within two and a half seconds, on this machine, where nothing is lost on the way, within one and a half;
 * libzmq answers on a thread of its own, which needs no turn of the event loop.
 */
function heartbeatOf(endpoint: string) {
  const [every, within] = staysHere(endpoint) ? [300, 1200] : [500, 2000];
  return { heartbeatInterval: every, heartbeatTimeout: within, heartbeatTimeToLive: within };
}
/** What a socket's options owe to its endpoint. */
async function placeOf(endpoint: string) {
  return { ...heartbeatOf(endpoint), ipv6: await needsIpv6(endpoint) };
}
/** How long libzmq goes on delivering after `close`, in milliseconds. A peer that has gone is not waited for. */
const LINGER = 5000;
/** How long whoever connects may take for the handshake, in milliseconds. */
const HANDSHAKE = { handshakeInterval: 10_000 } as const;

export interface ZmqTransportOptions {
  /** Keys: connections are encrypted, and only admitted peers get in. */
  readonly security?: Security | undefined;
  /** Without keys, sockets may be bound where other machines can reach them. */
  readonly insecure?: boolean | undefined;
}

/**
 * ZeroMQ over tcp and ipc. Errors: ADDRESS_IN_USE, ADDRESS_INVALID, ADDRESS_EXPOSED, FRAME_TOO_LARGE, NOT_ADMITTED, CLOSED;
 * ENVIRONMENT_BROKEN where keys are given and libzmq has no CURVE.
 */
export function zmqTransport({ security, insecure = false }: ZmqTransportOptions = {}): Transport {
  const open = new Set<{ close(): Promise<void> }>();
  const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
    open.add(resource);
    return resource;
  };
  const curve = security && openCurve(security, LINGER);
  const { limitsOf, sendLimitsOf, receiveLimitsOf } = socketLimits(security ? CURVE_FRAME_BYTES : 0);
  const isExposable = security !== undefined || insecure;
  const bound = async <S extends Socket>(socket: S, endpoint: string, options?: TransportOptions) =>
    keep(await Link.bound(socket, endpoint, { ...withDefaults(options), isExposable }));
  const connected = <S extends Socket>(socket: S, endpoint: string, options?: TransportOptions) =>
    keep(Link.connected(socket, endpoint, withDefaults(options)));
  return {
    async serve(given, options) {
      const endpoint = normalEndpoint(given);
      const keys = await curve?.bound(options);
      const socket = new Router({
        ...(await placeOf(endpoint)),
        ...HANDSHAKE,
        ...keys,
        ...receiveLimitsOf(options),
        sendHighWaterMark: 0,
        mandatory: true,
        // A mandatory ROUTER without any peer counts as not writable, and a send would wait for one to come.
        sendTimeout: 0,
        linger: LINGER,
      });
      const server = keep(new RoutedServer(await bound(socket, endpoint, options)));
      return security ? authenticatedServer(server, { security, admit: admittedRoles(options) }) : server;
    },
    async dial(given, options) {
      const endpoint = normalEndpoint(given);
      const keys = curve?.connected(options);
      const socket = new Dealer({
        ...(await placeOf(endpoint)),
        ...keys,
        ...limitsOf(options),
        linger: LINGER,
      });
      const client = connected(socket, endpoint, options);
      return security ? authenticatedClient(client, { security, expect: expectedRole(options) }) : client;
    },
    async inbox(given, options) {
      const endpoint = normalEndpoint(given);
      const keys = await curve?.bound(options);
      const socket = new Pull({
        ...(await placeOf(endpoint)),
        ...HANDSHAKE,
        ...keys,
        ...receiveLimitsOf(options),
        linger: 0,
      });
      return bound(socket, endpoint, options);
    },
    async outbox(given, options) {
      const endpoint = normalEndpoint(given);
      const keys = curve?.connected(options);
      const socket = new Push({
        ...(await placeOf(endpoint)),
        ...keys,
        ...sendLimitsOf(options),
        linger: LINGER,
      });
      return connected(socket, endpoint, options);
    },
    async close() {
      await Promise.all(Array.from(open, (resource) => resource.close()));
      open.clear();
      await curve?.close();
    },
  };
}

/**
 * The limits of a transport's sockets. libzmq compares maxMessageSize with the bytes of a frame on the wire, which encryption
 * makes longer by `overhead`; maxFrameBytes counts what a caller sends.
 */
function socketLimits(overhead: number) {
  const maxMessageSize = (options?: TransportOptions) => withDefaults(options).maxFrameBytes + overhead;
  const sendLimitsOf = (options?: TransportOptions) => ({
    maxMessageSize: maxMessageSize(options),
    sendHighWaterMark: withDefaults(options).highWaterMark,
  });
  const receiveLimitsOf = (options?: TransportOptions) => ({
    maxMessageSize: maxMessageSize(options),
    receiveHighWaterMark: withDefaults(options).highWaterMark,
  });
  const limitsOf = (options?: TransportOptions) => ({
    ...sendLimitsOf(options),
    ...receiveLimitsOf(options),
  });
  return { limitsOf, sendLimitsOf, receiveLimitsOf };
}

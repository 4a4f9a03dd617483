/**
 * The ZeroMQ transport: a server is a ROUTER, a client a DEALER, an outbox a PUSH, an inbox a PULL.
 * Only the files zmq*.ts import zeromq.
 *
 * - Slow peers: a server has no high-water mark towards peers, so it never drops a message to a slow
 *   peer. Its queue is bounded by the peers' own requests.
 * - Lost peers: ROUTER does not report which peer disconnected, but with `mandatory` set it refuses
 *   to send to a disconnected one. So whenever a connection ends, the server probes every peer with
 *   one empty frame, which clients ignore.
 * - Liveness: a killed process closes its connection at once; a stopped one misses ZMTP heartbeats.
 *   libzmq answers heartbeats on its own thread, so a busy event loop does not look like a lost peer.
 *   A receiver with a full queue stops reading, heartbeats included: set the high-water mark of an
 *   inbox above the number of messages that can be in flight to it.
 */
import { Dealer, Pull, Push, Router, type Socket } from 'zeromq';
import { needsIpv6, normalEndpoint, staysHere } from './endpoint.ts';
import type { Security } from '../security/security.ts';
import { admittedRoles, expectedRole, withDefaults } from './limits.ts';
import { authenticatedClient, authenticatedServer } from './authenticated.ts';
import { RoutedServer } from './routed.ts';
import type { Transport, TransportOptions } from './transport.ts';
import { CURVE_FRAME_BYTES, openCurve } from './zmq-curve.ts';
import { ZmqLink } from './zmq-link.ts';

/**
 * Detects a stopped peer within 2.5 seconds, or within 1.5 seconds over loopback, where no packets
 * are lost.
 */
function heartbeatOf(endpoint: string) {
  const [every, within] = staysHere(endpoint) ? [300, 1200] : [500, 2000];
  return { heartbeatInterval: every, heartbeatTimeout: within, heartbeatTimeToLive: within };
}
/** The socket options that depend on the endpoint. */
async function placeOf(endpoint: string) {
  return { ...heartbeatOf(endpoint), ipv6: await needsIpv6(endpoint) };
}
/** Milliseconds for which libzmq keeps delivering after `close`, unless the peer has disconnected. */
const LINGER = 5000;
/** Milliseconds that a connecting peer may take for the handshake. */
const HANDSHAKE = { handshakeInterval: 10_000 } as const;

export interface ZmqTransportOptions {
  /** With keys, connections are encrypted, and only admitted peers can connect. */
  readonly security?: Security | undefined;
  /** Allows binding sockets without keys where other machines can reach them. */
  readonly insecure?: boolean | undefined;
}

/**
 * ZeroMQ over tcp and ipc. Errors: ADDRESS_IN_USE, ADDRESS_INVALID, ADDRESS_EXPOSED,
 * FRAME_TOO_LARGE, NOT_ADMITTED, CLOSED; ENVIRONMENT_BROKEN for keys if libzmq was built without
 * CURVE.
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
    keep(await ZmqLink.bound(socket, endpoint, { ...withDefaults(options), isExposable }));
  const connected = <S extends Socket>(socket: S, endpoint: string, options?: TransportOptions) =>
    keep(ZmqLink.connected(socket, endpoint, withDefaults(options)));
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
        // A mandatory ROUTER without peers is not writable, so a send would block until one connects.
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
 * The limits of a transport's sockets. maxFrameBytes limits a frame as sent by the caller; libzmq
 * compares maxMessageSize with the frame on the wire, which encryption lengthens by `overhead`.
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

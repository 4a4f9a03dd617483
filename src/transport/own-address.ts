import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLoopback, tcpEndpoint, withoutBrackets, type NetworkDevices } from './endpoint.ts';

/** Finds the address under which other machines of a run reach a machine with several networks. */

/** Documentation addresses (RFC 5737, RFC 3849), which use the default route. Nothing is sent there. */
const ELSEWHERE = ['192.0.2.1', '2001:db8::1'];
/** Any port: nothing is sent. */
const PORT = 9;

/**
 * The local address of the route to a host, such as the head of the run, since other machines of the
 * run use the same network. Without a host, or if its name resolves to loopback, the local address
 * of the default route. Undefined without a route to other machines.
 */
export async function ownAddress(host: string | undefined): Promise<string | undefined> {
  const known = host === undefined ? [] : await addressesOf(withoutBrackets(host));
  for (const target of [...known, ...ELSEWHERE]) {
    const own = await localAddressTo(target);
    if (own !== undefined && !isLoopback(own) && isWhole(own)) return own;
  }
  return undefined;
}

/** IPv4 first, as in `needsIpv6`. */
async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.toSorted((a, b) => a.family - b.family).map(({ address }) => address);
}

/** Connecting a UDP socket sends nothing: the kernel looks up the route and sets the socket's local address. */
function localAddressTo(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    const end = (own: string | undefined) => {
      socket.close();
      resolve(own);
    };
    socket.once('error', () => end(undefined));
    socket.connect(PORT, address, () => end(socket.address().address));
  });
}

/** False for a link-local address, which is ambiguous without its device. */
function isWhole(address: string): boolean {
  return !/^fe[89ab][0-9a-f]:/i.test(address);
}

/** An endpoint that is bound on all devices. */
const WILDCARD = /^tcp:\/\/(?:0\.0\.0\.0|\*|\[::\]):(\d+)$/;

/** Whether the endpoint is bound on all devices. */
export function isWildcard(endpoint: string): boolean {
  return WILDCARD.test(endpoint);
}

/**
 * The endpoint to advertise to peers. For an endpoint bound on all devices, it has this machine's own
 * address; if that is unknown, its first external address, or else loopback.
 */
export function reachable(
  endpoint: string,
  own: string | undefined,
  devices: NetworkDevices = networkInterfaces(),
): string {
  const match = WILDCARD.exec(endpoint);
  return match ? tcpEndpoint(own ?? firstOutside(devices) ?? '127.0.0.1', match[1]!) : endpoint;
}

function firstOutside(devices: NetworkDevices): string | undefined {
  const outside = Object.values(devices).flatMap(
    (device) => device?.filter(({ internal }) => !internal) ?? [],
  );
  const usable = outside.filter(({ address }) => isWhole(address));
  return (usable.find(({ family }) => family === 'IPv4') ?? usable[0])?.address;
}

/**
 * The host to bind so that peers can connect to this machine's own address. This is `bind`, unless
 * the own address is IPv6: then it is the IPv6 address of the device `bind`, or :: for 0.0.0.0.
 */
export function bindFor(
  bind: string,
  own: string | undefined,
  devices: NetworkDevices = networkInterfaces(),
): string {
  if (own === undefined || !isIPv6(own)) return bind;
  if (bind === '0.0.0.0') return '::';
  const there = devices[bind]?.filter(({ address, family }) => family === 'IPv6' && isWhole(address));
  return there?.[0]?.address ?? bind;
}

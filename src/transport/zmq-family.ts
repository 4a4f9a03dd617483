import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { hostOf } from './endpoint.ts';

type Devices = ReturnType<typeof networkInterfaces>;

/**
 * Whether an endpoint requires a socket with libzmq's `ipv6` option: for an IPv6 address, and for a
 * device or name without an IPv4 address. Elsewhere the option stays unset, because it maps IPv4
 * addresses to IPv6 and prefers the IPv6 address of a name.
 */
export async function needsIpv6(endpoint: string, devices: Devices = networkInterfaces()): Promise<boolean> {
  const host = hostOf(endpoint);
  if (host === undefined || host === '*') return false;
  if (isIP(host) !== 0) return isIPv6(host);
  const device = devices[host];
  if (device) return device.every(({ family }) => family === 'IPv6');
  try {
    return (await lookup(host, { all: true })).every(({ family }) => family === 6);
  } catch {
    // The name may become resolvable later; an IPv6-only machine will then need IPv6.
    return Object.values(devices).every((own) => own?.every((it) => it.internal || it.family === 'IPv6'));
  }
}

import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { hostOf } from './endpoint.ts';

type Devices = ReturnType<typeof networkInterfaces>;

/**
 * Whether a socket must speak IPv6 for an endpoint. libzmq's sockets do either: with `ipv6` set, IPv4 addresses become mapped ones and a
 * name's IPv6 address comes first. So it is set where IPv4 cannot do: for an IPv6 address, and for a device or name that has no other.
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
    // It may become known later; a machine that has IPv6 alone will reach it by that.
    return Object.values(devices).every((own) => own?.every((it) => it.internal || it.family === 'IPv6'));
  }
}

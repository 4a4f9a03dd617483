/**
 * Checks endpoints before a socket is opened: their syntax, and that an ipc path is free. libzmq
 * unlinks an existing ipc path and binds again, which would silently steal it from another process.
 */
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { BrineError } from '../base/errors.ts';

/** Largest length of a Unix socket's path in bytes: sun_path of unix(7) without the final zero. */
const MAX_IPC_PATH = 107;
/** Marks of a listening socket in /proc/net/unix (flags) and /proc/net/tcp (state). */
const LISTENING_UNIX = '00010000';
const LISTENING_TCP = '0A';

/** tcp://HOST:PORT, with an IPv6 address in brackets as in RFC 3986. */
export function tcpEndpoint(host: string, port: number | string): string {
  const bare = withoutBrackets(host);
  return `tcp://${isIPv6(bare) ? `[${bare}]` : bare}:${port}`;
}

/** Puts the IPv6 address of an endpoint in brackets; the text after its last colon is the port. */
export function normalEndpoint(endpoint: string): string {
  const [, host, port] = /^tcp:\/\/([^[\]]+):(\d+|\*)$/.exec(endpoint) ?? [];
  return host !== undefined && port !== undefined ? tcpEndpoint(host, port) : endpoint;
}

/** Whether the text is an address, a host name or a network device, without a port. */
export function isHost(text: string): boolean {
  return /^[^\s:/*[\]]+$/.test(text) || isIPv6(withoutBrackets(text));
}

export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** Whether the endpoint is tcp://HOST:PORT or tcp://HOST:*, in its normal form. */
export function isTcpEndpoint(endpoint: string): boolean {
  const [, host] = /^tcp:\/\/(.+):(?:\d+|\*)$/.exec(endpoint) ?? [];
  return host !== undefined && (host === '*' || isHost(host));
}

/** The host of a tcp endpoint, without brackets; undefined for another endpoint. */
export function hostOf(endpoint: string): string | undefined {
  return /^tcp:\/\/\[?(.+?)\]?:(?:\d+|\*)$/.exec(normalEndpoint(endpoint))?.[1];
}

export type NetworkDevices = ReturnType<typeof networkInterfaces>;

/**
 * Whether an endpoint requires a socket with libzmq's `ipv6` option: for an IPv6 address, and for a
 * device or name without an IPv4 address. Elsewhere the option stays unset, because it maps IPv4
 * addresses to IPv6 and prefers the IPv6 address of a name.
 */
export async function needsIpv6(
  endpoint: string,
  devices: NetworkDevices = networkInterfaces(),
): Promise<boolean> {
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

/** Throws ADDRESS_INVALID unless the endpoint is tcp://HOST:PORT or an ipc://PATH that fits. */
export function checkEndpoint(endpoint: string): void {
  const path = ipcPath(endpoint);
  if (path !== undefined) {
    const length = Buffer.byteLength(path);
    if (length > MAX_IPC_PATH) {
      throw invalid(endpoint, `its path has ${length} bytes; the limit for a Unix socket is ${MAX_IPC_PATH}`);
    }
    if (length === 0) throw invalid(endpoint, 'it has no path');
    return;
  }
  if (!/^tcp:\/\/[^/\s]+:(?:\*|\d+)$/.test(endpoint)) {
    throw invalid(endpoint, 'it is neither tcp://HOST:PORT nor ipc://PATH');
  }
  if (!isTcpEndpoint(endpoint)) {
    throw invalid(endpoint, 'an IPv6 address with a port needs brackets, as in tcp://[fd00::1]:41873');
  }
}

/**
 * Throws ADDRESS_EXPOSED for an address that other machines can reach. For sockets without keys,
 * whose traffic is neither authenticated nor encrypted.
 */
export function checkLoopback(endpoint: string): void {
  if (staysHere(endpoint)) return;
  throw new BrineError('ADDRESS_EXPOSED', `anyone on another machine can connect to ${endpoint}`, {
    hint: 'Make keys with brine keys FOLDER, and start with --keys FOLDER, or bind to tcp://127.0.0.1:PORT. --insecure binds anyway.',
  });
}

/** Whether only processes of this machine can reach an endpoint. */
export function staysHere(endpoint: string): boolean {
  return ipcPath(endpoint) !== undefined || isLoopback(hostOf(endpoint) ?? '');
}

/** Whether a host is a loopback address or localhost. */
export function isLoopback(host: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\]|::1)$/.test(host);
}

/** Throws ADDRESS_IN_USE if a process listens at the ipc path. A file left by a dead process is free. */
export async function checkIpcFree(endpoint: string): Promise<void> {
  if (ipcPath(endpoint) !== undefined && (await isListenedAt(endpoint))) throw inUse(endpoint);
}

/** Whether a process of this machine listens at the resolved endpoint, by the kernel's tables. */
export async function isListenedAt(endpoint: string): Promise<boolean> {
  const path = ipcPath(endpoint);
  if (path !== undefined) {
    return (await kernelTable('unix')).some(
      (line) => line.endsWith(` ${path}`) && line.split(/\s+/)[3] === LISTENING_UNIX,
    );
  }
  const port = Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return [...(await kernelTable('tcp')), ...(await kernelTable('tcp6'))].some((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return local?.endsWith(suffix) === true && state === LISTENING_TCP;
  });
}

/** The lines of /proc/net/NAME; empty if it cannot be read. */
async function kernelTable(name: 'unix' | 'tcp' | 'tcp6'): Promise<string[]> {
  return (await readFile(`/proc/net/${name}`, 'utf8').catch(() => '')).split('\n');
}

export function inUse(endpoint: string, cause?: unknown): BrineError {
  return new BrineError('ADDRESS_IN_USE', `another process listens at ${endpoint}`, {
    hint: 'Stop that process, or choose another endpoint (the port * selects a free one).',
    cause,
  });
}

export function invalid(endpoint: string, why: string, cause?: unknown): BrineError {
  return new BrineError('ADDRESS_INVALID', `cannot use the endpoint ${endpoint}: ${why}`, {
    hint: 'Use tcp://HOST:PORT, tcp://HOST:*, or ipc://PATH with a short path in an existing folder.',
    cause,
  });
}

function ipcPath(endpoint: string): string | undefined {
  return endpoint.startsWith('ipc://') ? endpoint.slice('ipc://'.length) : undefined;
}

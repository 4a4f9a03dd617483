/**
 * What can be said of an endpoint before a socket is opened on it: whether it is well formed, and whether an ipc path
 * is taken. libzmq unlinks an ipc path and binds anew, which would steal it silently from another process.
 */
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { BrineError } from '../base/errors.ts';

/** The longest path of a Unix socket, in bytes: sun_path of unix(7) less its terminating zero. */
const LONGEST_IPC_PATH = 107;
/** What marks a listening socket in /proc/net/unix and in /proc/net/tcp. */
const LISTENING_UNIX = '00010000';
const LISTENING_TCP = '0A';

/** tcp://HOST:PORT; an IPv6 address goes into brackets, as RFC 3986 has it. */
export function tcpEndpoint(host: string, port: number | string): string {
  const bare = withoutBrackets(host);
  return `tcp://${isIPv6(bare) ? `[${bare}]` : bare}:${port}`;
}

/** The same endpoint with an IPv6 address in brackets: its last colon stands before the port. */
export function normalEndpoint(endpoint: string): string {
  const [, host, port] = /^tcp:\/\/([^[\]]+):(\d+|\*)$/.exec(endpoint) ?? [];
  return host !== undefined && port !== undefined ? tcpEndpoint(host, port) : endpoint;
}

/** Whether something is an address, a name or a network device, to which a port may be added. */
export function isHost(text: string): boolean {
  return /^[^\s:/*[\]]+$/.test(text) || isIPv6(withoutBrackets(text)); // a name in brackets is neither
}

export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** Whether it is tcp://HOST:PORT or tcp://HOST:*, in its normal form. */
export function isTcpEndpoint(endpoint: string): boolean {
  const [, host] = /^tcp:\/\/(.+):(?:\d+|\*)$/.exec(endpoint) ?? [];
  return host !== undefined && (host === '*' || isHost(host));
}

/** The host of a tcp endpoint, without brackets; undefined for another endpoint. */
export function hostOf(endpoint: string): string | undefined {
  return /^tcp:\/\/\[?(.+?)\]?:(?:\d+|\*)$/.exec(normalEndpoint(endpoint))?.[1];
}

/** Throws ADDRESS_INVALID unless the endpoint is tcp://HOST:PORT or an ipc://PATH that fits. */
export function checkEndpoint(endpoint: string): void {
  const path = ipcPath(endpoint);
  if (path !== undefined) {
    const length = Buffer.byteLength(path);
    if (length > LONGEST_IPC_PATH) {
      throw invalid(
        endpoint,
        `its path is ${length} bytes long, and a Unix socket's at most ${LONGEST_IPC_PATH}`,
      );
    }
    if (length === 0) throw invalid(endpoint, 'it has no path');
    return;
  }
  if (!/^tcp:\/\/[^/\s]+:(?:\*|\d+)$/.test(endpoint)) {
    throw invalid(endpoint, 'it is neither tcp://HOST:PORT nor ipc://PATH');
  }
  if (!isTcpEndpoint(endpoint)) {
    throw invalid(
      endpoint,
      'an IPv6 address stands in brackets before its port, as in tcp://[fd00::1]:41873',
    );
  }
}

/**
 * Throws ADDRESS_EXPOSED for an address that other machines can reach. For sockets without keys: what they carry is neither
 * authenticated nor encrypted.
 */
export function checkLoopback(endpoint: string): void {
  if (staysHere(endpoint)) return;
  throw new BrineError('ADDRESS_EXPOSED', `${endpoint} can be reached from other machines, by anyone`, {
    hint: 'Make keys with brine keys FOLDER, and start with --keys FOLDER, or bind to tcp://127.0.0.1:PORT. --insecure binds anyway.',
  });
}

/** Whether only this machine reaches an endpoint. */
export function staysHere(endpoint: string): boolean {
  return ipcPath(endpoint) !== undefined || isLoopback(hostOf(endpoint) ?? '');
}

/** Whether only this machine reaches a host by that name. */
export function isLoopback(host: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\]|::1)$/.test(host);
}

/** Throws ADDRESS_IN_USE when a socket of this machine listens at the ipc path; a file left by a dead one is free. */
export async function checkIpcFree(endpoint: string): Promise<void> {
  if (ipcPath(endpoint) !== undefined && (await isListenedAt(endpoint))) throw inUse(endpoint);
}

/** Whether some process of this machine listens at the resolved endpoint, from the kernel's tables. */
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

/** The lines of /proc/net/NAME; none where that cannot be read. */
async function kernelTable(name: 'unix' | 'tcp' | 'tcp6'): Promise<string[]> {
  return (await readFile(`/proc/net/${name}`, 'utf8').catch(() => '')).split('\n');
}

export function inUse(endpoint: string, cause?: unknown): BrineError {
  return new BrineError('ADDRESS_IN_USE', `another process listens at ${endpoint}`, {
    hint: 'Stop that process, or choose another endpoint (a port of * takes any free one).',
    cause,
  });
}

export function invalid(endpoint: string, why: string, cause?: unknown): BrineError {
  return new BrineError('ADDRESS_INVALID', `cannot use the endpoint ${endpoint}: ${why}`, {
    hint: 'Give tcp://HOST:PORT, tcp://HOST:* or ipc://PATH with a short path in a folder that exists.',
    cause,
  });
}

function ipcPath(endpoint: string): string | undefined {
  return endpoint.startsWith('ipc://') ? endpoint.slice('ipc://'.length) : undefined;
}

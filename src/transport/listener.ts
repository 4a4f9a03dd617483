import { connect } from 'node:net';
import { BrineError } from '../base/errors.ts';
import { hostOf } from './endpoint.ts';

/** What listens at an address where nobody has answered by ZeroMQ: for an error that says so. */

/** How long each of two answers may take, in milliseconds. */
const ANSWER_MS = 1500;
/** ZMTP begins so, at once and on both sides: https://rfc.zeromq.org/spec/23, "greeting". */
const ZMTP_SIGNATURE = 0xff;

/** "an HTTP server does" and the like; undefined for nothing, for silence, and for ZeroMQ. */
export async function listenerAt(endpoint: string): Promise<string | undefined> {
  const host = hostOf(endpoint);
  const port = Number(/:(\d+)$/.exec(endpoint)?.[1]);
  if (host === undefined || !(port > 0)) return undefined;
  const first = await firstBytes(host, port, '');
  if (first?.[0] === ZMTP_SIGNATURE) return undefined;
  const bytes = first ?? (await firstBytes(host, port, 'GET / HTTP/1.0\r\n\r\n'));
  if (bytes === undefined || bytes[0] === ZMTP_SIGNATURE) return undefined;
  return bytes.toString('latin1').startsWith('HTTP/')
    ? 'an HTTP server does'
    : 'something that does not speak ZeroMQ does';
}

function firstBytes(host: string, port: number, question: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (bytes: Buffer | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(bytes);
    };
    const timer = setTimeout(() => end(undefined), ANSWER_MS);
    socket.once('connect', () => question !== '' && socket.write(question));
    socket.once('data', end);
    socket.once('error', () => end(undefined));
    socket.once('close', () => end(undefined));
  });
}

/** ADDRESS_WRONG; `found` is a sentence's end, such as "an HTTP server does". */
export function wrongAddress(
  endpoint: string,
  { wanted, found }: { wanted: string; found: string },
): BrineError {
  return new BrineError('ADDRESS_WRONG', `no ${wanted} answers at ${endpoint}: ${found}`, {
    hint: 'A run prints its addresses when it begins: "cache" is for brine teacher --cache, "coordinator" for brine status --coordinator.',
  });
}

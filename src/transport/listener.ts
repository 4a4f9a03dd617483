import { connect } from 'node:net';
import { BrineError } from '../base/errors.ts';
import { hostOf } from './endpoint.ts';

/** Detects services other than ZeroMQ at an address that did not answer, to name them in the error. */

/** Milliseconds that each of two probes waits for an answer. */
const ANSWER_MS = 1500;
/** First byte of the ZMTP greeting, which both sides send at once: https://rfc.zeromq.org/spec/23. */
const ZMTP_SIGNATURE = 0xff;

/** "an HTTP server does" or the like; undefined for ZeroMQ, for no listener, and for no answer. */
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

/** ADDRESS_WRONG; `found` completes the sentence, such as "an HTTP server does". */
export function wrongAddress(
  endpoint: string,
  { wanted, found }: { wanted: string; found: string },
): BrineError {
  return new BrineError('ADDRESS_WRONG', `no ${wanted} answers at ${endpoint}: ${found}`, {
    hint: 'A run prints its addresses when it starts: use "cache" with brine teacher --cache, "coordinator" with brine status --coordinator.',
  });
}

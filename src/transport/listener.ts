import { connect } from 'node:net';
import { within } from '../base/deadline.ts';
import { BrineError } from '../base/errors.ts';
import { unlessAborted } from '../base/interruption.ts';
import { servesOf } from '../wire/protocol.ts';
import { hostOf } from './endpoint.ts';
import type { Frame } from './transport.ts';

/** The server that a client expects at an endpoint, such as "label cache". */
export interface ExpectedServer {
  readonly endpoint: string;
  readonly server: string;
}

/** Throws ADDRESS_WRONG if the message is the answer of another Brine service. */
export function checkAnswers({ endpoint, server }: ExpectedServer, frames: readonly Frame[]): void {
  const serves = servesOf(frames[0]);
  if (serves !== undefined) throw wrongAddress(endpoint, { wanted: server, found: `${serves} does` });
}

/**
 * Waits for a server's first answer. Throws `late` after the deadline, or ADDRESS_WRONG if something
 * that does not speak ZeroMQ listens at the endpoint; CANCELLED when aborted.
 */
export async function firstAnswer<T>(
  received: Promise<T>,
  {
    endpoint,
    server,
    deadlineMs,
    late,
    signal,
  }: ExpectedServer & {
    readonly deadlineMs: number;
    readonly late: BrineError;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<T> {
  const inTime = within(received, deadlineMs, () => late);
  try {
    return await unlessAborted(inTime, signal);
  } catch (error) {
    const found = error === late ? await listenerAt(endpoint) : undefined;
    throw found === undefined ? error : wrongAddress(endpoint, { wanted: server, found });
  }
}

/** Milliseconds that each of two probes waits for an answer. */
const ANSWER_MS = 1500;
/** First byte of the ZMTP greeting, which both sides send at once: https://rfc.zeromq.org/spec/23. */
const ZMTP_SIGNATURE = 0xff;

/** "an HTTP server does" or the like; undefined for ZeroMQ, for no listener, and for no answer. */
async function listenerAt(endpoint: string): Promise<string | undefined> {
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
function wrongAddress(endpoint: string, { wanted, found }: { wanted: string; found: string }): BrineError {
  return new BrineError('ADDRESS_WRONG', `no ${wanted} answers at ${endpoint}: ${found}`, {
    hint: 'A run prints its addresses when it starts: use "cache" with brine teacher --cache, "coordinator" with brine status --coordinator.',
  });
}

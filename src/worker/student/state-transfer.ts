import { crc32 } from '../../base/checksum.ts';
import { within } from '../../base/deadline.ts';
import { unlessAborted } from '../../base/interruption.ts';
import { bestEffort, handledLater } from '../../base/promises.ts';
import { BrineError } from '../../base/errors.ts';
import type { Frame, Server, Transport } from '../../transport/transport.ts';
import { brine } from '../../wire/generated/control.js';
import { chunksOf } from '../../wire/chunks.ts';
import { firstOf, misdialled } from '../../wire/protocol.ts';

export type State = Float32Array[];

export interface StateKey {
  /** Identity of the recipe. */
  readonly run: string;
  readonly generation: number;
  readonly step: number;
}

/** Bytes of a chunk of an array; its last chunk may be shorter. */
export const STATE_CHUNK_BYTES = 4 * 2 ** 20;
/** Most bytes of the header of a chunk. */
export const STATE_HEADER_BYTES = 4096;
/** Limits of a state's arrays and of an array's elements, which bound the reader's memory. */
const MAX_ARRAYS = 2 ** 20;
const MAX_ELEMENTS = 2 ** 32 - 1;

const proto = brine.control;

/**
 * Serves a rank's state to ranks that join in mid-run: parameters and optimizer state, as arrays in
 * chunks with checksums. It serves the state that was offered for one step, and refuses requests for
 * other steps.
 */
export class StateServer {
  readonly #server: Server;
  #offer: { readonly key: StateKey; readonly state: State } | undefined;
  #waiting: { readonly peer: string; readonly key: StateKey }[] = [];

  private constructor(server: Server) {
    this.#server = server;
    void this.#serve();
  }

  /** Throws as `transport.serve`. */
  static async open(transport: Transport, endpoint: string): Promise<StateServer> {
    return new StateServer(
      await transport.serve(endpoint, { maxFrameBytes: STATE_CHUNK_BYTES, admit: ['student'] }),
    );
  }

  get endpoint(): string {
    return this.#server.endpoint;
  }

  /**
   * Serves this state to all ranks that ask for it, including those that already asked. The caller
   * must not change it any more.
   */
  offer(key: StateKey, state: State): void {
    this.#offer = { key, state };
    const asked = this.#waiting;
    this.#waiting = [];
    for (const { peer, key: wanted } of asked) this.#answer(peer, wanted);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #serve(): Promise<void> {
    try {
      for (;;) {
        const { peer, frames } = await this.#server.receive();
        const answer = misdialled(frames[0], 'state');
        if (answer) {
          this.#send(peer, [answer]);
          continue;
        }
        const key = decoded(() => proto.StateAsk.decode(bounded(frames[0])));
        if (key)
          this.#answer(peer, { run: key.run ?? '', generation: key.generation ?? 0, step: key.step ?? 0 });
      }
    } catch {
      // closed
    }
  }

  /** Answers a request; one that arrives before the offer waits. */
  #answer(peer: string, wanted: StateKey): void {
    const offer = this.#offer;
    if (!offer || offer.key.generation < wanted.generation) {
      this.#waiting.push({ peer, key: wanted });
      return;
    }
    const { key, state } = offer;
    if (key.run !== wanted.run || key.step !== wanted.step) {
      const refused = `this is the state of step ${key.step} of the run ${key.run.slice(0, 12)}`;
      return this.#send(peer, [proto.StatePart.encode({ refused }).finish()]);
    }
    for (const [array, values] of state.entries()) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      for (const { offset, length } of chunksOf(bytes.length, STATE_CHUNK_BYTES)) {
        const frame = bytes.subarray(offset, offset + length);
        const place = { array, arrays: state.length, part: offset / STATE_CHUNK_BYTES };
        const head = { ...place, elements: values.length, crc: crc32(frame) };
        this.#send(peer, [proto.StatePart.encode(head).finish(), frame]);
      }
    }
  }

  #send(peer: string, frames: readonly Frame[]): void {
    void bestEffort(this.#server.send(peer, frames)); // once the server is closed, the other rank notices
  }
}

export interface FetchStateOptions extends StateKey {
  readonly transport: Transport;
  readonly endpoint: string;
  /** Most milliseconds between two chunks. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/**
 * Fetches a state. Throws RING_PEER_LOST if the donor is lost or silent, RING_CORRUPT for damaged
 * chunks, and the signal's reason.
 */
export async function fetchState(options: FetchStateOptions): Promise<State> {
  const { transport, endpoint, signal, run, generation, step, deadlineMs } = options;
  const client = await transport.dial(endpoint, { maxFrameBytes: STATE_CHUNK_BYTES, expect: 'student' });
  const connection = new AbortController();
  client.onLost((reason) => connection.abort(lost(endpoint, reason)));
  const stopped = AbortSignal.any([signal, connection.signal]);
  const silent = () => lost(endpoint, `no chunk within ${deadlineMs} ms`);
  try {
    signal.throwIfAborted();
    const request = firstOf('state', proto.StateAsk.encode({ run, generation, step }).finish());
    void handledLater(client.send([request])); // the answer has a deadline
    return await assembled(endpoint, async () =>
      chunkOf(endpoint, await unlessAborted(within(client.receive(), deadlineMs, silent), stopped)),
    );
  } finally {
    await client.close();
  }
}

interface StateChunk {
  readonly array: number;
  readonly arrays: number;
  /** Of the whole array. */
  readonly elements: number;
  readonly offset: number;
  readonly bytes: Frame;
}

/** Checks and decodes a chunk. Throws RING_CORRUPT, and RING_PEER_LOST if the donor refused. */
function chunkOf(endpoint: string, [head, bytes]: readonly Frame[]): StateChunk {
  const header = decoded(() => proto.StatePart.decode(bounded(head)));
  if (!header) throw damaged(endpoint, 'a chunk has no header');
  if (header.refused) throw lost(endpoint, header.refused);
  if (!bytes || crc32(bytes) !== header.crc) throw damaged(endpoint, 'a chunk does not match its checksum');
  const { array, arrays, elements, part } = header;
  const offset = (part ?? 0) * STATE_CHUNK_BYTES;
  return { array: array ?? 0, arrays: arrays ?? 0, elements: elements ?? 0, offset, bytes };
}

/** Assembles chunks, which arrive in order and fill one array after another. */
async function assembled(endpoint: string, next: () => Promise<StateChunk>): Promise<State> {
  const state: State = [];
  for (let count = 1; state.length < count;) {
    const first = await next();
    const { arrays, elements } = first;
    const agrees = state.length === 0 || arrays === count;
    if (!agrees || arrays < 1 || arrays > MAX_ARRAYS || elements > MAX_ELEMENTS)
      throw damaged(endpoint, `array ${first.array} of ${arrays} is out of order`);
    count = arrays;
    const values = new Float32Array(elements);
    const own = new Uint8Array(values.buffer);
    for (const { offset, length } of chunksOf(own.length, STATE_CHUNK_BYTES)) {
      const chunk = offset === 0 ? first : await next();
      const inOrder = chunk.array === state.length && chunk.offset === offset;
      if (!inOrder || chunk.bytes.length !== length)
        throw damaged(endpoint, `byte ${chunk.offset} of array ${chunk.array} is out of order`);
      own.set(chunk.bytes, offset);
    }
    state.push(values);
  }
  return state;
}

function bounded(frame: Frame | undefined): Frame {
  if (frame === undefined || frame.length > STATE_HEADER_BYTES) throw new RangeError('no header');
  return frame;
}

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

function lost(endpoint: string, why: string): BrineError {
  return new BrineError('RING_PEER_LOST', `the state could not be fetched from ${endpoint}: ${why}`, {
    hint: 'Brine asks another rank if there is one. Otherwise, check the log of the rank at that address.',
  });
}

function damaged(endpoint: string, what: string): BrineError {
  return new BrineError('RING_CORRUPT', `the state from ${endpoint} is damaged: ${what}`, {
    hint: 'Brine fetches it again. If this happens often, test the memory and network of both machines.',
  });
}

/**
 * Transfer of a rank's state to a rank that joins in mid-run: parameters and optimizer state, as
 * plain arrays in checksummed parts. The donor serves the state that it offered for one step, and
 * refuses requests for other steps.
 */
import { crc32 } from '../../base/checksum.ts';
import { within } from '../../base/deadline.ts';
import { BrineError } from '../../base/errors.ts';
import type { Frame, Server, Transport } from '../../transport/transport.ts';
import { brine } from '../../wire/generated/control.js';
import { firstOf, misdialled } from '../../wire/protocol.ts';

export type State = Float32Array[];

export interface StateKey {
  /** Identity of the recipe. */
  readonly run: string;
  readonly generation: number;
  readonly step: number;
}

/** Maximum bytes of one part. */
export const PART_BYTES = 4 * 2 ** 20;
export const HEADER_BYTES = 4096;
/** Limits of a state's arrays and of an array's elements, which bound the reader's memory. */
const MOST_ARRAYS = 2 ** 20;
const MOST_ELEMENTS = 2 ** 32 - 1;

const proto = brine.control;

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
      await transport.serve(endpoint, { maxFrameBytes: PART_BYTES, admit: ['student'] }),
    );
  }

  get endpoint(): string {
    return this.#server.endpoint;
  }

  /**
   * Serves this state to all ranks that ask for it, also to those that already have. It must not
   * change any more.
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
      for (let part = 0; part === 0 || part * PART_BYTES < bytes.length; part += 1) {
        const frame = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
        const head = { array, arrays: state.length, part, elements: values.length, crc: crc32(frame) };
        this.#send(peer, [proto.StatePart.encode(head).finish(), frame]);
      }
    }
  }

  #send(peer: string, frames: readonly Frame[]): void {
    this.#server.send(peer, frames).catch(() => undefined); // the server is closed, and the requesting rank will notice
  }
}

export interface FetchStateOptions extends StateKey {
  readonly transport: Transport;
  readonly endpoint: string;
  /** Maximum milliseconds between two parts. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/**
 * Fetches a state. Throws RING_PEER_LOST if the donor is lost or silent, RING_CORRUPT for damaged
 * parts, and the signal's reason.
 */
export async function fetchState(options: FetchStateOptions): Promise<State> {
  const { transport, endpoint, signal, run, generation, step, deadlineMs } = options;
  const client = await transport.dial(endpoint, { maxFrameBytes: PART_BYTES, expect: 'student' });
  let stop: (error: unknown) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  stopped.catch(() => undefined);
  const abort = () => stop(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  client.onLost((reason) => stop(lost(endpoint, reason)));
  try {
    signal.throwIfAborted();
    await client.send([firstOf('state', proto.StateAsk.encode({ run, generation, step }).finish())]);
    const parts = new Parts(endpoint);
    while (!parts.isComplete) {
      const frames = await Promise.race([
        within(client.receive(), deadlineMs, () => lost(endpoint, `no part within ${deadlineMs} ms`)),
        stopped,
      ]);
      parts.take(frames);
    }
    return parts.state;
  } finally {
    signal.removeEventListener('abort', abort);
    await client.close();
  }
}

/** Assembles parts, which arrive in order and fill one array after another. */
class Parts {
  readonly state: State = [];
  readonly #endpoint: string;
  #filled = 0;
  #arrays = -1;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  get isComplete(): boolean {
    return this.state.length === this.#arrays && this.#filled === this.state.at(-1)!.byteLength;
  }

  take([head, bytes]: readonly Frame[]): void {
    const part = decoded(() => proto.StatePart.decode(bounded(head)));
    if (!part) throw damaged(this.#endpoint, 'a part has no header');
    if (part.refused) throw lost(this.#endpoint, part.refused);
    const { crc, ...place } = part;
    const [array, arrays, elements] = [place.array ?? 0, place.arrays ?? 0, place.elements ?? 0];
    const offset = (place.part ?? 0) * PART_BYTES;
    if (!bytes || crc32(bytes) !== crc) throw damaged(this.#endpoint, 'a part does not match its checksum');
    if (offset === 0) this.#begin({ array, arrays, elements });
    const own = this.state.at(-1);
    if (
      !own ||
      array !== this.state.length - 1 ||
      offset !== this.#filled ||
      offset + bytes.length > own.byteLength
    )
      throw damaged(this.#endpoint, `part at byte ${offset} of array ${array} is out of order`);
    new Uint8Array(own.buffer).set(bytes, offset);
    this.#filled = offset + bytes.length;
  }

  #begin({ array, arrays, elements }: { array: number; arrays: number; elements: number }): void {
    const inOrder = array === this.state.length && (this.#arrays < 0 || this.#arrays === arrays);
    const sound = arrays >= 1 && arrays <= MOST_ARRAYS && elements <= MOST_ELEMENTS;
    const before = this.state.at(-1);
    if (!inOrder || !sound || (before && this.#filled !== before.byteLength))
      throw damaged(this.#endpoint, `array ${array} of ${arrays} is out of order`);
    this.#arrays = arrays;
    this.state.push(new Float32Array(elements));
    this.#filled = 0;
  }
}

function bounded(frame: Frame | undefined): Frame {
  if (frame === undefined || frame.length > HEADER_BYTES) throw new RangeError('no header');
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

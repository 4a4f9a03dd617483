/** Test rings of several ranks in this process. */
import fc from 'fast-check';
import { openRingInbox } from '../../src/ring/place.ts';
import { openRing } from '../../src/ring/open-ring.ts';
import type { Ring, RingOptions } from '../../src/ring/ring.ts';
import type { Frame, Inbox, Transport } from '../../src/transport/transport.ts';

export interface Setting {
  readonly size: number;
  readonly address: (rank: number) => string;
  readonly transport: (rank: number) => Transport;
  readonly inbox?: (rank: number, inbox: Inbox) => Inbox;
  readonly options?: (rank: number) => Partial<RingOptions>;
}

/** Opens every rank of a ring. Resolves to the outcomes by rank, including refusals. */
export async function openRanks({ size, address, transport, inbox, options }: Setting) {
  const changes = Array.from({ length: size }, (_, rank) => options?.(rank) ?? {});
  const inboxes = await Promise.all(
    changes.map(({ chunkBytes }, rank) =>
      openRingInbox(transport(rank), address(rank), chunkBytes ? { size, chunkBytes } : { size }),
    ),
  );
  return Promise.allSettled(
    changes.map((change, rank) =>
      openRing({
        run: 'test',
        generation: 1,
        rank,
        size,
        transport: transport(rank),
        inbox: inbox?.(rank, inboxes[rank]!) ?? inboxes[rank]!,
        nextEndpoint: inboxes[(rank + 1) % size]!.endpoint,
        deadlineMs: 5000,
        ...change,
      }),
    ),
  );
}

export async function withRings<T>(setting: Setting, work: (rings: Ring[]) => Promise<T>): Promise<T> {
  const rings = (await openRanks(setting)).map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  try {
    return await work(rings);
  } finally {
    await Promise.all(rings.map((ring) => ring.close()));
  }
}

/**
 * An inbox that delivers nothing after the message for which `isEnough` returns true, until
 * released.
 */
export function heldBack(isEnough: (frames: readonly Frame[]) => boolean) {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let held = false;
  const hold = (inbox: Inbox): Inbox => ({
    endpoint: inbox.endpoint,
    receive: async () => {
      if (held) await released;
      const frames = await inbox.receive();
      held = isEnough(frames);
      return frames;
    },
    onLost: (listener) => inbox.onLost(listener),
    close: () => inbox.close(),
  });
  return { hold, release: () => release() };
}

export const bytesOf = (buckets: readonly Float32Array[]) =>
  buckets.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));

const DIVISORS = Array.from({ length: 7 }, (_, i) => 1 + i ** 4);

/** Values whose sums need rounding, different on each rank. */
export function bucketsOf(lengths: readonly number[], rank: number): Float32Array[] {
  return lengths.map((length, bucket) =>
    new Float32Array(length).map(
      (_, i) => (1 + ((i * 7919 + rank * 104_729 + bucket) % 65_537)) / DIVISORS[i % 7]!,
    ),
  );
}

/** Draws a chunk size in bytes, and the lengths of up to `most` buckets: short ones for small chunks. */
export const chunkedBuckets = (most: number) =>
  fc.constantFrom([4, 150], [12, 400], [2000, 2500], [4096, 2500]).chain(([chunkBytes, longest]) =>
    fc.record({
      chunkBytes: fc.constant(chunkBytes),
      lengths: fc.array(fc.nat(longest), { maxLength: most }),
    }),
  );

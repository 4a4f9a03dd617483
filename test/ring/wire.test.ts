/**
 * The ring's wire formats: identical bytes on every rank, bounded errors, and error feedback that
 * compensates for them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BrineError } from '../../src/base/errors.ts';
import { naiveAllReduce, naiveChecksum, naiveRound } from '../../src/ring/naive.ts';
import { segmentBegin } from '../../src/ring/plan.ts';
import { openWire, WIRES, type Wire } from '../../src/ring/wire.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import type { Inbox } from '../../src/transport/transport.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { bucketsOf, bytesOf, chunkedBuckets, withRings, type Setting } from './rings.ts';

const ROUNDED = ['bf16', 'int8'] as const;
/** Elements of a rank's segment that needs two chunks of the default size. */
const TWO_CHUNKS = 140_000;

function inMemory(size: number, wire: Wire, chunkBytes = 4096): Setting {
  const network = memoryNetwork();
  const transports = Array.from({ length: size }, () => memoryTransport(network));
  return {
    size,
    address: () => 'memory://*',
    transport: (rank) => transports[rank]!,
    options: () => ({ chunkBytes, wire }),
  };
}

const MAGNITUDES = Array.from({ length: 17 }, (_, i) => 10 ** (i - 14));

/** Values with signs and very different magnitudes. */
const gradients = (lengths: readonly number[], rank: number) =>
  bucketsOf(lengths, rank).map((bucket) =>
    bucket.map((value, i) => (value - 30_000) * MAGNITUDES[i % 17]! * (i % 3 === 0 ? -1 : 1)),
  );

const bytesOfValues = (values: Float32Array) => bytesOf([values])[0]!;

/** Floats of every kind, by their bits: normal, subnormal, infinite, NaN, both zeros. */
const anyFloats = (maxLength: number) =>
  fc
    .array(fc.oneof(fc.integer(), fc.constantFrom(0, -(2 ** 31), 0x7f800000, 0x7f7fffff)), { maxLength })
    .map((bits) => new Float32Array(Int32Array.from(bits).buffer));

const finiteFloats = (maxLength: number) =>
  fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength });

/** Encodes and decodes values with the real code. */
function rounded(values: Float32Array, wire: Wire): Float32Array {
  const format = openWire(wire);
  const { frame, checksum } = format.start({ values: bytesOfValues(values), roundingErrors: undefined });
  assert.equal(frame.byteLength, format.bytesOf(values.length));
  assert.deepEqual(checksum, naiveChecksum(frame));
  const stored = new Float32Array(values.length);
  assert.deepEqual(format.store(frame, bytesOfValues(stored)), checksum);
  return stored;
}

for (const wire of WIRES) {
  test(`${wire} rounds values of every kind as the reference implementation`, () => {
    fc.assert(
      fc.property(fc.oneof(anyFloats(600), finiteFloats(600)), (values) => {
        const [found, expected] = [rounded(values, wire), naiveRound(values, wire)];
        for (const [i, value] of found.entries())
          assert.ok(Object.is(value, expected[i]), `${values[i]} at ${i}`);
      }),
      { numRuns: 300 },
    );
  });

  test(`${wire}: the ring equals the reference implementation bit for bit on every rank, for every size and length`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        chunkedBuckets(4),
        async (size, { lengths, chunkBytes }) => {
          const roundingErrors = Array.from({ length: size }, () =>
            lengths.map((length) => new Float32Array(length)),
          );
          await withRings(inMemory(size, wire, chunkBytes), async (rings) => {
            for (let step = 1; step <= 3; step++) {
              const ranks = rings.map((_, rank) => gradients(lengths, rank * 31 + step));
              const options = { wire, chunkBytes, ...(wire === 'int8' ? { roundingErrors } : {}) };
              const expected = bytesOf(naiveAllReduce(ranks, options));
              const hashes = await Promise.all(rings.map((ring, rank) => ring.allReduce(step, ranks[rank]!)));
              assert.equal(new Set(hashes).size, 1, 'and its hash');
              for (const buckets of ranks) assert.deepEqual(bytesOf(buckets), expected);
            }
          });
        },
      ),
      { numRuns: 15 },
    );
  });

  test(`${wire}: every rank notices NaN and infinity`, async () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      await withRings(inMemory(3, wire), async (rings) => {
        const ranks = rings.map((_, rank) => gradients([3000], rank));
        ranks[1]![0]![1234] = bad;
        await Promise.all(rings.map((ring, rank) => ring.allReduce(1, ranks[rank]!)));
        for (const buckets of ranks) {
          assert.ok(!Number.isFinite(buckets[0]![1234]), `${bad} became ${buckets[0]![1234]}`);
          assert.deepEqual(bytesOf(buckets), bytesOf(ranks[0]!));
        }
        const after = rings.map((_, rank) => gradients([3000], rank));
        await Promise.all(rings.map((ring, rank) => ring.allReduce(2, after[rank]!)));
        assert.ok(after[0]![0]!.every(Number.isFinite), 'the kept rounding errors are finite');
      });
    }
  });

  test(`${wire}: detects one flipped bit anywhere in a frame`, async () => {
    const bytes = openWire(wire).bytesOf(64);
    for (let at = 0; at < 40; at++) {
      const [nth, byte, bit] = [1 + (at % 8), (at * 7919) % bytes, at % 8];
      const setting = {
        ...inMemory(3, wire, 256),
        inbox: (rank: number, inbox: Inbox) =>
          rank === 0 ? flipping(inbox, { nth, byte, mask: 1 << bit }) : inbox,
      };
      await withRings(setting, async (rings) => {
        const outcomes = await Promise.allSettled(
          rings.map((ring, rank) => ring.allReduce(1, gradients([600], rank))),
        );
        const codes = outcomes.map((outcome) =>
          outcome.status === 'rejected' ? (outcome.reason as BrineError).code : 'none',
        );
        assert.equal(codes[0], 'RING_CORRUPT', `message ${nth}, byte ${byte}, bit ${bit}: ${codes.join()}`);
      });
    }
  });

  test(`${wire}: exact scalars stay exact beside rounded buckets`, async () => {
    await withRings(inMemory(3, wire), async (rings) => {
      const scalars = rings.map((_, rank) => Float32Array.of(16_777_213 + rank, 1 / 3, 1));
      const expected = bytesOf(naiveAllReduce(scalars.map((scalar) => [scalar])));
      const ranks = rings.map((_, rank) => gradients([500, 3], rank));
      await Promise.all(rings.map((ring, rank) => ring.allReduce(1, ranks[rank]!, [scalars[rank]!])));
      for (const scalar of scalars) assert.deepEqual(bytesOf([scalar]), expected);
    });
  });
}

for (const wire of ROUNDED) {
  test(`${wire} over zmq equals the reference implementation, with default chunks`, async () => {
    for (const size of [2, 3]) {
      const transports = Array.from({ length: size }, zmqTransport);
      const lengths = [size * TWO_CHUNKS + 1, 17];
      const roundingErrors = transports.map(() => lengths.map((length) => new Float32Array(length)));
      const setting: Setting = {
        size,
        address: () => 'tcp://127.0.0.1:*',
        transport: (rank) => transports[rank]!,
        options: () => ({ wire }),
      };
      await withRings(setting, async (rings) => {
        for (let step = 1; step <= 2; step++) {
          const ranks = rings.map((_, rank) => gradients(lengths, rank * 31 + step));
          const expected = bytesOf(
            naiveAllReduce(ranks, { wire, ...(wire === 'int8' ? { roundingErrors } : {}) }),
          );
          await Promise.all(rings.map((ring, rank) => ring.allReduce(step, ranks[rank]!)));
          for (const buckets of ranks) assert.deepEqual(bytesOf(buckets), expected);
        }
      });
    }
  });
}

test('the error of bf16 is at most 2^-8 of a value', () => {
  fc.assert(
    fc.property(finiteFloats(300), (values) => {
      for (const [i, value] of rounded(values, 'bf16').entries()) {
        const [own, tiny] = [values[i]!, 2 ** -134];
        if (Math.abs(own) < 2 ** 127)
          assert.ok(Math.abs(value - own) <= Math.max(Math.abs(own) * 2 ** -8, tiny));
      }
    }),
  );
});

test('bf16: the error of a sum is at most 2^-8 of the partial sum at each hop', async () => {
  for (const size of [2, 3, 5]) {
    await withRings(inMemory(size, 'bf16'), async (rings) => {
      const ranks = rings.map((_, rank) => gradients([4000], rank));
      const before = ranks.map(([bucket]) => bucket!.slice());
      await Promise.all(rings.map((ring, rank) => ring.allReduce(1, ranks[rank]!)));
      for (let segment = 0; segment < size; segment++) {
        const end = segmentBegin(4000, segment + 1, size);
        for (let i = segmentBegin(4000, segment, size); i < end; i++) {
          let [sum, bound] = [0, 0];
          for (let hop = 0; hop < size; hop++) {
            sum += before[(segment + hop) % size]![i]!;
            // Relative to the received value, which has an error itself: hence the 1%.
            bound += 1.01 * 2 ** -8 * (Math.abs(sum) + bound);
          }
          assert.ok(Math.abs(ranks[0]![0]![i]! - sum) <= bound + 1e-30, `${ranks[0]![0]![i]} for ${sum}`);
        }
      }
    });
  }
});

test('the error of int8 is at most half a scale of its block', () => {
  fc.assert(
    fc.property(finiteFloats(700), (values) => {
      const found = rounded(values, 'int8');
      for (let begin = 0; begin < values.length; begin += 256) {
        const block = values.subarray(begin, begin + 256);
        const step = block.reduce((max, value) => Math.max(max, Math.abs(value)), 0) / 127;
        if (step * 127 > 2 ** 127) continue;
        // Products of float32 have an error of 2^-24 of 127 scales; blocks with a subnormal scale
        // are zeros.
        const bound = Math.max(step * (0.5 + 2 ** -15), 127 * 2 ** -126);
        for (const [i, value] of block.entries()) assert.ok(Math.abs(found[begin + i]! - value) <= bound);
      }
    }),
  );
});

test('int8: the total over many steps differs from the exact one only by the kept rounding errors', async () => {
  const size = 3;
  const length = 1500;
  await withRings(inMemory(size, 'int8'), async (rings) => {
    const constant = rings.map((_, rank) => gradients([length], rank)[0]!);
    const truth = constant[0]!.map((_, i) => constant.reduce((sum, values) => sum + values[i]!, 0));
    const total = new Float64Array(length);
    const deviations: number[] = [];
    for (let step = 1; step <= 256; step++) {
      const buckets = constant.map((values) => values.slice());
      await Promise.all(rings.map((ring, rank) => ring.allReduce(step, [buckets[rank]!])));
      for (let i = 0; i < length; i++) total[i]! += buckets[0]![i]!;
      const off = total.reduce((max, value, i) => Math.max(max, Math.abs(value / step - truth[i]!)), 0);
      if ([1, 16, 256].includes(step)) deviations.push(off);
    }
    const [one, sixteen, many] = deviations as [number, number, number];
    assert.ok(one > 0, 'a single sum is rounded');
    assert.ok(sixteen < one / 4 && many < one / 64, `mean deviations ${deviations.join(', ')}`);
  });
});

test('int8: rounded buckets are counted across the calls of a step, and must keep their lengths', async () => {
  const sums = async (together: boolean): Promise<Buffer[]> =>
    withRings(inMemory(2, 'int8'), async (rings) => {
      const ends = await Promise.all(
        rings.map(async (ring, rank) => {
          let last: Float32Array[] = [];
          for (let step = 1; step <= 3; step++) {
            last = gradients([700, 90], rank + step);
            if (together) await ring.allReduce(step, last);
            else for (const bucket of last) await ring.allReduce(step, [bucket]);
          }
          await assert.rejects(ring.allReduce(4, [new Float32Array(701)]), { code: 'BAD_ARGUMENT' });
          return last;
        }),
      );
      return bytesOf(ends[0]!);
    });
  assert.deepEqual(await sums(true), await sums(false));
});

/** An inbox that flips one bit of the values in its nth message (the hello is number 0). */
function flipping(inbox: Inbox, { nth, byte, mask }: { nth: number; byte: number; mask: number }): Inbox {
  let count = 0;
  return {
    endpoint: inbox.endpoint,
    async receive() {
      const frames = await inbox.receive();
      if (count++ === nth) frames[1]![byte % frames[1]!.length]! ^= mask;
      return frames;
    },
    onLost: (listener) => inbox.onLost(listener),
    close: () => inbox.close(),
  };
}

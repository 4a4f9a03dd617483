/** Reduce-scatter and all-gather, the two halves of an all-reduce, as separate calls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BrineError } from '../../src/base/errors.ts';
import { naiveAllGather, naiveAllReduce, naiveReduceScatter } from '../../src/ring/naive.ts';
import { ownedRange, planRing, type CollectiveKind } from '../../src/ring/plan.ts';
import type { Ring } from '../../src/ring/ring.ts';
import { WIRES } from '../../src/ring/wire.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import type { Inbox } from '../../src/transport/transport.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { bucketsOf, bytesOf, chunkedBuckets, heldBack, withRings, type Setting } from './rings.ts';

const KINDS = ['reduce-scatter', 'all-gather'] as const;

function inMemory(
  size: number,
  options: Partial<{ chunkBytes: number; wire: (typeof WIRES)[number] }>,
): Setting {
  const network = memoryNetwork();
  const transports = Array.from({ length: size }, () => memoryTransport(network));
  return {
    size,
    address: () => 'memory://*',
    transport: (rank) => transports[rank]!,
    options: () => ({ chunkBytes: 64, ...options }),
  };
}

const onAll = (rings: readonly Ring[], call: (ring: Ring, rank: number) => Promise<number>) =>
  Promise.all(rings.map(call));

/** The ranges of the buckets that a rank owns, as bytes. */
const ownedOf = (buckets: readonly Float32Array[], rank: number, size: number) =>
  bytesOf(buckets.map((bucket) => bucket.subarray(...ownedRange(bucket.length, rank, size))));

/** Overwrites with NaN what a rank does not own, because nothing may read it. */
function forgetOthers(buckets: readonly Float32Array[], rank: number, size: number): void {
  for (const bucket of buckets) {
    const [begin, end] = ownedRange(bucket.length, rank, size);
    bucket.fill(NaN, 0, begin).fill(NaN, end);
  }
}

test('the ranks own every element exactly once, and each chunk is sent to the rank that expects it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.nat(70), { maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom<CollectiveKind[]>(...KINDS),
      (size, lengths, chunkElements, kind) => {
        for (const length of lengths) {
          const owners = new Uint8Array(length);
          for (let rank = 0; rank < size; rank++) {
            const [begin, end] = ownedRange(length, rank, size);
            assert.ok(0 <= begin && begin <= end && end <= length);
            for (let i = begin; i < end; i++) owners[i]!++;
          }
          assert.ok(owners.every((count) => count === 1));
        }
        const first = kind === 'all-gather' ? size - 1 : 0;
        for (let rank = 0; rank < size; rank++) {
          const options = { size, chunkElements, kind };
          const { receives, starts } = planRing(lengths, rank, options);
          const next = planRing(lengths, (rank + 1) % size, options);
          assert.deepEqual(next.receives[first] ?? [], starts);
          const passed = receives.map((_, hop) => hop).filter((hop) => hop > first && hop < first + size - 1);
          for (const hop of passed) assert.deepEqual(next.receives[hop], receives[hop - 1]);
          const count = receives.filter((chunks) => chunks.length > 0).length;
          assert.ok(count <= size - 1, 'at most size-1 hops have chunks');
        }
      },
    ),
  );
});

test('reduce-scatter and all-gather give the bytes and hash of an all-reduce, for every size and length', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.oneof(fc.nat(3), fc.nat(200)), { maxLength: 14 }),
      fc.constantFrom(4, 12, 64, 4096),
      async (size, lengths, chunkBytes) => {
        await withRings(inMemory(size, { chunkBytes }), async (rings) => {
          for (let step = 1; step <= 2; step++) {
            const make = () => rings.map((_, rank) => bucketsOf(lengths, rank * 31 + step));
            const [whole, halves, scalars] = [
              make(),
              make(),
              rings.map((_, rank) => [bucketsOf([5], rank)[0]!]),
            ];
            const expected = bytesOf(naiveAllReduce(whole));
            const exact = bytesOf(naiveAllReduce(scalars));
            const hashes = await onAll(rings, (ring, rank) => ring.allReduce(step, whole[rank]!));
            const scalarHashes = await onAll(rings, (ring, rank) =>
              ring.reduceScatter(step, halves[rank]!, scalars[rank]),
            );
            assert.equal(new Set(scalarHashes).size, 1, 'all ranks have the same hash of the exact sums');
            for (const [rank, buckets] of halves.entries()) {
              assert.deepEqual(bytesOf(scalars[rank]!), exact);
              assert.deepEqual(ownedOf(buckets, rank, size), ownedOf(whole[rank]!, rank, size));
              forgetOthers(buckets, rank, size);
            }
            const gathered = await onAll(rings, (ring, rank) => ring.allGather(step, halves[rank]!));
            assert.deepEqual(gathered, hashes);
            for (const buckets of halves) assert.deepEqual(bytesOf(buckets), expected);
          }
        });
      },
    ),
    { numRuns: 60 },
  );
});

for (const wire of WIRES) {
  test(`${wire}: both equal their reference implementations bit for bit, with rounding errors of earlier steps`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 5 }),
        chunkedBuckets(3),
        async (size, { lengths, chunkBytes }) => {
          const roundingErrors = Array.from({ length: size }, () =>
            lengths.map((length) => new Float32Array(length)),
          );
          const options = { wire, chunkBytes, ...(wire === 'int8' ? { roundingErrors } : {}) };
          await withRings(inMemory(size, { wire, chunkBytes }), async (rings) => {
            for (let step = 1; step <= 3; step++) {
              const ranks = rings.map((_, rank) => bucketsOf(lengths, rank * 31 + step));
              const sums = naiveReduceScatter(ranks, options);
              await onAll(rings, (ring, rank) => ring.reduceScatter(step, ranks[rank]!));
              for (const [rank, buckets] of ranks.entries()) {
                assert.deepEqual(ownedOf(buckets, rank, size), ownedOf(sums, rank, size));
              }
              const whole = bytesOf(naiveAllGather(ranks));
              await onAll(rings, (ring, rank) => ring.allGather(step, ranks[rank]!));
              for (const buckets of ranks) assert.deepEqual(bytesOf(buckets), whole);
            }
          });
        },
      ),
      { numRuns: 15 },
    );
  });
}

test('works over zmq with more chunks than the window', async () => {
  for (const size of [2, 3, 4]) {
    const transports = Array.from({ length: size }, zmqTransport);
    const setting: Setting = {
      size,
      address: () => 'tcp://127.0.0.1:*',
      transport: (rank) => transports[rank]!,
      options: () => ({ chunkBytes: 4096 }),
    };
    await withRings(setting, async (rings) => {
      for (let step = 1; step <= 3; step++) {
        const ranks = rings.map((_, rank) => bucketsOf([200_003, 1, 17], rank * 31 + step));
        const expected = bytesOf(naiveAllReduce(ranks));
        await onAll(rings, (ring, rank) => ring.reduceScatter(step, ranks[rank]!));
        ranks.forEach((buckets, rank) => forgetOthers(buckets, rank, size));
        await onAll(rings, (ring, rank) => ring.allGather(step, ranks[rank]!));
        for (const buckets of ranks) assert.deepEqual(bytesOf(buckets), expected);
      }
    });
  }
});

for (const kind of KINDS) {
  const call = (ring: Ring, buckets: readonly Float32Array[]) =>
    kind === 'all-gather' ? ring.allGather(1, buckets) : ring.reduceScatter(1, buckets);

  test(`${kind}: buckets may change after the call, even if the next rank has not read`, async () => {
    const { hold, release } = heldBack(() => true);
    const setting: Setting = {
      ...inMemory(2, { chunkBytes: 40 }),
      inbox: (rank, inbox) => (rank === 0 ? hold(inbox) : inbox),
    };
    await withRings(setting, async (rings) => {
      const ranks = rings.map((_, rank) => bucketsOf([100], rank));
      const sums = kind === 'all-gather' ? naiveAllGather(ranks) : naiveReduceScatter(ranks);
      const [behind, ahead] = rings.map((ring, rank) => call(ring, ranks[rank]!));
      await ahead;
      ranks[1]![0]!.fill(NaN);
      release();
      await behind;
      assert.deepEqual(ownedOf(ranks[0]!, 0, 2), ownedOf(sums, 0, 2));
      if (kind === 'all-gather') assert.deepEqual(bytesOf(ranks[0]!), bytesOf(sums));
    });
  });

  test(`${kind}: detects a flipped bit, a silent neighbour and a closed ring`, async () => {
    const setting = inMemory(3, {});
    const flipping = (inbox: Inbox): Inbox => ({
      ...inbox,
      onLost: (listener) => inbox.onLost(listener),
      close: () => inbox.close(),
      receive: async () => {
        const frames = await inbox.receive();
        if (frames[1]) frames[1][5]! ^= 4;
        return frames;
      },
    });
    const flipped = { ...setting, inbox: (rank: number, inbox: Inbox) => (rank ? inbox : flipping(inbox)) };
    await withRings(flipped, async (rings) => {
      const outcomes = await Promise.allSettled(rings.map((ring, rank) => call(ring, bucketsOf([90], rank))));
      assert.equal(codeOf(outcomes[0]!), 'RING_CORRUPT');
      assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    });
    const hasty = { ...inMemory(3, {}), options: () => ({ chunkBytes: 64, deadlineMs: 100 }) };
    await withRings(hasty, async (rings) => {
      const outcomes = await Promise.allSettled(
        rings.slice(0, 2).map((ring, rank) => call(ring, bucketsOf([90], rank))),
      );
      for (const outcome of outcomes) assert.match(codeOf(outcome), /RING_TIMEOUT|RING_PEER_LOST/);
      await rings[2]!.close();
      await assert.rejects(call(rings[2]!, []), { code: 'CLOSED' });
    });
  });
}

test('allows one call at a time, and detects ranks that make different calls', async () => {
  await withRings(inMemory(2, {}), async (rings) => {
    const ranks = rings.map((_, rank) => bucketsOf([300], rank));
    const calls = rings.map((ring, rank) => ring.reduceScatter(1, ranks[rank]!));
    await assert.rejects(rings[0]!.allGather(1, ranks[0]!), { code: 'BAD_ARGUMENT' });
    await Promise.all(calls);
    const outcomes = await Promise.allSettled([
      rings[0]!.allReduce(2, ranks[0]!),
      rings[1]!.allGather(2, ranks[1]!),
    ]);
    for (const outcome of outcomes) assert.match(codeOf(outcome), /RING_GAP|RING_PEER_LOST/);
  });
});

test('the rank of a ring of size 1 owns everything', async () => {
  await withRings(inMemory(1, {}), async ([ring]) => {
    const buckets = bucketsOf([7], 0);
    const before = bytesOf(buckets).map((bytes) => Buffer.from(bytes));
    assert.equal(await ring!.reduceScatter(1, buckets), 0);
    assert.equal(await ring!.allGather(1, buckets), 0);
    assert.deepEqual(bytesOf(buckets), before);
    assert.deepEqual(ownedRange(7, 0, 1), [0, 7]);
  });
});

const codeOf = (outcome: PromiseSettledResult<unknown>) =>
  outcome.status === 'rejected' ? (outcome.reason as BrineError).code : 'none';

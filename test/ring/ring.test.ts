import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { WINDOW } from '../../src/ring/place.ts';
import { naiveAllReduce, naiveChecksum } from '../../src/ring/naive.ts';
import { chunksOf, planRing, segmentAt } from '../../src/ring/plan.ts';
import { Adder } from '../../src/ring/kernels/sum.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { decodeRingChunk } from '../../src/wire/ring.ts';
import { bucketsOf, bytesOf, heldBack, withRings, type Setting } from './rings.ts';

const folder = mkdtempSync(join(tmpdir(), 'brine-ring-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function inMemory(size: number, chunkBytes = 64): Setting {
  const network = memoryNetwork();
  const transports = Array.from({ length: size }, () => memoryTransport(network));
  return {
    size,
    address: () => 'memory://*',
    transport: (rank) => transports[rank]!,
    options: () => ({ chunkBytes }),
  };
}

async function checkSums(setting: Setting, lengths: readonly number[], steps = 2): Promise<void> {
  await withRings(setting, async (rings) => {
    for (let step = 1; step <= steps; step++) {
      const ranks = rings.map((_, rank) => bucketsOf(lengths, rank * 31 + step));
      const expected = bytesOf(naiveAllReduce(ranks));
      const hashes = await Promise.all(rings.map((ring, rank) => ring.allReduce(step, ranks[rank]!)));
      assert.equal(new Set(hashes).size, 1, 'all ranks have the same hash of the sums');
      for (const buckets of ranks) assert.deepEqual(bytesOf(buckets), expected);
    }
  });
}

test('every chunk is received once at every hop, and sent to the rank that expects it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 6 }),
      fc.array(fc.nat(70), { maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      (size, lengths, chunkElements) => {
        const options = { size, chunkElements };
        const covered = lengths.map((length) => new Uint8Array(length));
        for (let rank = 0; rank < size; rank++) {
          for (const { bucket, begin, end } of chunksOf(lengths, rank, options)) {
            assert.ok(begin < end && end - begin <= chunkElements);
            for (let i = begin; i < end; i++) covered[bucket]![i]!++;
          }
          const { receives, starts } = planRing(lengths, rank, options);
          const next = planRing(lengths, (rank + 1) % size, options);
          assert.deepEqual(next.receives[0], starts);
          for (let hop = 1; hop < receives.length; hop++) {
            assert.deepEqual(next.receives[hop], receives[hop - 1]);
          }
          assert.equal(segmentAt(rank, size - 1, size), rank, 'its own segment returns first as a sum');
        }
        assert.ok(covered.every((counts) => counts.every((count) => count === 1)));
      },
    ),
  );
});

test('the WebAssembly sum equals float32 addition at any length and alignment', () => {
  const adder = new Adder();
  for (const length of [0, 1, 7, 8, 9, 1000, 32768, 32769, 100_003]) {
    for (const shift of [0, 3]) {
      const [a, b] = [bucketsOf([length], 1)[0]!, bucketsOf([length], 2)[0]!];
      const received = Buffer.concat([new Uint8Array(shift), new Uint8Array(a.buffer)]).subarray(shift);
      const copy = new Uint8Array(received.length);
      const before = naiveChecksum(received);
      const sums = adder.add(received, new Uint8Array(b.buffer), copy);
      const expected = Buffer.from(a.map((value, i) => value + b[i]!).buffer);
      assert.ok(expected.equals(received) && expected.equals(copy));
      assert.deepEqual(sums, { received: before, checksum: naiveChecksum(received) });
    }
  }
});

test('the ring equals the reference implementation bit for bit, on every rank', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(200), { maxLength: 4 }),
      fc.constantFrom(4, 12, 64, 4096),
      (size, lengths, chunkBytes) => checkSums(inMemory(size, chunkBytes), lengths),
    ),
    { numRuns: 60 },
  );
});

test('works in memory with more chunks than the window', () => checkSums(inMemory(3, 16), [1, 0, 5000, 3]));

for (const link of ['tcp', 'ipc'] as const) {
  test(`the ring equals the reference implementation over zmq ${link}`, async () => {
    for (const size of [2, 3, 4]) {
      const transports = Array.from({ length: size }, zmqTransport);
      const address = (rank: number) =>
        link === 'tcp' ? 'tcp://127.0.0.1:*' : `ipc://${join(folder, `${size}-${rank}`)}`;
      const setting: Setting = { size, address, transport: (rank) => transports[rank]! };
      await checkSums({ ...setting, options: () => ({ chunkBytes: 4096 }) }, [100_003, 1, 17], 3);
      await checkSums(setting, [3, size * 140_000 + 1, 0], 2); // two chunks of the default size for each rank
    }
  });
}

for (const chunks of [5, 3 * WINDOW]) {
  test(`buckets may change after an all-reduce of ${chunks} chunks, while the peer is still behind`, async () => {
    let started = 0;
    // Rank 0 receives all chunks to add, but no sums behind them until rank 1 has finished.
    const { hold, release } = heldBack((frames) => {
      if (frames.length === 2 && decodeRingChunk(frames[0]!)?.hop === 0) started++;
      return started === chunks;
    });
    const setting: Setting = {
      ...inMemory(2, 40),
      inbox: (rank, inbox) => (rank === 0 ? hold(inbox) : inbox),
    };
    await withRings(setting, async (rings) => {
      const ranks = rings.map((_, rank) => bucketsOf([chunks * 10 * 2], rank));
      const expected = bytesOf(naiveAllReduce(ranks)).map((bytes) => Buffer.from(bytes));
      const [behind, ahead] = rings.map((ring, rank) => ring.allReduce(1, ranks[rank]!));
      await ahead;
      assert.deepEqual(bytesOf(ranks[1]!), expected);
      ranks[1]![0]!.fill(NaN);
      release();
      await behind;
      assert.deepEqual(bytesOf(ranks[0]!), expected);
    });
  });
}

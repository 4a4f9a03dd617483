/**
 * Rings over ZeroMQ with keys, with segments of more than one chunk as in real models, in every
 * format and kind.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CHUNK_BYTES } from '../../src/ring/place.ts';
import { WIRES } from '../../src/ring/wire.ts';
import { readSecurity, writeKeys } from '../../src/security/folder.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { withRings } from './rings.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-ring-keys-'));
after(() => rm(folder, { recursive: true, force: true }));
await writeKeys(folder);
const security = await readSecurity(folder, 'student');

for (const size of [2, 3, 5, 8]) {
  test(`${size} ranks with keys sum segments of more than one chunk`, { timeout: 60_000 }, async () => {
    const lengths = [size * (CHUNK_BYTES / 4 + 1), 3];
    for (const wire of WIRES) {
      const transports = Array.from({ length: size }, () => zmqTransport({ security }));
      try {
        const setting = {
          size,
          address: () => 'tcp://127.0.0.1:*',
          transport: (rank: number) => transports[rank]!,
          options: () => ({ wire, deadlineMs: 30_000 }),
        };
        await withRings(setting, async (rings) => {
          const ranks = rings.map((_, rank) =>
            lengths.map((length) => new Float32Array(length).fill(rank + 1)),
          );
          const sum = (size * (size + 1)) / 2;
          const hashes = await Promise.all(rings.map((ring, rank) => ring.allReduce(1, ranks[rank]!)));
          assert.equal(new Set(hashes).size, 1);
          for (const [bucket] of ranks)
            assert.ok(
              bucket!.every((value) => Math.abs(value - sum) <= sum / 100),
              `${wire} gives ${bucket![0]}`,
            );
          await Promise.all(rings.map((ring, rank) => ring.reduceScatter(2, ranks[rank]!)));
          const gathered = await Promise.all(rings.map((ring, rank) => ring.allGather(2, ranks[rank]!)));
          assert.equal(new Set(gathered).size, 1);
        });
      } finally {
        await Promise.all(transports.map((transport) => transport.close()));
      }
    }
  });
}

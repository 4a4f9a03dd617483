/** A short `npm run -s soak -- run`: processes and wires of whole runs fail at random. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../../scripts/soak/run/run.ts';

test('runs with killed and stopped processes, cut wires and flipped bits lose no step and end with the same parameters', async () => {
  const settings = { faults: '3', seed: '5', steps: '120', ranks: '2', teachers: '1' };
  const { record, passed } = await soak({ settings, observe: () => undefined });
  assert.ok(passed, JSON.stringify(record));
  assert.ok(record.faults >= 3 && record.rings >= 1, JSON.stringify(record));
});

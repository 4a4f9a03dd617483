/** The short form of `npm run -s soak -- run`: whole runs whose processes and wires fail at random. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../../scripts/soak/run.ts';

test('runs whose processes are killed and stopped, and whose wires are cut and flip bits, lose no step and end the same', async () => {
  const settings = { faults: '4', seed: '5', steps: '300' };
  const { record, passed } = await soak({ settings, observe: () => undefined });
  assert.ok(passed, JSON.stringify(record));
  assert.ok(record.faults >= 4 && record.rings >= 2, JSON.stringify(record));
});

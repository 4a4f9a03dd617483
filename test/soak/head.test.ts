/** A short `npm run -s soak -- head`: a run whose head is killed and restarted at random. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../../scripts/soak/run/head.ts';

test('a run whose head is killed and restarted loses no step, leaves no process, and ends with the same parameters', async () => {
  const settings = { faults: '1', seed: '2', steps: '200', ranks: '2', teachers: '1' };
  const { record, passed } = await soak({ settings, observe: () => undefined });
  assert.ok(passed, JSON.stringify(record));
  assert.equal(record.faults, 1);
});

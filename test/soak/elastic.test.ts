/** A short `npm run -s soak -- elastic`: machines join and leave whole runs at random. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../../scripts/soak/elastic/elastic.ts';

test('a run whose machines join, leave and die loses no step, repeats no row, and ends close to an undisturbed run', async () => {
  const settings = { faults: '2', seed: '5', steps: '400', machines: '2' };
  const { record, passed } = await soak({ settings, observe: () => undefined });
  assert.ok(passed, JSON.stringify(record));
  assert.ok(record.faults >= 2 && Object.keys(record.rings).length >= 1, JSON.stringify(record));
});

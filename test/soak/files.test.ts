/** A short `npm run -s soak -- files`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../../scripts/soak/files/files.ts';

test('mutated files and messages are read or refused promptly, with no other effect', async () => {
  const { record, passed } = await soak({ settings: { tries: '500', seed: '7' }, observe: () => undefined });
  assert.ok(passed, JSON.stringify(record));
  assert.ok(record.refused > 160, JSON.stringify(record));
});

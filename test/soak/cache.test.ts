/** A short `npm run -s soak -- cache`: real processes, killed at random. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../../scripts/soak/cache/cache.ts';

test('a cache server and teachers killed at random lose no acknowledged label and serve no wrong one', async () => {
  const settings = { kills: '12', seed: '3', rows: '2048' };
  const { record, passed } = await soak({ settings, observe: () => undefined });
  assert.ok(passed, JSON.stringify(record));
  assert.equal(record.lost, 0);
  assert.equal(record.wrong, 0);
  assert.ok(record.kills > 0 && record.acknowledged > 1000 && record.served > 0, JSON.stringify(record));
});

/** A short `npm run -s soak -- security`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../../scripts/soak/security/security.ts';

test('no attacker is admitted, and honest peers are served during the attacks', async () => {
  const { record, passed } = await soak({ settings: { tries: '40', seed: '2' }, observe: () => undefined });
  assert.ok(passed, JSON.stringify(record));
  assert.equal(record.admitted, 0);
  assert.equal(record.crashes, 0);
  assert.ok(Object.keys(record.byKind).length > 8, JSON.stringify(record));
});

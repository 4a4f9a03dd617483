/** Texts of recipe keys that have a meaning of their own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDecay } from '../../src/recipe/units.ts';

test('a decay ends at a share of the peak', () => {
  assert.deepEqual(parseDecay('cosine to 10%'), { kind: 'cosine', end: 0.1 });
  assert.deepEqual(parseDecay(' linear to 100 % '), { kind: 'linear', end: 1 });
  assert.deepEqual(parseDecay('rsqrt'), { kind: 'rsqrt' });
});

test('a decay with a malformed end, or one above the peak, is no decay', () => {
  for (const text of ['cosine to 1.2.3%', 'linear to .%', 'cosine to 500%', 'cosine', 'rsqrt to 10%', ''])
    assert.equal(parseDecay(text), undefined, text);
});

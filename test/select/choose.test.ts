/** The choice of rows by their scores, and the shares of strata. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apportion } from '../../src/select/apportion.ts';
import { chooseRows } from '../../src/select/choose.ts';

test('selection keeps the rows with the highest scores, ascending, without rows that lack a score', () => {
  const score = Float32Array.of(1, NaN, 3, 2, 3);
  const meanLoss = Float32Array.of(5, 9, 1, 1, 1);
  const scores = { score, meanLoss };
  const keep = { count: 2 };
  assert.deepEqual(chooseRows(scores, { by: 'score', keep, seed: 0 }), Uint32Array.of(2, 4));
  assert.deepEqual(
    chooseRows(scores, { by: 'score', keep: { count: 1 }, seed: 0 }),
    Uint32Array.of(2),
    'the earlier of equal rows',
  );
  assert.deepEqual(
    chooseRows(scores, { by: 'score', keep: { fraction: 1 }, seed: 0 }),
    Uint32Array.of(0, 2, 3, 4),
  );
  assert.deepEqual(chooseRows(scores, { by: 'hardest', keep, seed: 0 }), Uint32Array.of(0, 1));
  const none = { score: Float32Array.of(NaN), meanLoss: Float32Array.of(1) };
  assert.throws(() => chooseRows(none, { by: 'score', keep: { count: 1 }, seed: 0 }), {
    code: 'BAD_ARGUMENT',
  });
  assert.throws(() => chooseRows(scores, { by: 'score', keep: { count: 6 }, seed: 0 }), {
    code: 'BAD_ARGUMENT',
  });
  assert.throws(() => chooseRows(scores, { by: 'score', keep: { fraction: 0.01 }, seed: 0 }), {
    code: 'BAD_ARGUMENT',
  });
});

test('a random selection has the requested size and depends only on its seed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, seed, share) => {
        const count = Math.max(1, Math.round(share * rows));
        const scores = { score: new Float32Array(rows), meanLoss: new Float32Array(rows) };
        const chosen = chooseRows(scores, { by: 'random', keep: { count }, seed });
        assert.equal(new Set(chosen).size, count);
        assert.ok(chosen.every((row, i) => row < rows && (i === 0 || row > chosen[i - 1]!)));
        assert.deepEqual(chooseRows(scores, { by: 'random', keep: { count }, seed }), chosen);
      },
    ),
    { numRuns: 100, seed: 1 },
  );
});

/** Rows in a few strata. Some scores are equal, and some are missing. */
const stratified = fc
  .array(
    fc.record({
      stratum: fc.integer({ min: 0, max: 5 }),
      score: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -4, max: 4 })),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .chain((rows) => fc.tuple(fc.constant(rows), fc.integer({ min: 1, max: rows.length })));

/**
 * The rows to keep, written without the code under test: strata that lack rows for their quota give all of them until
 * no quota changes; then quotas are rounded down, and the largest remainders get one row more.
 */
function reference(rows: readonly { stratum: number; score: number }[], wanted: number): number[] {
  const queues = new Map<number, number[]>();
  const sizes = new Map<number, number>();
  const better = (a: number, b: number) => rows[b]!.score - rows[a]!.score || a - b;
  rows.forEach(({ stratum, score }, row) => {
    sizes.set(stratum, (sizes.get(stratum) ?? 0) + 1);
    queues.set(
      stratum,
      [...(queues.get(stratum) ?? []), ...(Number.isNaN(score) ? [] : [row])].toSorted(better),
    );
  });
  const target = Math.min(wanted, [...queues.values()].flat().length);
  const exhausted = new Set<number>();
  const quota = (stratum: number) => {
    let left = target;
    let total = 0;
    for (const [other, size] of sizes)
      if (exhausted.has(other)) left -= queues.get(other)!.length;
      else total += size;
    return (left * sizes.get(stratum)!) / total;
  };
  for (let changed = true; changed;) {
    const full = [...sizes.keys()].filter(
      (stratum) => !exhausted.has(stratum) && quota(stratum) >= queues.get(stratum)!.length - 1e-9,
    );
    for (const stratum of full) exhausted.add(stratum);
    changed = full.length > 0;
  }
  const counts = new Map<number, number>();
  for (const [stratum, queue] of queues)
    counts.set(stratum, exhausted.has(stratum) ? queue.length : Math.floor(quota(stratum) + 1e-9));
  const open = [...queues.keys()].filter((stratum) => !exhausted.has(stratum));
  open.sort((a, b) => {
    const rest = quota(b) - counts.get(b)! - (quota(a) - counts.get(a)!);
    return Math.abs(rest) > 1e-9
      ? rest
      : better(queues.get(a)![counts.get(a)!]!, queues.get(b)![counts.get(b)!]!);
  });
  const left = target - [...counts.values()].reduce((a, b) => a + b, 0);
  for (const stratum of open.slice(0, left)) counts.set(stratum, counts.get(stratum)! + 1);
  return [...queues]
    .flatMap(([stratum, queue]) => queue.slice(0, counts.get(stratum)))
    .toSorted((a, b) => a - b);
}

test('with strata, each keeps its share of the rows, the best ones, and the total is the requested one', () => {
  fc.assert(
    fc.property(stratified, ([rows, wanted]) => {
      const score = Float32Array.from(rows, (row) => row.score);
      const strata = rows.map(({ stratum }) => stratum);
      const scores = { score, meanLoss: new Float32Array(rows.length) };
      const choose = () => chooseRows(scores, { by: 'score', keep: { count: wanted }, seed: 0 }, strata);
      const expected = reference(rows, wanted);
      if (expected.length === 0) return assert.throws(choose, { code: 'BAD_ARGUMENT' });
      const chosen = choose();
      assert.deepEqual([...chosen], expected);
      const scored = rows.filter((row) => !Number.isNaN(row.score)).length;
      assert.equal(chosen.length, Math.min(wanted, scored));
      if (scored < rows.length) return;
      for (const stratum of new Set(strata)) {
        const own = strata.filter((other) => other === stratum).length;
        const kept = [...chosen].filter((row) => strata[row] === stratum).length;
        assert.ok(Math.abs(kept - (wanted * own) / rows.length) < 1, `${kept} of ${own} rows`);
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('one stratum is no stratum, for every rule; strata of one row each keep the best rows', () => {
  fc.assert(
    fc.property(stratified, fc.nat(), ([rows, wanted], seed) => {
      const values = Float32Array.from(rows, ({ score }) => (Number.isNaN(score) ? 0 : score));
      const scores = { score: values, meanLoss: values.map((value) => -value) };
      for (const by of ['score', 'hardest', 'random'] as const) {
        const choice = { by, keep: { count: wanted }, seed };
        const plain = chooseRows(scores, choice);
        assert.deepEqual(chooseRows(scores, choice, new Uint32Array(rows.length)), plain);
        assert.deepEqual(chooseRows(scores, choice, Array.from(rows.keys())), plain);
      }
    }),
    { numRuns: 100, seed: 1 },
  );
});

test('shares are exact for numbers whose products exceed 2^53', () => {
  const size = 2 ** 31;
  const strata = [
    { size: size + 1, available: size + 1 },
    { size, available: size },
    { size, available: size },
  ];
  const counts = apportion(strata, size, () => 0);
  const total = BigInt(3 * size + 1);
  counts.forEach((count, stratum) => {
    const above = BigInt(count) * total - BigInt(size) * BigInt(strata[stratum]!.size);
    assert.ok(above > -total && above < total, `stratum ${stratum} is less than one row from its quota`);
  });
  assert.equal(
    counts.reduce((a, b) => a + b, 0),
    size,
  );
});

test('strata with too few rows give all of them, and the others share the rest', () => {
  const strata = [
    { size: 10, available: 0 },
    { size: 10, available: 2 },
    { size: 10, available: 10 },
    { size: 20, available: 20 },
  ];
  assert.deepEqual(
    apportion(strata, 20, (stratum) => stratum),
    [0, 2, 6, 12],
  );
  assert.deepEqual(
    apportion(strata, 40, (stratum) => stratum),
    [0, 2, 10, 20],
    'fewer rows than wanted',
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BUCKETS,
  bucketOf,
  heldOutTeacher,
  quantile,
  type HeldOutTeacher,
} from '../../../src/student/rules/held-out-teacher.ts';
import { biasVariance, listening, type ListenRule } from '../../../src/student/rules/listen.ts';
import { contextOf } from '../small-run.ts';

const ROWS = Array.from({ length: 60 }, (_, row) => contextOf(row));
const teacher = heldOutTeacher(ROWS);

test('the held-out teacher has equal buckets, whose means are those of its columns', () => {
  const entropies = ROWS.flatMap(({ entropy }) => [...entropy]);
  const losses = ROWS.flatMap(({ trueLogProb }) => [...trueLogProb]).map((value) => -value);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  assert.ok(Math.abs(teacher.loss - mean(losses)) < 1e-6);
  assert.equal(teacher.buckets.length, BUCKETS);
  for (const [at, { positions, entropy, loss }] of teacher.buckets.entries()) {
    assert.ok(Math.abs(positions - entropies.length / BUCKETS) < 0.02 * entropies.length, `${positions}`);
    const own = entropies.flatMap((nats, i) => (bucketOf(teacher, nats) === at ? [i] : []));
    assert.equal(own.length, positions);
    assert.ok(Math.abs(entropy - mean(own.map((i) => entropies[i]!))) < 1e-6);
    assert.ok(Math.abs(loss - mean(own.map((i) => losses[i]!))) < 1e-6);
  }
});

test('bias against variance: everything at first, less later, all where the teacher has no bias', () => {
  const one = (entropy: number, loss: number) => ({ positions: 1, entropy, loss });
  const table: HeldOutTeacher = {
    loss: 0,
    percentiles: [0, 1],
    buckets: [one(2, 2.5), one(1, 0.8), one(0, 0), one(0, 1)],
  };
  assert.deepEqual(biasVariance(table, 0), [1, 1, 1, 1]);
  assert.deepEqual(biasVariance(table, 4), [0.5, 1, 1, 0]);
  const rule: ListenRule = { rule: 'bias-variance', unit: 10 };
  const sum = (step: number) => listening(rule, contextOf(1), { step, teacher }).reduce((a, b) => a + b, 0);
  assert.ok(sum(0) > sum(20) && sum(20) > sum(200) && sum(200) > 0);
});

test('entropy gates keep the positions within their bounds, in nats or as shares', () => {
  const at = { step: 0, teacher };
  const { entropy } = contextOf(2);
  const kept = (rule: ListenRule) => [...listening(rule, contextOf(2), at)];
  assert.deepEqual(
    kept({ rule: 'entropy', above: 1, below: 3 }),
    [...entropy].map((nats) => (nats >= 1 && nats <= 3 ? 1 : 0)),
  );
  const dropped = ROWS.flatMap((columns) => [
    ...listening({ rule: 'entropy', dropLowest: 0.15 }, columns, at),
  ]);
  const share = dropped.filter((factor) => factor === 0).length / dropped.length;
  assert.ok(Math.abs(share - 0.15) < 0.02, `${share}`);
  assert.deepEqual(
    kept({ rule: 'entropy', dropHighest: 0.25 }),
    [...entropy].map((nats) => (nats <= quantile(teacher, 0.75) ? 1 : 0)),
  );
});

test('rules depend on the context alone; only the negative control depends on the true token', () => {
  const columns = contextOf(3);
  const permuted = {
    ...columns,
    trueRank: columns.trueRank.toReversed(),
    trueLogProb: columns.trueLogProb.toReversed(),
  };
  const at = { step: 30, teacher };
  for (const rule of [
    { rule: 'bias-variance', unit: 10 },
    { rule: 'entropy', above: 1, dropHighest: 0.1 },
  ] as const)
    assert.deepEqual(listening(rule, permuted, at), listening(rule, columns, at));
  const control = { rule: 'realised', topK: 10 } as const;
  assert.notDeepEqual(listening(control, permuted, at), listening(control, columns, at));
  assert.deepEqual(
    [...listening(control, columns, at)],
    [...columns.trueRank].map((rank) => (rank < 10 ? 1 : 0)),
  );
});

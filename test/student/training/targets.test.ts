import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError } from '../../../src/base/errors.ts';
import type { RowLabels } from '../../../src/labels/record/record.ts';
import { batchTargets } from '../../../src/student/training/targets.ts';

const rows = [new Uint32Array([5, 6, 7]), new Uint32Array([7, 70_000, 9])];

function labels(row: number, perPosition: [number, number][][], remaining?: number[]): RowLabels {
  const offsets = [0];
  for (const entries of perPosition) offsets.push(offsets.at(-1)! + entries.length);
  return {
    row,
    positions: perPosition.length,
    offsets: Uint32Array.from(offsets),
    ids: Uint32Array.from(perPosition.flat(), ([id]) => id),
    weights: Float32Array.from(perPosition.flat(), ([, weight]) => weight),
    remaining: remaining && Float32Array.from(remaining),
  };
}

const drawn = [
  labels(0, [
    [
      [1, 0.5],
      [6, 0.5],
    ],
    [[2, 1]],
  ]),
  labels(1, [[[3, 0.25]], [[4, 1]]]),
];

test('plain targets are the next tokens with weight 1', () => {
  const targets = batchTargets(rows, [], { weight: 0, width: 1 });
  assert.deepEqual([...targets.tokens], [5n, 6n, 7n, 70_000n]);
  assert.deepEqual([...targets.targetIds], [6n, 7n, 70_000n, 9n]);
  assert.deepEqual([...targets.targetWeights], [1, 1, 1, 1]);
});

test('a smoothed label keeps 1 - ε, and ε is the remaining mass', () => {
  const smoothed = batchTargets(rows, [], { weight: 0, smoothing: 0.25, width: 1, rest: 'spread' });
  assert.deepEqual([...smoothed.targetIds], [6n, 7n, 70_000n, 9n]);
  assert.deepEqual([...smoothed.targetWeights], [0.75, 0.75, 0.75, 0.75]);
  assert.deepEqual([...smoothed.remaining!], [0.25, 0.25, 0.25, 0.25]);
});

test('weight 0 gives padded plain targets and uses no labels', () => {
  const targets = batchTargets(rows, [], { weight: 0, width: 3 });
  assert.deepEqual([...targets.targetIds], [6n, 0n, 0n, 7n, 0n, 0n, 70_000n, 0n, 0n, 9n, 0n, 0n]);
  assert.deepEqual([...targets.targetWeights], [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
});

test("a distilled position has the hard label and the teacher's ids; mass outside a top-k is renormalised", () => {
  const targets = batchTargets(rows, drawn, { weight: 0.75, width: 3 });
  assert.deepEqual([...targets.targetIds], [6n, 1n, 6n, 7n, 2n, 0n, 70_000n, 3n, 0n, 9n, 4n, 0n]);
  assert.deepEqual(
    [...targets.targetWeights],
    [0.25, 0.375, 0.375, 0.25, 0.75, 0, 0.25, 0.75, 0, 0.25, 0.75, 0],
  );
});

test('with spread or ghost, a position keeps its weights, and the remaining mass is separate', () => {
  const kept = [
    labels(
      0,
      [
        [
          [1, 0.5],
          [6, 0.25],
        ],
        [[2, 0.25]],
      ],
      [0.25, 0.25],
    ),
    labels(1, [[[3, 1]], [[4, 1]]]),
  ];
  for (const rest of ['spread', 'ghost'] as const) {
    const targets = batchTargets(rows, kept, { weight: 0.5, width: 3, rest });
    assert.deepEqual(
      [...targets.targetWeights],
      [0.5, 0.25, 0.125, 0.5, 0.25, 0, 0.5, 0.5, 0, 0.5, 0.5, 0],
      "weights and remaining mass sum to 1, even if rounding lost some of a label's mass",
    );
    assert.deepEqual([...targets.remaining!], [0.125, 0.25, 0, 0]);
  }
  assert.equal(batchTargets(rows, kept, { weight: 0.5, width: 3 }).remaining, undefined);
});

test('a row without labels gets only its hard labels, with weight 1', () => {
  for (const rest of ['renormalise', 'spread', 'ghost'] as const) {
    const targets = batchTargets(rows, [undefined, drawn[1]!], { weight: 0.75, width: 3, rest });
    assert.deepEqual([...targets.targetIds], [6n, 0n, 0n, 7n, 0n, 0n, 70_000n, 3n, 0n, 9n, 4n, 0n]);
    assert.deepEqual([...targets.targetWeights], [1, 0, 0, 1, 0, 0, 0.25, 0.75, 0, 0.25, 0.75, 0]);
    assert.ok(targets.remaining?.every((mass) => mass === 0) ?? rest === 'renormalise');
  }
});

test('refuses labels that are missing, have another length, or are wider than the graph', () => {
  const code = (wanted: string) => (error: unknown) => error instanceof BrineError && error.code === wanted;
  const options = { weight: 0.5, width: 3 };
  assert.throws(() => batchTargets(rows, drawn.slice(1), options), code('LABEL_MISALIGNED'));
  assert.throws(
    () => batchTargets(rows, [labels(0, [[[1, 1]]]), drawn[1]!], options),
    code('LABEL_MISALIGNED'),
  );
  assert.throws(() => batchTargets(rows, drawn, { weight: 0.5, width: 2 }), code('SHAPE_MISMATCH'));
  const smoothed = { weight: 0, smoothing: 0.25, width: 1 };
  assert.throws(() => batchTargets(rows, [], smoothed), code('SHAPE_MISMATCH'));
});

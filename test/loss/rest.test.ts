/**
 * Treatments of the remaining mass: losses against float64 definitions, gradients against central
 * differences.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../src/base/random.ts';
import { Graph } from '../../src/graph/index.ts';
import { sparseCrossEntropy } from '../../src/loss/index.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';
import { assertClose } from '../support/close.ts';
import { D, example, float, int, logSoftmaxOf, N, rowLogits, runHead, V, type HeadRun } from './head.ts';

const TREATMENTS = ['spread', 'ghost'] as const;
const K = 5;
const GRADIENTS = ['hidden', 'head'] as const;

interface Position {
  readonly trueId: number;
  readonly trueWeight: number;
  /** The teacher's ids, with weights above 0. */
  readonly teacher: readonly (readonly [id: number, weight: number])[];
  readonly remaining: number;
}

/**
 * Positions with 1 to 4 distinct teacher ids, with or without the hard label. Weights and remaining
 * mass sum to 1.
 */
function positions(seed: number): Position[] {
  const random = new Random(seed);
  return Array.from({ length: N }, (_, row) => {
    const start = random.integer(V);
    const shares = Array.from({ length: 2 + (row % 4) }, () => 0.1 + random.float());
    const scale = 0.7 / shares.reduce((sum, share) => sum + share, 0);
    const [remaining = 0, ...weights] = shares.map((share) => Math.fround(share * scale));
    return {
      trueId: (start + 2 * (row % 3)) % V,
      trueWeight: Math.fround(0.3),
      teacher: weights.map((weight, k) => [(start + 2 * k) % V, weight] as const),
      remaining,
    };
  });
}

function feedsOf(rows: readonly Position[]): Record<string, TensorData> {
  const ids = rows.flatMap(({ trueId, teacher }) => {
    return [
      trueId,
      ...teacher.map(([id]) => id),
      ...Array.from<number>({ length: K - 1 - teacher.length }).fill(0),
    ];
  });
  const weights = new Float32Array(N * K);
  rows.forEach(({ trueWeight, teacher }, row) =>
    weights.set([trueWeight, ...teacher.map(([, weight]) => weight)], row * K),
  );
  return {
    targetIds: int([N, K], ids),
    targetWeights: { dtype: 'float32', shape: [N, K], data: weights },
    remaining: { dtype: 'float32', shape: [N], data: Float32Array.from(rows, (row) => row.remaining) },
  };
}

/** Definitions of the loss of one position, in float64. */
const DEFINITION: Record<(typeof TREATMENTS)[number], (logp: number[], position: Position) => number> = {
  spread: (logp, { trueId, trueWeight, teacher, remaining }) => {
    const own = new Map(teacher);
    const others = remaining / (V - own.size);
    const divergence = logp.reduce((sum, value, id) => sum - (own.get(id) ?? others) * value, 0);
    return divergence - trueWeight * logp[trueId]!;
  },
  ghost: (logp, { trueId, trueWeight, teacher, remaining }) => {
    const own = new Map(teacher);
    const outside = logp.reduce((sum, value, id) => sum + (own.has(id) ? 0 : Math.exp(value)), 0);
    const inside = teacher.reduce((sum, [id, weight]) => sum - weight * logp[id]!, 0);
    return inside - trueWeight * logp[trueId]! - remaining * Math.log(outside);
  },
};

/** Mean loss by definition. */
function lossOf(treatment: keyof typeof DEFINITION, rows: readonly Position[], at: Head): number {
  const losses = rows.map((position, row) =>
    DEFINITION[treatment](logSoftmaxOf(rowLogits(at.hidden, at.head, row)), position),
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / N;
}

type Head = Record<(typeof GRADIENTS)[number], TensorData>;

/** Central differences of the mean loss by every element of a tensor. */
function differences(
  treatment: keyof typeof DEFINITION,
  rows: readonly Position[],
  { at, name, step }: { at: Head; name: (typeof GRADIENTS)[number]; step: number },
): Float32Array {
  const data = Float64Array.from(at[name].data, Number);
  const moved: Head = { ...at, [name]: { dtype: 'float64', shape: at[name].shape, data } };
  return Float32Array.from(data, (value, i) => {
    data[i] = value + step;
    const above = lossOf(treatment, rows, moved);
    data[i] = value - step;
    const below = lossOf(treatment, rows, moved);
    data[i] = value;
    return (above - below) / (2 * step);
  });
}

for (const treatment of TREATMENTS) {
  test(`${treatment}: loss and gradients equal the definition and its differences, in one chunk or several`, async () => {
    const { hidden, head } = example(1);
    const rows = positions(11);
    const at = { hidden, head };
    const loss = Float32Array.of(lossOf(treatment, rows, at));
    const withoutLabels = rows.map((position) => ({ ...position, trueWeight: 0 }));
    const teacherPart = Float32Array.of(lossOf(treatment, withoutLabels, at));
    for (const chunkElements of [undefined, 2 * V]) {
      const results = await runHead({ ...at, ...feedsOf(rows) }, { treatment, chunkElements });
      assertClose(results['loss']!.data, loss, { what: 'loss' });
      assertClose(results['teacherPart']!.data, teacherPart, { what: 'teacher part' });
      for (const name of GRADIENTS) {
        const expected = differences(treatment, rows, { at, name, step: 1e-5 });
        assertClose(results[`${name}Gradient`]!.data, expected, { what: name });
      }
    }
  });

  test(`${treatment}: zero remaining mass gives the plain loss, and a position without targets has none`, async () => {
    const { hidden, head } = example(1);
    const rows = positions(12).map((position, row) =>
      row === 3 ? { ...position, trueWeight: 0, teacher: [], remaining: 0 } : { ...position, remaining: 0 },
    );
    const { remaining, ...targets } = feedsOf(rows);
    const alone = await runHead({ hidden, head, ...targets });
    const treated = await runHead({ hidden, head, ...targets, remaining: remaining! }, { treatment });
    for (const [name, { data }] of Object.entries(alone)) {
      assertClose(treated[name]!.data, data, { what: name, relative: 1e-6, absolute: 1e-6 });
    }
    const empty = treated['hiddenGradient']!.data.slice(3 * D, 4 * D);
    assert.ok(empty.every((value) => Math.abs(Number(value)) === 0));
  });

  test(`${treatment}: without teacher ids, the result is bit-identical to the plain loss`, async () => {
    const { hidden, head } = example(1);
    const rows = positions(13).map((position) => ({ ...position, trueWeight: 1, teacher: [], remaining: 0 }));
    const { remaining, ...targets } = feedsOf(rows);
    const alone = await runHead({ hidden, head, ...targets });
    const treated = await runHead({ hidden, head, ...targets, remaining: remaining! }, { treatment });
    for (const name of ['loss', 'hiddenGradient', 'headGradient']) {
      assert.deepEqual(treated[name], alone[name], name);
    }
  });
}

test('spread equals its dense distribution, given as sparse targets over the whole vocabulary', async () => {
  const { hidden, head } = example(2);
  const rows = positions(14);
  const spread = await runHead({ hidden, head, ...feedsOf(rows) }, { treatment: 'spread' });
  const dense = new Float32Array(N * (V + 1));
  rows.forEach(({ trueWeight, teacher, remaining }, row) => {
    const own = new Map(teacher);
    const others = remaining / (V - own.size);
    dense.set([trueWeight, ...Array.from({ length: V }, (_, id) => own.get(id) ?? others)], row * (V + 1));
  });
  const every = rows.flatMap(({ trueId }) => [trueId, ...Array.from({ length: V }, (_, id) => id)]);
  const explicit = await runHead({
    hidden,
    head,
    targetIds: int([N, V + 1], every),
    targetWeights: { dtype: 'float32', shape: [N, V + 1], data: dense },
  });
  for (const [name, { data }] of Object.entries(explicit))
    assertClose(spread[name]!.data, data, { what: name });
});

test('targets for every id tolerate a remaining mass caused by rounding', async () => {
  const { hidden, head } = example(1);
  const ids = Array.from({ length: N * (V + 1) }, (_, at) => Math.max(0, (at % (V + 1)) - 1));
  const targets = {
    hidden,
    head,
    targetIds: int([N, V + 1], ids),
    targetWeights: float([N, V + 1], () => 1 / (V + 1)),
  };
  const alone = await runHead(targets);
  for (const treatment of TREATMENTS) {
    const treated = await runHead({ ...targets, remaining: float([N], () => 1e-7) }, { treatment });
    for (const [name, { data }] of Object.entries(alone)) {
      assertClose(treated[name]!.data, data, { what: `${treatment} ${name}`, absolute: 1e-4 });
    }
  }
});

test('ghost stays exact if the student has almost no mass outside the top k, and if its gradient changes sign', async () => {
  const random = new Random(5);
  // An identity head makes the logits equal to the hidden states.
  const size = V;
  const head = float([size, size], () => 0);
  for (let i = 0; i < size; i += 1) head.data[i * size + i] = 1;
  const outsideLogits = [-45, -30, -16, -8, -1, 0, 3];
  const hidden = float([N, size], () => 0);
  outsideLogits.forEach((level, row) => {
    for (let id = 0; id < size; id += 1) {
      hidden.data[row * size + id] = random.float() + (id === 2 || id === 5 ? 0 : level);
    }
  });
  const rows: Position[] = outsideLogits.map((_, row) => ({
    trueId: row % 2 === 0 ? 2 : 7,
    trueWeight: 0.25,
    teacher: [
      [2, 0.25],
      [5, 0.25],
    ],
    remaining: 0.25,
  }));
  const results = await runHead({ hidden, head, ...feedsOf(rows) }, { treatment: 'ghost' });
  rows.forEach(({ trueId, trueWeight, teacher, remaining }, row) => {
    const logp = logSoftmaxOf(Array.from(hidden.data.slice(row * size, (row + 1) * size), Number));
    const own = new Map(teacher);
    const outside = logp.reduce((sum, value, id) => sum + (own.has(id) ? 0 : Math.exp(value)), 0);
    const expected = Float32Array.from(logp, (value, id) => {
      const target = own.get(id) ?? (remaining * Math.exp(value)) / outside;
      return (Math.exp(value) - target - (id === trueId ? trueWeight : 0)) / N;
    });
    const found = results['hiddenGradient']!.data.slice(row * size, (row + 1) * size);
    assertClose(found, expected, { what: `outside at ${outsideLogits[row]}`, absolute: 1e-6 });
  });
});

test('ghost is correct if the gradient outside the top k, and so the factor of the position, is 0', async () => {
  const { head } = example(1);
  const hidden = float([N, D], () => 0); // p = 1/V, so q = (V - 2) / V, and r = q · s makes s - r / q zero
  const teacher = [
    [2, 0.5],
    [5, 0.25],
  ] as const;
  const remaining = (0.75 * (V - 2)) / 2;
  const rows = Array.from({ length: N }, () => ({ trueId: 2, trueWeight: 0, teacher, remaining }));
  const results = await runHead({ hidden, head, ...feedsOf(rows) }, { treatment: 'ghost' });
  const slopes = Array.from({ length: V }, (_, id) => (id === 2 ? 0.375 - 0.5 : id === 5 ? 0.375 - 0.25 : 0));
  const expected = Float32Array.from({ length: N * D }, (_, at) =>
    slopes.reduce((sum, slope, id) => sum + (slope * Number(head.data[id * D + (at % D)])) / N, 0),
  );
  assertClose(results['hiddenGradient']!.data, expected, { what: 'hiddenGradient' });
});

test('loss and gradients stay finite if the mass outside the top k underflows', async () => {
  const { hidden, head } = example(400);
  const rows = positions(15).map((position, row) => {
    const logits = rowLogits(hidden, head, row);
    return { ...position, teacher: [[logits.indexOf(Math.max(...logits)), 0.4] as const] };
  });
  const run: HeadRun = { treatment: 'ghost' };
  const results = await runHead({ hidden, head, ...feedsOf(rows) }, run);
  for (const { data } of Object.values(results)) {
    assert.ok(data.every((value) => Number.isFinite(Number(value))));
  }
});

test('remaining mass with another number of positions is rejected', () => {
  const graph = new Graph('wrong');
  const targets = {
    hidden: graph.input('hidden', 'float32', [N, D]),
    head: graph.input('head', 'float32', [V, D]),
    targetIds: graph.input('ids', 'int64', [N, K]),
    targetWeights: graph.input('weights', 'float32', [N, K]),
  };
  const mass = graph.input('remaining', 'float32', [N + 1]);
  assert.throws(() => sparseCrossEntropy({ ...targets, rest: { treatment: 'ghost', mass } }), {
    code: 'SHAPE_MISMATCH',
  });
});

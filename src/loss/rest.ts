/**
 * What becomes of the mass that a truncated teacher (top-k) has beyond the ids that it names. Targets are [N, K]: target 0 is the true
 * id, the others are the teacher's, distinct within a position, each of weight above 0 (others are padding). Beside them stands
 * the rest r of each position, in the same unit as the weights. Sums over k run over all targets, sums over T over the teacher's.
 */
import {
  abs,
  add,
  cast,
  constant,
  div,
  fusedMatMul,
  gatherElements,
  greater,
  less,
  log,
  max,
  mul,
  neg,
  reduceSum,
  reshape,
  scatterElements,
  sub,
  where,
  type Value,
} from '../graph/index.ts';
import { difference, TINY } from './difference.ts';
import { headGradients, scaled, total, type HeadGradients, type HeadInputs, type Objective } from './head.ts';
import { logProbabilities, logShift } from './log-probability.ts';

/**
 * `renormalise` drops the rest and scales the weights of the teacher's ids to the sum that they would have had with it;
 * `spread` gives every other id of the vocabulary an equal part; `ghost` gives it to one more id that stands for all others.
 */
export type Rest = 'renormalise' | 'spread' | 'ghost';

/** A rest that the graph treats; renormalised targets are complete, and a graph for them has no such input. */
export interface RestMass {
  readonly treatment: Exclude<Rest, 'renormalise'>;
  /** float32 [N], none negative */
  readonly mass: Value;
}

/** ids int64 [N, K], weights float32 [N, K] */
type Targets = Readonly<Record<'ids' | 'weights', Value>>;

/** 1 where a target is one of the teacher's ids, else 0, as [N, K]. */
function teachers(weights: Value): Value {
  const [, width = 0] = weights.shape;
  const notTrue = constant(
    weights.graph,
    'float32',
    [1, width],
    Array.from({ length: width }, (_, k) => Math.min(k, 1)),
  );
  return cast(greater(mul(weights, notTrue), 0), 'float32');
}

/**
 * Cross-entropy against the distribution that has e = r / (V - |T|) at every id but the teacher's. Written as e everywhere
 * and w' = w - e at the teacher's ids (w' = w at the true id),
 *
 *     loss = -Σ_k w'_k · log p_k - e · Σ_j log p_j,    gradient at the logits = p · (Σw' + V·e) - scatter(w') - e
 *
 * With c the sum of the head's rows, Σ_j log p_j = h·c - V · log Σ exp z, and what -e adds to the gradients is -e·c at h and -e·h at each
 * row of the head: no pass over [N, V] is needed for it.
 */
export function spreadCrossEntropy(
  inputs: HeadInputs,
  { ids, weights }: Targets,
  mass: Value,
): HeadGradients {
  const { hidden, head } = inputs;
  const [rows = 0] = hidden.shape;
  const [vocabulary = 0] = head.shape;
  const kept = teachers(weights);
  const others = sub(vocabulary, reduceSum(kept, { axes: [1], keepDims: true }));
  const even = div(reshape(mass, [rows, 1]), max(others, 1)); // e, [N, 1]
  const headSum = reduceSum(head, { axes: [0], keepDims: true }); // c, [1, d]
  const columns = { ids, weights: sub(weights, mul(kept, even)), even };
  const { loss, hiddenGradient, headGradient } = headGradients(
    inputs,
    columns,
    spreadOver(headSum, vocabulary),
  );
  const pull = scaled(mul(even, 1 / rows), inputs.lossScale);
  return {
    loss,
    hiddenGradient: sub(hiddenGradient, mul(pull, headSum)),
    headGradient: sub(headGradient, fusedMatMul(pull, hidden, { transA: true })),
  };
}

/** The gradient at the logits but for -e: with s = Σw' + V·e, s · (p - scatter(w' / s)). */
function spreadOver(
  headSum: Value,
  vocabulary: number,
): Objective<Targets & Readonly<Record<'even', Value>>> {
  return ({ logits, probabilities, hidden, ids, weights, even }) => {
    const shift = logShift({ logits, probabilities }); // [n, 1]
    const scored = add(gatherElements(logits, ids, 1), shift); // [n, K]
    const everywhere = add(fusedMatMul(hidden, headSum, { transB: true }), mul(shift, vocabulary)); // Σ_j log p_j
    const gain = add(total(mul(weights, scored)), total(mul(even, everywhere)));
    const sums = add(reduceSum(weights, { axes: [1], keepDims: true }), mul(even, vocabulary));
    return { gain, difference: difference(probabilities, { ids, weights, sums }), factor: sums };
  };
}

/**
 * Cross-entropy with one more id of weight r whose probability is q = 1 - Σ_T p, that of all ids but the teacher's. With c = r / q,
 *
 *     loss = -Σ_k w_k · log p_k - r · log q
 *     gradient at the logits = (s - c) · p outside T and s · p inside, - scatter(w), where s = Σw + r
 *
 * (In one line: p · (Σw - c · Σ_T p) - scatter(w) + scatter_T(c · p); q + Σ_T p = 1 gives the form above, which subtracts no large
 * numbers where q is small.) q is the sum of what p has outside T, since 1 - Σ_T p would have no correct digit where q is near 1e-7;
 * below 1e-30 it counts as that. Two passes over [N, V] more than without a rest at most: a scatter in place, a sum.
 */
export function ghostCrossEntropy(inputs: HeadInputs, { ids, weights }: Targets, mass: Value): HeadGradients {
  const [rows = 0] = inputs.hidden.shape;
  const columns = { ids, weights, kept: teachers(weights), rest: reshape(mass, [rows, 1]) };
  return headGradients(inputs, columns, withGhost);
}

/** The gradient is f · (outside + scatter((s·p - w) / f)) with f = s - c, which may have either sign. */
const withGhost: Objective<Targets & Readonly<Record<'kept' | 'rest', Value>>> = (chunk) => {
  const { logits, probabilities, ids, weights, kept, rest } = chunk;
  const scored = logProbabilities({ logits, probabilities, ids }); // [n, K]
  const inside = mul(gatherElements(probabilities, ids, 1), kept); // [n, K]
  const into = { indices: ids, axis: 1, reduction: 'add' } as const;
  const outside = scatterElements(probabilities, { ...into, updates: neg(inside) }); // [n, V], 0 inside T
  const ghost = max(reduceSum(outside, { axes: [1], keepDims: true }), TINY); // q, [n, 1]
  const gain = add(total(mul(weights, scored)), total(mul(rest, log(ghost))));
  const sums = add(reduceSum(weights, { axes: [1], keepDims: true }), rest); // s
  const slope = sub(sums, div(rest, ghost));
  const divisor = where(less(abs(slope), TINY), TINY, slope);
  const updates = div(sub(mul(inside, sums), weights), divisor);
  return {
    gain,
    difference: scatterElements(outside, { ...into, updates }),
    factor: mul(divisor, cast(greater(sums, 0), 'float32')), // a position without targets has gradient 0
  };
};

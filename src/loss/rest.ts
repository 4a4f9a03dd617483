/**
 * Treatments of the remaining mass: the probability that a top-k teacher assigns to ids outside its
 * top k. Targets are [N, K]. Target 0 is the hard label. The others are the teacher's ids, distinct
 * within a position and with weights above 0; a weight of 0 marks padding. The remaining mass r of a
 * position has the same unit as the weights. Sums over k include all targets, sums over T only the
 * teacher's.
 *
 * Without teacher's ids, `spread` divides the mass over the whole vocabulary: a hard label of weight
 * 1 - ε with remaining mass ε is a smoothed label, as in PyTorch's CrossEntropyLoss(label_smoothing=ε).
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
 * How the remaining mass is treated. `renormalise` drops it and scales the weights of the teacher's
 * ids up to the full sum. `spread` divides it equally among all other ids. `ghost` assigns it to a
 * ghost token that represents all other ids.
 */
export type Rest = 'renormalise' | 'spread' | 'ghost';

/** Remaining mass as a graph input. Graphs for renormalised targets have none. */
export interface RestMass {
  readonly treatment: Exclude<Rest, 'renormalise'>;
  /** float32 [N], not negative. */
  readonly mass: Value;
}

/** ids int64 [N, K], weights float32 [N, K] */
type Targets = Readonly<Record<'ids' | 'weights', Value>>;

/** [N, K]: 1 for targets that are the teacher's ids, otherwise 0. */
function teacherMask(weights: Value): Value {
  const [, width = 0] = weights.shape;
  const soft = constant(
    weights.graph,
    'float32',
    [1, width],
    Array.from({ length: width }, (_, k) => Math.min(k, 1)),
  );
  return cast(greater(mul(weights, soft), 0), 'float32');
}

/**
 * Cross-entropy against the distribution with e = r / (V - |T|) at every id outside T. Written as e
 * everywhere and w' = w - e at the teacher's ids (w' = w at the hard label):
 *
 *     loss = -Σ_k w'_k · log p_k - e · Σ_j log p_j,    gradient at the logits = p · (Σw' + V·e) - scatter(w') - e
 *
 * With c the sum of the head's rows, Σ_j log p_j = h·c - V · log Σ exp z. The term -e adds -e·c to the
 * gradient at h and -e·h to the gradient at each row of the head, so it needs no pass over [N, V].
 */
export function spreadCrossEntropy(
  inputs: HeadInputs,
  { ids, weights }: Targets,
  mass: Value,
): HeadGradients {
  const { hidden, head } = inputs;
  const [rows = 0] = hidden.shape;
  const [vocabulary = 0] = head.shape;
  const kept = teacherMask(weights);
  const others = sub(vocabulary, reduceSum(kept, { axes: [1], keepDims: true }));
  const even = div(reshape(mass, [rows, 1]), max(others, 1)); // e, [N, 1]
  const headSum = reduceSum(head, { axes: [0], keepDims: true }); // c, [1, d]
  const columns = { ids, weights: sub(weights, mul(kept, even)), even };
  const { hiddenGradient, headGradient, ...losses } = headGradients(
    inputs,
    columns,
    spreadOver(headSum, vocabulary),
  );
  const pull = scaled(mul(even, 1 / rows), inputs.lossScale);
  return {
    ...losses,
    hiddenGradient: sub(hiddenGradient, mul(pull, headSum)),
    headGradient: sub(headGradient, fusedMatMul(pull, hidden, { transA: true })),
  };
}

/** The gradient at the logits without the term -e: s · (p - scatter(w' / s)) with s = Σw' + V·e. */
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
    return {
      gain,
      hasParts: true,
      scored,
      weights,
      difference: difference(probabilities, { ids, weights, sums }),
      factor: sums,
    };
  };
}

/**
 * Cross-entropy with a ghost token of weight r, whose probability q = 1 - Σ_T p is that of all ids
 * outside T. With c = r / q,
 *
 *     loss = -Σ_k w_k · log p_k - r · log q
 *     gradient at the logits = (s - c) · p outside T and s · p inside, - scatter(w), where s = Σw + r
 *
 * (Equal to p · (Σw - c · Σ_T p) - scatter(w) + scatter_T(c · p), because q + Σ_T p = 1. The form above
 * subtracts no large numbers if q is small.) q is computed as the sum of p outside T, because 1 - Σ_T p
 * has no correct digit for q near 1e-7; its lower bound is 1e-30. This costs at most two more passes
 * over [N, V] than a loss without remaining mass: a scatter in place and a sum.
 */
export function ghostCrossEntropy(inputs: HeadInputs, { ids, weights }: Targets, mass: Value): HeadGradients {
  const [rows = 0] = inputs.hidden.shape;
  const columns = { ids, weights, kept: teacherMask(weights), rest: reshape(mass, [rows, 1]) };
  return headGradients(inputs, columns, withGhost);
}

/** The gradient is f · (outside + scatter((s·p - w) / f)) with f = s - c, which can be negative. */
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
    hasParts: true,
    scored,
    weights,
    difference: scatterElements(outside, { ...into, updates }),
    factor: mul(divisor, cast(greater(sums, 0), 'float32')), // a position without targets has gradient 0
  };
};

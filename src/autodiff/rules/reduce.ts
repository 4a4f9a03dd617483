import { sizeOf } from '../../tensor/dtype.ts';
import {
  cast,
  cumSum,
  div,
  equal,
  exp,
  expand,
  mul,
  reduceSum,
  reshape,
  scatterElements,
  sub,
  zeros,
  type NodeOf,
  type Value,
} from '../../graph/index.ts';
import type { ReduceOp } from '../../graph/ops/attributes.ts';
import { NO_GRADIENT, type Rule, type Rules } from '../rule.ts';

/** Gradients of ops along axes. */

type ReductionOp = Extract<ReduceOp, `Reduce${string}`>;

/** Restores reduced axes with extent 1, so that the value broadcasts against the input. */
function kept(node: NodeOf<ReductionOp>, reduced: Value): Value {
  const { shape } = node.inputs[0]!;
  return reshape(
    reduced,
    shape.map((extent, axis) => (node.attributes.axes.includes(axis) ? 1 : extent)),
  );
}

/** Elements equal to the maximum or minimum share the gradient. */
const extreme: Rule<'ReduceMax' | 'ReduceMin'> = (node, [g]) => [
  () => {
    const x = node.inputs[0]!;
    const chosen = cast(equal(x, kept(node, node.outputs[0]!)), x.dtype);
    const { axes } = node.attributes;
    return mul(chosen, div(kept(node, g!), reduceSum(chosen, { axes, keepDims: true })));
  },
];

export const REDUCE_RULES: Rules<ReduceOp> = {
  ReduceSum: (node, [g]) => [() => expand(kept(node, g!), node.inputs[0]!.shape)],
  ReduceMean: (node, [g]) => [
    () => {
      const { shape } = node.inputs[0]!;
      const count = sizeOf(shape) / sizeOf(node.outputs[0]!.shape);
      return expand(mul(kept(node, g!), 1 / count), shape);
    },
  ],
  ReduceMax: extreme,
  ReduceMin: extreme,
  ReduceSumSquare: (node, [g]) => [() => mul(node.inputs[0]!, mul(kept(node, g!), 2))],
  ReduceLogSumExp: (node, [g]) => [
    () => mul(exp(sub(node.inputs[0]!, kept(node, node.outputs[0]!))), kept(node, g!)),
  ],
  // With P the softmax: P ∘ (g - Σ P ∘ g)
  Softmax: ({ outputs: [p], attributes: { axis } }, [g]) => [
    () => mul(p!, sub(g!, reduceSum(mul(p!, g!), { axes: [axis], keepDims: true }))),
  ],
  LogSoftmax: ({ outputs: [y], attributes: { axis } }, [g]) => [
    () => sub(g!, mul(exp(y!), reduceSum(g!, { axes: [axis], keepDims: true }))),
  ],
  CumSum: ({ attributes }, [g]) => [() => cumSum(g!, { ...attributes, reverse: !attributes.reverse })],
  TopK: ({ inputs: [x], outputs: [, indices], attributes: { axis } }, [g]) => [
    () => {
      const nothing = zeros(x!.graph, x!.dtype, x!.shape);
      return g === undefined ? nothing : scatterElements(nothing, { indices: indices!, updates: g, axis });
    },
  ],
  ArgMax: NO_GRADIENT,
};

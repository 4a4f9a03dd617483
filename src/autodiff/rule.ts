import { BrineError } from '../base/errors.ts';
import type { Shape } from '../tensor/dtype.ts';
import { reduceSum, reshape, sameShape, type NodeOf, type Op, type Value } from '../graph/index.ts';

/** Emits the gradient of one input. Called only if that gradient is needed. */
export type Thunk = () => Value;

/**
 * A gradient rule: maps a node and the gradients of its outputs to one thunk for each input. At
 * least one output has a gradient; the others are undefined. A thunk may return a gradient of the
 * broadcast shape, which the walk sums to the shape of the input. `undefined` instead of a thunk
 * marks an input without a gradient, such as indices.
 */
export type Rule<O extends Op> = (
  node: NodeOf<O>,
  gradients: readonly (Value | undefined)[],
) => readonly (Thunk | undefined)[];

/** Marks ops without a gradient: piecewise constant ones, and ops on integers. */
export const NO_GRADIENT = 'no gradient';

export type Entry<O extends Op> = Rule<O> | typeof NO_GRADIENT;

export type Rules<O extends Op> = { readonly [K in O]: Entry<K> };

/** Reverses broadcasting: sums a gradient over the broadcast axes, to this shape. */
export function sumTo(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const added = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((extent, i) =>
    i < added || (shape[i - added] === 1 && extent !== 1) ? [i] : [],
  );
  return reshape(axes.length === 0 ? gradient : reduceSum(gradient, { axes }), shape);
}

/** Memoizes a thunk, for gradients that several inputs share. */
export function once(build: Thunk): Thunk {
  let built: Value | undefined;
  return () => (built ??= build());
}

/** A thunk for an input whose gradient is not implemented. It throws GRADIENT_MISSING. */
export function missing(what: string): Thunk {
  return () => {
    throw new BrineError('GRADIENT_MISSING', `there is no gradient of ${what}`, {
      hint: 'Write the forward pass with other ops, or stop the gradient before this one.',
    });
  };
}

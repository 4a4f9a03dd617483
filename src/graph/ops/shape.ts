import { sizeOf, type DType, type Shape } from '../../tensor/dtype.ts';
import { scalar } from '../constant.ts';
import {
  ALL_TYPES,
  axesOf,
  axisOf,
  broadcastShape,
  countAxis,
  emitter,
  frontAxes,
  frontAxis,
  operandMismatch,
  requireTypes,
  sameShape,
  type Family,
} from '../definition.ts';
import type { Graph, Value } from '../graph.ts';
import { withAddedAxes, readPad, readReshape, readSlice, readSplit, clampedBounds } from './shape-reading.ts';
import type { ShapeOp } from './attributes.ts';

/** Ops that move elements without changing them. All shapes are static. */

export const SHAPE: Family<ShapeOp> = {
  Reshape: {
    arity: [1, 1],
    fields: { shape: { kind: 'intsInput', position: 1 } },
    foreign: { allowZero: { kind: 'flag', name: 'allowzero', default: false } },
    complete: readReshape,
    infer: (inputs, { shape }, op) => {
      if (sizeOf(inputs[0]!.shape) !== sizeOf(shape) || shape.some((extent) => extent < 0)) {
        throw operandMismatch(op, inputs, `cannot become [${shape.join(',')}]`);
      }
      return [{ dtype: inputs[0]!.dtype, shape }];
    },
  },
  Transpose: {
    arity: [1, 1],
    fields: { perm: { kind: 'ints', name: 'perm' } },
    complete: ({ perm }, { inputs }) => ({
      perm: (perm as readonly number[] | undefined) ?? inputs[0]!.shape.map((_, i) => i).toReversed(),
    }),
    infer: (inputs, { perm }, op) => {
      const { dtype, shape } = inputs[0]!;
      const sorted = frontAxes(op, inputs[0]!, perm);
      if (sorted.length !== shape.length)
        throw operandMismatch(op, inputs, `is not permuted by [${perm.join(',')}]`);
      return [{ dtype, shape: perm.map((axis) => shape[axis]!) }];
    },
  },
  Concat: {
    arity: [1, Number.POSITIVE_INFINITY],
    fields: { axis: { kind: 'int', name: 'axis' } },
    complete: countAxis,
    infer: (inputs, { axis }, op) => {
      const first = inputs[0]!;
      const at = frontAxis(op, first, axis);
      const fits = inputs.every(({ shape }) =>
        sameShape(shape.length > at ? shape.with(at, 0) : shape, first.shape.with(at, 0)),
      );
      if (!fits) throw operandMismatch(op, inputs, `has operands that differ outside axis ${axis}`);
      const extent = inputs.reduce((sum, { shape }) => sum + shape[at]!, 0);
      return [{ dtype: requireTypes(op, inputs, ALL_TYPES), shape: first.shape.with(at, extent) }];
    },
  },
  Split: {
    arity: [1, 1],
    fields: { sizes: { kind: 'intsInput', position: 1 }, axis: { kind: 'int', name: 'axis', default: 0 } },
    foreign: { parts: { kind: 'int', name: 'num_outputs' } },
    complete: readSplit,
    infer: (inputs, { sizes, axis }, op) => {
      const { dtype, shape } = inputs[0]!;
      const at = frontAxis(op, inputs[0]!, axis);
      if (sizes.reduce((a, b) => a + b, 0) !== shape[at] || sizes.some((size) => size < 0)) {
        throw operandMismatch(op, inputs, `cannot be split into [${sizes.join(',')}] along axis ${axis}`);
      }
      return sizes.map((size) => ({ dtype, shape: shape.with(at, size) }));
    },
  },
  Slice: {
    arity: [1, 1],
    fields: {
      starts: { kind: 'intsInput', position: 1, clamped: true },
      ends: { kind: 'intsInput', position: 2, clamped: true },
      axes: { kind: 'intsInput', position: 3 },
      steps: { kind: 'intsInput', position: 4, clamped: true },
    },
    complete: readSlice,
    infer: (inputs, attributes, op) => {
      const { dtype, shape } = inputs[0]!;
      const { starts, ends, axes, steps } = attributes;
      frontAxes(op, inputs[0]!, axes);
      const lengths = new Set([starts.length, ends.length, axes.length, steps.length]);
      if (lengths.size !== 1)
        throw operandMismatch(op, inputs, 'needs starts, ends, axes and steps of equal length');
      let result = shape;
      axes.forEach((axis, i) => {
        const [start, end, step] = [starts[i]!, ends[i]!, steps[i]!];
        if (start < 0 || start > end || end > shape[axis]! || step < 1) {
          throw operandMismatch(op, inputs, `has no slice ${start}:${end}:${step} along axis ${axis}`);
        }
        result = result.with(axis, Math.ceil((end - start) / step));
      });
      return [{ dtype, shape: result }];
    },
  },
  Expand: {
    arity: [1, 1],
    fields: { shape: { kind: 'intsInput', position: 1 } },
    complete: ({ shape }, { inputs }) => {
      const requested = shape as Shape | undefined;
      return requested === undefined
        ? {}
        : { shape: broadcastShape(inputs[0]!.shape, requested) ?? requested };
    },
    infer: (inputs, attributes, op) => {
      const shape = broadcastShape(inputs[0]!.shape, attributes.shape);
      if (shape === undefined || !sameShape(shape, attributes.shape)) {
        throw operandMismatch(op, inputs, `cannot be expanded to [${attributes.shape.join(',')}]`);
      }
      return [{ dtype: requireTypes(op, inputs, ALL_TYPES), shape }];
    },
  },
  Squeeze: {
    arity: [1, 1],
    fields: { axes: { kind: 'intsInput', position: 1 } },
    complete: ({ axes }, { op, inputs: [x] }) => {
      const every = x!.shape.flatMap((extent, i) => (extent === 1 ? [i] : []));
      return { axes: axesOf(op, x!, (axes as readonly number[] | undefined) ?? every) };
    },
    infer: (inputs, attributes, op) => {
      const { dtype, shape } = inputs[0]!;
      const axes = frontAxes(op, inputs[0]!, attributes.axes);
      if (axes.some((axis) => shape[axis] !== 1))
        throw operandMismatch(op, inputs, `has extents other than 1 in axes [${axes.join(',')}]`);
      return [{ dtype, shape: shape.filter((_, i) => !axes.includes(i)) }];
    },
  },
  Unsqueeze: {
    arity: [1, 1],
    fields: { axes: { kind: 'intsInput', position: 1 } },
    complete: ({ axes }, { op, inputs: [x] }) => {
      const requested = axes as readonly number[] | undefined;
      return requested === undefined ? {} : { axes: axesOf(op, withAddedAxes(x!, requested), requested) };
    },
    infer: (inputs, attributes, op) => {
      const { dtype, shape } = inputs[0]!;
      const result: number[] = [...shape];
      for (const axis of frontAxes(op, withAddedAxes(inputs[0]!, attributes.axes), attributes.axes))
        result.splice(axis, 0, 1);
      return [{ dtype, shape: result }];
    },
  },
  Tile: {
    arity: [1, 1],
    fields: { repeats: { kind: 'intsInput', position: 1 } },
    infer: (inputs, { repeats }, op) => {
      const { dtype, shape } = inputs[0]!;
      if (repeats.length !== shape.length || repeats.some((times) => times < 0))
        throw operandMismatch(op, inputs, `cannot be repeated [${repeats.join(',')}] times`);
      return [{ dtype, shape: shape.map((extent, i) => extent * repeats[i]!) }];
    },
  },
  Pad: {
    arity: [1, 1],
    fields: { pads: { kind: 'intsInput', position: 1 }, value: { kind: 'numberInput', position: 2 } },
    foreign: { axes: { kind: 'intsInput', position: 3 } },
    fixed: { mode: 'constant' },
    complete: readPad,
    infer: (inputs, { pads }, op) => {
      const { dtype, shape } = inputs[0]!;
      if (pads.length !== 2 * shape.length || pads.some((count) => count < 0)) {
        throw operandMismatch(op, inputs, `cannot be padded by [${pads.join(',')}]`);
      }
      return [{ dtype, shape: shape.map((extent, i) => extent + pads[i]! + pads[i + shape.length]!) }];
    },
  },
};

const emit = emitter(SHAPE);

/**
 * Reshapes x. One extent may be -1, which is inferred. Returns x itself if it already has the
 * shape.
 */
export function reshape(x: Value, shape: Shape): Value {
  const known = shape.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
  const full = shape.map((extent) => (extent === -1 && known > 0 ? sizeOf(x.shape) / known : extent));
  return sameShape(full, x.shape) ? x : emit('Reshape', [x], { shape: full })[0]!;
}

/** Axis i of the result is axis perm[i] of x. */
export function transpose(x: Value, perm: readonly number[]): Value {
  return emit('Transpose', [x], { perm: perm.map((axis) => axisOf('Transpose', x, axis)) })[0]!;
}

export function concat(xs: readonly Value[], axis: number): Value {
  if (xs.length === 0) throw operandMismatch('Concat', xs, 'needs at least one tensor');
  return xs.length === 1 ? xs[0]! : emit('Concat', xs, { axis: axisOf('Concat', xs[0]!, axis) })[0]!;
}

/** Splits x into pieces of these sizes along an axis. */
export function split(x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  return emit('Split', [x], { sizes, axis: axisOf('Split', x, axis) });
}

export interface SliceOptions {
  readonly starts: readonly number[];
  /** Exclusive; clamped to the extent. */
  readonly ends: readonly number[];
  /** Default: the first axes. */
  readonly axes?: readonly number[];
  /** Positive. Default 1. */
  readonly steps?: readonly number[];
}

/** Reads ranges of x. Negative starts and ends count from the end. */
export function slice(x: Value, options: SliceOptions): Value {
  const axes = (options.axes ?? options.starts.map((_, i) => i)).map((axis) => axisOf('Slice', x, axis));
  const starts = clampedBounds(x, axes, options.starts);
  const ends = clampedBounds(x, axes, options.ends);
  const steps = options.steps ?? starts.map(() => 1);
  return emit('Slice', [x], { starts, ends, axes, steps })[0]!;
}

/** Repeats extents of 1, and adds leading axes, to reach exactly this shape. */
export function expand(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : emit('Expand', [x], { shape })[0]!;
}

export function squeeze(x: Value, axes: readonly number[]): Value {
  return emit('Squeeze', [x], { axes: axesOf('Squeeze', x, axes) })[0]!;
}

/** Adds axes of extent 1. The axes count in the result. */
export function unsqueeze(x: Value, axes: readonly number[]): Value {
  return emit('Unsqueeze', [x], { axes: axesOf('Unsqueeze', withAddedAxes(x, axes), axes) })[0]!;
}

/** Repeats the whole tensor along each axis. */
export const tile = (x: Value, repeats: readonly number[]): Value => emit('Tile', [x], { repeats })[0]!;

/** Adds elements of a value before and after each axis. Default 0. */
export function pad(
  x: Value,
  { before, after, value }: { before: readonly number[]; after: readonly number[]; value?: number },
): Value {
  const pads = [...before, ...after];
  return emit('Pad', [x], value === undefined ? { pads } : { pads, value })[0]!;
}

/** A tensor filled with a number at run time, so the model does not store it. */
export function filled(graph: Graph, dtype: DType, options: { shape: Shape; value: number }): Value {
  return expand(scalar(graph, options.value, dtype), options.shape);
}

/** A tensor filled with zeros at run time, so the model does not store it. */
export function zeros(graph: Graph, dtype: DType, shape: Shape): Value {
  return filled(graph, dtype, { shape, value: 0 });
}

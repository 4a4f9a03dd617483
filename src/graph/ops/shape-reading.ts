import { sizeOf, type Shape } from '../../tensor/dtype.ts';
import { axesOf, axisOf, operandMismatch, type ReadAttributes, type NodeSignature } from '../definition.ts';
import type { TensorType, Value } from '../graph.ts';
import type { ShapeAttributes, SliceAttributes } from './attributes.ts';

/**
 * Completes attributes of shape ops that ONNX leaves implicit. All functions throw SHAPE_MISMATCH.
 */

/** Resolves the extents 0 (the extent of the input) and -1 (the remaining elements). */
export function readReshape(
  { shape, allowZero }: ReadAttributes,
  { op, inputs: [x] }: NodeSignature,
): { shape?: Shape } {
  const requested = shape as Shape | undefined;
  if (requested === undefined) return {};
  const extents = requested.map((extent, i) => (extent === 0 && !allowZero ? (x!.shape[i] ?? -2) : extent));
  const known = extents.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
  const open = extents.filter((extent) => extent === -1).length;
  const filled = extents.map((extent) => (extent === -1 ? sizeOf(x!.shape) / known : extent));
  // serialize writes no allowzero, so an extent of 0 must equal that of the input.
  const whole = filled.every((extent, i) => Number.isInteger(extent) && (extent !== 0 || x!.shape[i] === 0));
  if (open > 1 || !whole) throw operandMismatch(op, [x!], `cannot become [${requested.join(',')}]`);
  return { shape: filled };
}

/** Fills in sizes that a model omits: all are equal, but the last may be smaller. */
export function readSplit(read: ReadAttributes, node: NodeSignature): Partial<ShapeAttributes['Split']> {
  const { op, inputs, outputs } = node;
  const [x] = inputs;
  const axis = axisOf(op, x!, Number(read['axis']));
  const [given, parts] = [
    read['sizes'] as readonly number[] | undefined,
    read['parts'] as number | undefined,
  ];
  if (given !== undefined && parts !== undefined)
    throw operandMismatch(op, inputs, 'has both sizes and num_outputs');
  const count = given?.length ?? parts ?? outputs;
  if (count !== outputs || count < 1)
    throw operandMismatch(op, inputs, `has ${count} parts, but ${outputs} outputs`);
  const extent = x!.shape[axis]!;
  const each = Math.ceil(extent / count);
  const equal = Array.from({ length: count }, (_, i) => (i + 1 < count ? each : extent - each * (count - 1)));
  return { axis, sizes: given ?? equal };
}

/** Resolves bounds: negative ones count from the end, and those beyond the extent are clamped. */
export function readSlice(
  read: ReadAttributes,
  { op, inputs: [x] }: NodeSignature,
): Partial<SliceAttributes> {
  const lists = read as Readonly<Record<string, readonly number[] | undefined>>;
  const { starts = [], ends = [] } = lists;
  const axes = (lists['axes'] ?? starts.map((_, i) => i)).map((axis) => axisOf(op, x!, axis));
  const steps = lists['steps'] ?? starts.map(() => 1);
  if (steps.some((step) => step < 1))
    throw operandMismatch(op, [x!], `has the unsupported steps [${steps.join(',')}]`);
  const begins = clampedBounds(x!, axes, starts);
  const stops = clampedBounds(x!, axes, ends).map((end, i) => Math.max(end, begins[i] ?? 0));
  return { starts: begins, ends: stops, axes, steps };
}

/** Resolves bounds of a slice to 0 … extent, by axis. */
export function clampedBounds(x: Value, axes: readonly number[], bounds: readonly number[]): number[] {
  return bounds.map((at, i) => {
    const extent = x.shape[axes[i]!] ?? 0;
    return Math.max(0, Math.min(at < 0 ? at + extent : at, extent));
  });
}

/** Expands the pads of some axes to pads of all axes. */
export function readPad(
  read: ReadAttributes,
  { op, inputs: [x] }: NodeSignature,
): Partial<ShapeAttributes['Pad']> {
  const { axes, pads, ...others } = read;
  if (axes === undefined || pads === undefined) return { ...others, pads } as ShapeAttributes['Pad'];
  const [requested, given] = [axes as readonly number[], pads as readonly number[]];
  axesOf(op, x!, requested);
  if (given.length !== 2 * requested.length)
    throw operandMismatch(op, [x!], `cannot be padded by [${given.join(',')}]`);
  const rank = x!.shape.length;
  const whole = Array.from({ length: 2 * rank }, () => 0);
  requested.forEach((axis, i) => {
    const at = axisOf(op, x!, axis);
    whole[at] = given[i]!;
    whole[at + rank] = given[i + requested.length]!;
  });
  return { ...others, pads: whole };
}

/** A type of the rank of the result of Unsqueeze, which counts its axes in the result. */
export function withAddedAxes({ dtype, shape }: TensorType, axes: readonly number[]): TensorType {
  return { dtype, shape: Array.from({ length: shape.length + axes.length }, () => 1) };
}

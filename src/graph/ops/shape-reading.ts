import { sizeOf, type Shape } from '../../tensor/dtype.ts';
import { axesOf, axisOf, misfit, type ReadAttributes, type NodeSignature } from '../definition.ts';
import type { TensorType, Value } from '../graph.ts';
import type { ShapeAttributes, SliceAttributes } from './attributes.ts';

/** What ONNX leaves to be derived from the operands of ops that move elements. All throw SHAPE_MISMATCH. */

/** 0 stands for the input's extent there, -1 for what is left. */
export function readReshape(
  { shape, allowZero }: ReadAttributes,
  { op, inputs: [x] }: NodeSignature,
): { shape?: Shape } {
  const asked = shape as Shape | undefined;
  if (asked === undefined) return {};
  const extents = asked.map((extent, i) => (extent === 0 && !allowZero ? (x!.shape[i] ?? -2) : extent));
  const known = extents.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
  const open = extents.filter((extent) => extent === -1).length;
  const filled = extents.map((extent) => (extent === -1 ? sizeOf(x!.shape) / known : extent));
  // A graph is written without allowzero, so a 0 must be what stands there already.
  const whole = filled.every((extent, i) => Number.isInteger(extent) && (extent !== 0 || x!.shape[i] === 0));
  if (open > 1 || !whole) throw misfit(op, [x!], `cannot become [${asked.join(',')}]`);
  return { shape: filled };
}

/** Without sizes, equal ones, the last of which may be smaller. */
export function readSplit(read: ReadAttributes, reading: NodeSignature): Partial<ShapeAttributes['Split']> {
  const { op, inputs, outputs } = reading;
  const [x] = inputs;
  const axis = axisOf(op, x!, Number(read['axis']));
  const [given, parts] = [
    read['sizes'] as readonly number[] | undefined,
    read['parts'] as number | undefined,
  ];
  if (given !== undefined && parts !== undefined) throw misfit(op, inputs, 'is given sizes and num_outputs');
  const count = given?.length ?? parts ?? outputs;
  if (count !== outputs || count < 1) throw misfit(op, inputs, `gives ${count} parts for ${outputs} outputs`);
  const extent = x!.shape[axis]!;
  const each = Math.ceil(extent / count);
  const equal = Array.from({ length: count }, (_, i) => (i + 1 < count ? each : extent - each * (count - 1)));
  return { axis, sizes: given ?? equal };
}

/** Bounds that are negative count from the end; those beyond the extent mean the extent. */
export function readSlice(
  read: ReadAttributes,
  { op, inputs: [x] }: NodeSignature,
): Partial<SliceAttributes> {
  const lists = read as Readonly<Record<string, readonly number[] | undefined>>;
  const { starts = [], ends = [] } = lists;
  const axes = (lists['axes'] ?? starts.map((_, i) => i)).map((axis) => axisOf(op, x!, axis));
  const steps = lists['steps'] ?? starts.map(() => 1);
  if (steps.some((step) => step < 1)) throw misfit(op, [x!], `has the steps [${steps.join(',')}]`);
  const begins = within(x!, axes, starts);
  const stops = within(x!, axes, ends).map((end, i) => Math.max(end, begins[i] ?? 0));
  return { starts: begins, ends: stops, axes, steps };
}

export function within(x: Value, axes: readonly number[], bounds: readonly number[]): number[] {
  return bounds.map((at, i) => {
    const extent = x.shape[axes[i]!] ?? 0;
    return Math.max(0, Math.min(at < 0 ? at + extent : at, extent));
  });
}

/** Pads of some axes as pads of all. */
export function readPad(
  read: ReadAttributes,
  { op, inputs: [x] }: NodeSignature,
): Partial<ShapeAttributes['Pad']> {
  const { axes, pads, ...others } = read;
  if (axes === undefined || pads === undefined) return { ...others, pads } as ShapeAttributes['Pad'];
  const [asked, given] = [axes as readonly number[], pads as readonly number[]];
  axesOf(op, x!, asked);
  if (given.length !== 2 * asked.length) throw misfit(op, [x!], `cannot be padded by [${given.join(',')}]`);
  const rank = x!.shape.length;
  const whole = Array.from({ length: 2 * rank }, () => 0);
  asked.forEach((axis, i) => {
    const at = axisOf(op, x!, axis);
    whole[at] = given[i]!;
    whole[at + rank] = given[i + asked.length]!;
  });
  return { ...others, pads: whole };
}

/** What Unsqueeze counts its axes in. */
export function grownBy({ dtype, shape }: TensorType, axes: readonly number[]): TensorType {
  return { dtype, shape: Array.from({ length: shape.length + axes.length }, () => 1) };
}

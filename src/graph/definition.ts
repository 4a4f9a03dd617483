import { BrineError } from '../base/errors.ts';
import { checkedSize, type DType, type Shape } from '../tensor/dtype.ts';
import { ANY, type Attributes, type Graph, type TensorType, type Value } from './graph.ts';
import type { Op } from './ops/attributes.ts';

/**
 * What is known of an op: how many inputs it takes, its rule for output types, and how each attribute is written in
 * ONNX. ONNX passes some of what is fixed when a graph is built (axes, shapes, bounds) as input tensors; here they are
 * attributes all the same, and a field says at which input position they travel.
 */

export type AttributeField =
  | { readonly kind: 'int' | 'float'; readonly name: string; readonly missing?: number }
  | { readonly kind: 'flag'; readonly name: string; readonly missing?: boolean }
  /** One of these words. */
  | {
      readonly kind: 'string';
      readonly name: string;
      readonly among: readonly string[];
      readonly missing?: string;
    }
  | { readonly kind: 'ints'; readonly name: string }
  | { readonly kind: 'dtype'; readonly name: string }
  /** A graph inside the node. */
  | { readonly kind: 'graph'; readonly name: string }
  /** An int64 tensor of rank 1 at this input position. */
  | {
      readonly kind: 'intsInput';
      readonly position: number;
      /** Whether numbers beyond ±2^53 stand for those, as the ends of slices do. */
      readonly clamped?: boolean;
    }
  /** One integer at this input position, as an int64 tensor of shape [1], or [] where `scalar`. */
  | { readonly kind: 'intInput'; readonly position: number; readonly scalar?: boolean }
  /** One number of the first input's type at this input position; may be undefined. */
  | { readonly kind: 'numberInput'; readonly position: number };

export type AttributeValue = number | boolean | string | readonly number[] | Graph | undefined;

/** Attributes by key as a model gives them; what it leaves out is not there. */
export type ReadAttributes = Readonly<Record<string, AttributeValue>>;

/** The node that attributes are read for. */
export interface NodeSignature {
  readonly op: Op;
  readonly inputs: readonly Value[];
  /** How many outputs the node names. */
  readonly outputs: number;
}

export type AttributeFields<A> = { readonly [K in keyof A]-?: AttributeField };

export interface OpDefinition<A> {
  /** Fewest and most input values. */
  readonly arity: readonly [least: number, most: number];
  readonly domain?: 'com.microsoft';
  /** ONNX's position of each output, where it is not simply 0, 1, 2… */
  readonly outputSlots?: readonly number[];
  /** How many outputs must be computed; those after it are left out of the model when nobody uses them. */
  readonly requiredOutputs?: number;
  readonly fields: AttributeFields<A>;
  /** Attributes of ONNX that only a foreign model has: `complete` folds them into A. */
  readonly foreign?: Readonly<Record<string, AttributeField>>;
  /** Attributes of ONNX that are understood with this one value, their default, and refused with any other. */
  readonly fixed?: Readonly<Record<string, number | string>>;
  /**
   * From what a model says, `foreign` included, to A: fills in what ONNX leaves to be derived from the operands, and counts axes from
   * the front. What stays undefined is missing. Throws SHAPE_MISMATCH.
   */
  readonly complete?: (read: ReadAttributes, reading: NodeSignature) => Partial<A>;
  /** Types of the outputs. Throws SHAPE_MISMATCH naming the op and the shapes. */
  infer(inputs: readonly Value[], attributes: A, op: Op): readonly TensorType[];
}

export type Family<O extends Op> = { readonly [K in O]: OpDefinition<Attributes[K]> };

/** Derives the types and appends the node. */
export function emitNode<O extends Op>(
  op: O,
  definition: OpDefinition<Attributes[O]>,
  { inputs, attributes, names }: Emission<O>,
): readonly Value[] {
  const types = inferTypes(op, definition, { inputs, attributes });
  return inputs[0]!.graph.append({
    op,
    attributes,
    inputs,
    types,
    ...(names === undefined ? {} : { names }),
  });
}

export interface Emission<O extends Op> {
  readonly inputs: readonly Value[];
  readonly attributes: Attributes[O];
  readonly names?: readonly string[];
}

/** The output types of a node to be. Throws SHAPE_MISMATCH, also for outputs of more than 2^53 elements. */
export function inferTypes<O extends Op>(
  op: O,
  definition: OpDefinition<Attributes[O]>,
  { inputs, attributes }: Emission<O>,
): readonly TensorType[] {
  const [least, most] = definition.arity;
  if (inputs.length < least || inputs.length > most) {
    throw misfit(op, inputs, `takes ${least === most ? least : `${least} to ${most}`} inputs`);
  }
  if (op !== 'Scan' && inputs.some(({ shape }) => shape.includes(ANY)))
    throw misfit(op, inputs, 'cannot read a stack: only Scan does');
  const types = definition.infer(inputs, attributes, op);
  for (const type of types) {
    const inner = type.shape[0] === ANY ? type.shape.slice(1) : type.shape;
    if (checkedSize(inner) === undefined) throw misfit(op, inputs, `gives ${describeType(type)}`);
  }
  return types;
}

/** The constructor of nodes of one family; each op's own function wraps it. */
export function emitter<F extends Op>(family: Family<F>) {
  return <O extends F>(op: O, inputs: readonly Value[], attributes: Attributes[O]): readonly Value[] =>
    emitNode<O>(op, family[op], { inputs, attributes });
}

/** The error of an op whose operands do not fit: names the op, what is wrong, and every operand's type. */
export function misfit(op: string, inputs: readonly TensorType[], why: string): BrineError {
  const types = inputs.map((input) => describeType(input)).join(', ');
  return new BrineError('SHAPE_MISMATCH', `${op}(${types}) ${why}`, {
    hint: `Check the operands of this ${op}.`,
  });
}

export function describeType({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.join(',')}]`;
}

export const FLOATS: readonly DType[] = ['float32', 'float64', 'float16', 'bfloat16'];
export const INTEGERS: readonly DType[] = ['int32', 'int64', 'uint8', 'uint16', 'uint32'];
export const NUMBERS: readonly DType[] = [...FLOATS, ...INTEGERS];
export const INDICES: readonly DType[] = ['int32', 'int64'];

/** Throws SHAPE_MISMATCH unless every given input has one of these types and all have the same. */
export function requireTypes(op: string, inputs: readonly Value[], allowed: readonly DType[]): DType {
  const first = inputs[0]!.dtype;
  if (!allowed.includes(first)) throw misfit(op, inputs, `works on ${allowed.join(', ')}`);
  if (inputs.some((input) => input.dtype !== first)) throw misfit(op, inputs, 'wants operands of one type');
  return first;
}

/** The shape of a multidirectional broadcast (as in NumPy), or undefined when the extents contradict. */
export function broadcastShape(...shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result = Array.from({ length: rank }, () => 1);
  for (const shape of shapes) {
    const offset = rank - shape.length;
    for (let i = 0; i < shape.length; i += 1) {
      const extent = shape[i]!;
      if (extent === 1 || extent === result[offset + i]) continue;
      if (result[offset + i] !== 1) return undefined;
      result[offset + i] = extent;
    }
  }
  return result;
}

/** Throws SHAPE_MISMATCH when the inputs do not broadcast. */
export function broadcastOf(op: string, inputs: readonly Value[]): Shape {
  const shape = broadcastShape(...inputs.map((input) => input.shape));
  if (shape === undefined) throw misfit(op, inputs, 'cannot be broadcast to one shape');
  return shape;
}

/** An axis counted from the front. Throws SHAPE_MISMATCH when there is no such axis. */
export function axisOf(op: string, input: TensorType, axis: number): number {
  const rank = input.shape.length;
  const positive = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && positive >= 0 && positive < rank) return positive;
  throw misfit(op, [input], `has no axis ${axis}`);
}

export function axesOf(op: string, input: TensorType, axes: readonly number[]): readonly number[] {
  const positive = axes.map((axis) => axisOf(op, input, axis));
  if (new Set(positive).size !== positive.length)
    throw misfit(op, [input], `repeats an axis in [${axes.join(',')}]`);
  return positive.toSorted((a, b) => a - b);
}

/**
 * The axis of a node, which is counted from the front: gradient rules rely on it. Throws SHAPE_MISMATCH.
 */
export function frontAxis(op: string, input: TensorType, axis: number): number {
  if (axis < 0) throw misfit(op, [input], `has an axis ${axis} that is not counted from the front`);
  return axisOf(op, input, axis);
}

/** The same of several axes. */
export function frontAxes(op: string, input: TensorType, axes: readonly number[]): readonly number[] {
  for (const axis of axes) frontAxis(op, input, axis);
  return axesOf(op, input, axes);
}

/** `complete` of an op whose `axis` is one of its first input's. */
export function countAxis<A extends { readonly axis: number }>(
  read: ReadAttributes,
  { op, inputs }: NodeSignature,
): Partial<A> {
  const axis = read['axis'];
  if (typeof axis !== 'number') return read as Partial<A>;
  return { ...read, axis: axisOf(op, inputs[0]!, axis) } as unknown as Partial<A>;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, i) => extent === b[i]);
}

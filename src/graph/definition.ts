import { BrineError } from '../base/errors.ts';
import { checkedSize, type DType, type Shape } from '../tensor/dtype.ts';
import { ANY, type Attributes, type Graph, type TensorType, type Value } from './graph.ts';
import type { Op } from './ops/attributes.ts';

/**
 * The definition of an op: its number of inputs, the rule for its output types, and the ONNX
 * encoding of each attribute. Some attributes that are fixed when a graph is built (axes, shapes,
 * bounds) are input tensors in ONNX. Here they are attributes too, and a field gives their input
 * position.
 */

export type AttributeField =
  | { readonly kind: 'int' | 'float'; readonly name: string; readonly default?: number }
  | { readonly kind: 'flag'; readonly name: string; readonly default?: boolean }
  /** One of the strings in `among`. */
  | {
      readonly kind: 'string';
      readonly name: string;
      readonly among: readonly string[];
      readonly default?: string;
    }
  | { readonly kind: 'ints'; readonly name: string }
  | { readonly kind: 'dtype'; readonly name: string }
  /** The inner graph of the node. */
  | { readonly kind: 'graph'; readonly name: string }
  /** An int64 tensor of rank 1 at this input position. */
  | {
      readonly kind: 'intsInput';
      readonly position: number;
      /** Whether numbers beyond ±2^53 are clamped, as for the ends of slices. */
      readonly clamped?: boolean;
    }
  /** One integer at this input position, as an int64 tensor of shape [1], or [] where `scalar`. */
  | { readonly kind: 'intInput'; readonly position: number; readonly scalar?: boolean }
  /** One number of the first input's type at this input position; may be undefined. */
  | { readonly kind: 'numberInput'; readonly position: number };

/** A field whose attribute is an input tensor in ONNX. */
export type TensorField = Extract<AttributeField, { readonly position: number }>;

/** A field that is neither a tensor nor a graph. */
export type PlainField = Exclude<AttributeField, TensorField | { readonly kind: 'graph' }>;

export type AttributeValue = number | boolean | string | readonly number[] | Graph | undefined;

/** Attributes by key, as read from a model. Omitted attributes have no entry. */
export type ReadAttributes = Readonly<Record<string, AttributeValue>>;

/** The node whose attributes are read. */
export interface NodeSignature {
  readonly op: Op;
  readonly inputs: readonly Value[];
  /** Number of outputs that the node names. */
  readonly outputs: number;
}

export type AttributeFields<A> = { readonly [K in keyof A]-?: AttributeField };

export interface OpDefinition<A> {
  /** Minimum and maximum number of inputs. */
  readonly arity: readonly [min: number, max: number];
  readonly domain?: 'com.microsoft';
  /** Position of each output in ONNX. Default 0, 1, 2, … */
  readonly outputSlots?: readonly number[];
  /**
   * Number of outputs that are always computed. Later outputs are omitted from the model if nothing
   * reads them.
   */
  readonly requiredOutputs?: number;
  readonly fields: AttributeFields<A>;
  /** Attributes that occur only in models of other exporters. `complete` converts them to A. */
  readonly foreign?: Readonly<Record<string, AttributeField>>;
  /** ONNX attributes that are supported only with this value, their default. */
  readonly fixed?: Readonly<Record<string, number | string>>;
  /**
   * Converts the attributes of a model, including `foreign`, to A: derives the attributes that ONNX
   * leaves implicit, and counts axes from the front. Attributes that stay undefined are missing.
   * Throws SHAPE_MISMATCH.
   */
  readonly complete?: (read: ReadAttributes, node: NodeSignature) => Partial<A>;
  /** Infers the output types. Throws SHAPE_MISMATCH with the op and the shapes. */
  infer(inputs: readonly Value[], attributes: A, op: Op): readonly TensorType[];
}

/** The definition of any op. */
export type AnyDefinition = OpDefinition<Attributes[Op]>;

export type Family<O extends Op> = { readonly [K in O]: OpDefinition<Attributes[K]> };

/** Infers the output types and appends the node. */
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

/**
 * Infers the output types of a new node. Throws SHAPE_MISMATCH, also for an output of more than
 * 2^53 elements.
 */
export function inferTypes<O extends Op>(
  op: O,
  definition: OpDefinition<Attributes[O]>,
  { inputs, attributes }: Emission<O>,
): readonly TensorType[] {
  const [min, max] = definition.arity;
  if (inputs.length < min || inputs.length > max) {
    throw operandMismatch(op, inputs, `takes ${min === max ? min : `${min} to ${max}`} inputs`);
  }
  if (op !== 'Scan' && inputs.some(({ shape }) => shape.includes(ANY)))
    throw operandMismatch(op, inputs, 'cannot read a stack; only Scan can');
  const types = definition.infer(inputs, attributes, op);
  for (const type of types) {
    const inner = type.shape[0] === ANY ? type.shape.slice(1) : type.shape;
    if (checkedSize(inner) === undefined)
      throw operandMismatch(op, inputs, `has an output of the invalid type ${describeType(type)}`);
  }
  return types;
}

/** Returns the node constructor of one family, which the function of each op wraps. */
export function emitter<F extends Op>(family: Family<F>) {
  return <O extends F>(op: O, inputs: readonly Value[], attributes: Attributes[O]): readonly Value[] =>
    emitNode<O>(op, family[op], { inputs, attributes });
}

/**
 * The SHAPE_MISMATCH error of an op whose operands do not fit. Names the op, the fault and the type
 * of every operand.
 */
export function operandMismatch(op: string, inputs: readonly TensorType[], why: string): BrineError {
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
export const ALL_TYPES: readonly DType[] = [...NUMBERS, 'bool'];

/**
 * Returns the element type of the inputs. Throws SHAPE_MISMATCH if it is not allowed, or if the
 * inputs have different types.
 */
export function requireTypes(op: string, inputs: readonly Value[], allowed: readonly DType[]): DType {
  const first = inputs[0]!.dtype;
  if (!allowed.includes(first)) throw operandMismatch(op, inputs, `supports only ${allowed.join(', ')}`);
  if (inputs.some((input) => input.dtype !== first))
    throw operandMismatch(op, inputs, 'needs operands of the same type');
  return first;
}

/**
 * The shape of a multidirectional broadcast (as in NumPy); undefined if the extents are
 * incompatible.
 */
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

/** The broadcast shape of the inputs. Throws SHAPE_MISMATCH if they do not broadcast. */
export function broadcastOf(op: string, inputs: readonly Value[]): Shape {
  const shape = broadcastShape(...inputs.map((input) => input.shape));
  if (shape === undefined) throw operandMismatch(op, inputs, 'cannot be broadcast to one shape');
  return shape;
}

/**
 * Converts an axis to one counted from the front. Throws SHAPE_MISMATCH if there is no such axis.
 */
export function axisOf(op: string, input: TensorType, axis: number): number {
  const rank = input.shape.length;
  const positive = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && positive >= 0 && positive < rank) return positive;
  throw operandMismatch(op, [input], `has no axis ${axis}`);
}

export function axesOf(op: string, input: TensorType, axes: readonly number[]): readonly number[] {
  const positive = axes.map((axis) => axisOf(op, input, axis));
  if (new Set(positive).size !== positive.length)
    throw operandMismatch(op, [input], `repeats an axis in [${axes.join(',')}]`);
  return positive.toSorted((a, b) => a - b);
}

/**
 * Checks that the axis of a node is counted from the front, as gradient rules assume. Throws
 * SHAPE_MISMATCH.
 */
export function frontAxis(op: string, input: TensorType, axis: number): number {
  if (axis < 0) throw operandMismatch(op, [input], `has an axis ${axis} that is not counted from the front`);
  return axisOf(op, input, axis);
}

/** As frontAxis, for several axes. Returns them in ascending order. */
export function frontAxes(op: string, input: TensorType, axes: readonly number[]): readonly number[] {
  for (const axis of axes) frontAxis(op, input, axis);
  return axesOf(op, input, axes);
}

/** `complete` of an op whose `axis` refers to its first input. */
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

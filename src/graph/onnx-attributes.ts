import { BrineError } from '../base/errors.ts';
import type { DType, TensorData } from '../tensor/dtype.ts';
import { float32OfBrain, float32OfHalf } from '../tensor/half.ts';
import { brine } from '../wire/generated/onnx.js';
import { bitsOf, typedArray } from './constant.ts';
import type { AttributeField, AttributeValue, OpDefinition } from './definition.ts';
import { Graph, type Node } from './graph.ts';
import { dtypeCode, dtypeOf, int64, readInt64 } from './onnx-tensors.ts';
import type { Attributes, Op } from './ops/table.ts';

/**
 * Attributes of nodes as ONNX writes them: most as attribute messages, some as small tensors at an input position. Such
 * a tensor is named after its content, so equal ones are shared.
 */

type AttributeMessage = brine.onnx.IAttributeProto;
type Definition = OpDefinition<Attributes[Op]>;

/** A field that is neither a tensor nor a graph. */
type PlainField = Exclude<AttributeField, { readonly position: number } | { readonly kind: 'graph' }>;

/** Tensors that carry attributes, by their names, in order of first use. */
export type AttributeTensors = Map<string, TensorData>;

const { FLOAT, INT, STRING, INTS } = brine.onnx.AttributeProto.AttributeType;

function fieldsOf(definition: Definition): readonly (readonly [string, AttributeField])[] {
  return Object.entries<AttributeField>(definition.fields);
}

function attributeOf(node: Node, key: string): AttributeValue {
  return (node.attributes as Readonly<Record<string, AttributeValue>>)[key];
}

export function attributeMessages(node: Node, definition: Definition): AttributeMessage[] {
  return fieldsOf(definition).flatMap(([key, field]) => {
    const value = attributeOf(node, key);
    if ('position' in field || value === undefined || field.kind === 'graph') return [];
    if (value instanceof Graph) return [];
    return [{ name: field.name, ...attributeMessage(field, value) }];
  });
}

function attributeMessage(
  field: PlainField,
  value: Exclude<AttributeValue, Graph | undefined>,
): AttributeMessage {
  switch (field.kind) {
    case 'float':
      return { type: FLOAT, f: Number(value) };
    case 'int':
    case 'flag':
      return { type: INT, i: int64(Number(value)) };
    case 'string':
      return { type: STRING, s: Buffer.from(String(value)) };
    case 'ints':
      return { type: INTS, ints: (value as readonly number[]).map(int64) };
    default:
      return { type: INT, i: int64(dtypeCode(value as DType)) };
  }
}

/** The input names of a node: its operands, with the tensors of attributes at their positions, the prefix before theirs. */
export function attributeInputs(
  node: Node,
  definition: Definition,
  {
    values,
    tensors,
    prefix,
  }: { readonly values: readonly string[]; readonly tensors: AttributeTensors; readonly prefix: string },
): string[] {
  const at = new Map<number, string>();
  for (const [key, field] of fieldsOf(definition)) {
    const value = attributeOf(node, key);
    if (!('position' in field) || value === undefined) continue;
    const [name, tensor] = attributeTensor(field, value, node.inputs[0]!.dtype);
    tensors.set(name, tensor);
    at.set(field.position, prefix + name);
  }
  const names: string[] = [];
  const rest = [...values];
  const last = Math.max(-1, ...at.keys());
  // An absent bound leaves a gap, which ONNX writes as an empty name.
  const positions = new Set(fieldsOf(definition).flatMap(([, f]) => ('position' in f ? [f.position] : [])));
  while (rest.length > 0 || names.length <= last) {
    const position = names.length;
    names.push(positions.has(position) ? (at.get(position) ?? '') : rest.shift()!);
  }
  return names;
}

function attributeTensor(
  field: Extract<AttributeField, { readonly position: number }>,
  value: Exclude<AttributeValue, undefined>,
  dtype: DType,
): readonly [name: string, tensor: TensorData] {
  if (field.kind === 'numberInput') {
    const number = Number(value);
    const data = typedArray(dtype, [bitsOf(dtype, number)]);
    return [`${dtype}:${number}`, { dtype, shape: [], data }];
  }
  const list = field.kind === 'intsInput' ? (value as readonly number[]) : [Number(value)];
  const scalar = field.kind === 'intInput' && field.scalar === true;
  return [
    scalar ? `int64:${list[0]}` : `int64:[${list.join(',')}]`,
    { dtype: 'int64', shape: scalar ? [] : [list.length], data: typedArray('int64', list) },
  ];
}

/**
 * A node's attributes from its message, but for its inner graph. Throws GRAPH_INVALID when one that has no default is missing, and for
 * tensors that hold no attribute of their kind.
 */
export function readAttributes(
  message: brine.onnx.INodeProto,
  definition: Definition,
  tensor: (name: string) => TensorData,
): Readonly<Record<string, AttributeValue>> {
  const given = new Map((message.attribute ?? []).map((attribute) => [attribute.name ?? '', attribute]));
  const result: Record<string, AttributeValue> = {};
  for (const [key, field] of fieldsOf(definition)) {
    if (field.kind === 'graph') continue;
    const value =
      'position' in field
        ? tensorAttribute(field, message, tensor)
        : plainAttribute(field, given.get(field.name));
    if (value !== undefined) {
      result[key] = value;
    } else if (field.kind !== 'numberInput') {
      throw new BrineError('GRAPH_INVALID', `${message.opType} ${message.name} does not say its ${key}`, {
        hint: 'Brine wants axes and shapes to be written out.',
      });
    }
  }
  return result;
}

function plainAttribute(field: PlainField, message: AttributeMessage | undefined): AttributeValue {
  if (message === undefined) return 'missing' in field ? field.missing : undefined;
  switch (field.kind) {
    case 'float':
      return message.f ?? 0;
    case 'int':
      return readInt64(message.i);
    case 'flag':
      return readInt64(message.i) !== 0;
    case 'string':
      return Buffer.from(message.s ?? []).toString('utf8');
    case 'ints':
      return (message.ints ?? []).map(readInt64);
    default:
      return dtypeOf(readInt64(message.i));
  }
}

function tensorAttribute(
  field: Extract<AttributeField, { readonly position: number }>,
  message: brine.onnx.INodeProto,
  tensor: (name: string) => TensorData,
): AttributeValue {
  const name = message.input?.[field.position] ?? '';
  if (name === '') return undefined;
  const { dtype, data } = tensor(name);
  const list = Array.from(data, (element: number | bigint) => fromBits(dtype, Number(element)));
  const isInteger = dtype === 'int64' || dtype === 'int32';
  const whole = field.kind === 'numberInput' || (isInteger && list.every(Number.isSafeInteger));
  if (!whole || (field.kind !== 'intsInput' && list.length !== 1)) {
    const what = `${list.length} ${dtype}: ${list.slice(0, 8).join(', ')}`;
    throw new BrineError('GRAPH_INVALID', `${message.opType} ${message.name} cannot take ${name} (${what})`, {
      hint: 'Brine takes axes and extents as integer tensors of numbers below 2^53, and single numbers as tensors of one element.',
    });
  }
  return field.kind === 'intsInput' ? list : list[0];
}

/** The number that an element stands for. */
function fromBits(dtype: DType, element: number): number {
  const bits = Uint16Array.of(element);
  if (dtype === 'float16') return float32OfHalf(bits)[0]!;
  return dtype === 'bfloat16' ? float32OfBrain(bits)[0]! : element;
}

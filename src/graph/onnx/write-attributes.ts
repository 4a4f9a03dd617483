import type { DType, TensorData } from '../../tensor/dtype.ts';
import { brine } from '../../wire/generated/onnx.js';
import { bitsOf, typedArray } from '../constant.ts';
import type {
  AnyDefinition,
  AttributeField,
  AttributeValue,
  PlainField,
  TensorField,
} from '../definition.ts';
import { Graph, type Node } from '../graph.ts';
import { dtypeCode, int64 } from './tensors.ts';

/**
 * Encodes the attributes of nodes in ONNX: most as attribute messages, some as small tensors at an
 * input position. Such a tensor is named after its content, so nodes share equal tensors.
 */

export type AttributeMessage = brine.onnx.IAttributeProto;

/** Tensors that encode attributes, by name, in order of first use. */
export type AttributeTensors = Map<string, TensorData>;

const { FLOAT, INT, STRING, INTS } = brine.onnx.AttributeProto.AttributeType;

function fieldsOf(definition: AnyDefinition): readonly (readonly [string, AttributeField])[] {
  return Object.entries<AttributeField>(definition.fields);
}

function attributeOf(node: Node, key: string): AttributeValue {
  return (node.attributes as Readonly<Record<string, AttributeValue>>)[key];
}

export function attributeMessages(node: Node, definition: AnyDefinition): AttributeMessage[] {
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

/**
 * The input names of a node: its operands, and the prefixed names of attribute tensors at their
 * positions.
 */
export function attributeInputs(
  node: Node,
  definition: AnyDefinition,
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
  // ONNX writes an omitted input as an empty name.
  const positions = new Set(fieldsOf(definition).flatMap(([, f]) => ('position' in f ? [f.position] : [])));
  while (rest.length > 0 || names.length <= last) {
    const position = names.length;
    names.push(positions.has(position) ? (at.get(position) ?? '') : rest.shift()!);
  }
  return names;
}

function attributeTensor(
  field: TensorField,
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

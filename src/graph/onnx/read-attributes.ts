import { BrineError, messageOf } from '../../base/errors.ts';
import type { DType, TensorData } from '../../tensor/dtype.ts';
import { float32OfBfloat16, float32OfHalf } from '../../tensor/half.ts';
import { brine } from '../../wire/generated/onnx.js';
import type {
  AnyDefinition,
  AttributeField,
  AttributeValue,
  NodeSignature,
  PlainField,
  ReadAttributes,
  TensorField,
} from '../definition.ts';
import { dtypeOf, readInt64 } from './tensors.ts';
import type { AttributeMessage } from './write-attributes.ts';
import type { Attributes } from '../graph.ts';
import type { Op } from '../ops/attributes.ts';

/**
 * Reads the attributes of nodes of any exporter. Unknown attributes, attributes of another type and
 * unsupported values are errors: a graph without them would compute something else.
 */

export type NodeMessage = brine.onnx.INodeProto;

const { FLOAT, INT, STRING, INTS } = brine.onnx.AttributeProto.AttributeType;
const TYPE_OF = { int: INT, flag: INT, dtype: INT, float: FLOAT, string: STRING, ints: INTS } as const;

/** Larger integers are not exact. */
const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

/** All fields of a definition, including those of foreign models. */
function readFields(definition: AnyDefinition): readonly (readonly [string, AttributeField])[] {
  return [...Object.entries<AttributeField>(definition.fields), ...Object.entries(definition.foreign ?? {})];
}

/** Input positions of attribute tensors. */
export function attributePositions(definition: AnyDefinition): ReadonlySet<number> {
  return new Set(
    readFields(definition).flatMap(([, field]) => ('position' in field ? [field.position] : [])),
  );
}

/**
 * Reads the attributes of a node, except its inner graph. Throws GRAPH_INVALID, with op, attribute
 * and value, for unsupported and missing attributes. Throws SHAPE_MISMATCH if an attribute does not
 * fit the operands.
 */
export function readAttributes(
  message: NodeMessage,
  definition: AnyDefinition,
  { tensor, ...node }: NodeSignature & { readonly tensor: (name: string) => TensorData },
): Attributes[Op] {
  const at = `${message.opType} ${message.name ?? ''}`.trim();
  const given = givenAttributes(at, message);
  const fields = readFields(definition);
  refuseUnknown(at, given, { definition, fields });
  const read: Record<string, AttributeValue> = {};
  for (const [key, field] of fields) {
    if (field.kind === 'graph') continue;
    const value =
      'position' in field
        ? tensorAttribute(at, field, { message, tensor, dtype: node.inputs[0]?.dtype })
        : plainAttribute(at, field, given.get(field.name));
    if (value !== undefined) read[key] = value;
  }
  const whole = (definition.complete?.(read, node) ?? read) as ReadAttributes;
  return Object.fromEntries(
    Object.entries<AttributeField>(definition.fields).flatMap(([key, field]) => {
      const value = whole[key];
      if (value === undefined && field.kind !== 'numberInput' && field.kind !== 'graph')
        throw refused(at, `has no ${key}`);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function givenAttributes(at: string, { attribute }: NodeMessage): ReadonlyMap<string, AttributeMessage> {
  const given = new Map<string, AttributeMessage>();
  for (const one of attribute ?? []) {
    const name = one.name ?? '';
    if (given.has(name)) throw refused(at, `has the attribute ${name} twice`);
    if (one.refAttrName) throw refused(at, `refers to a function for its attribute ${name}`);
    given.set(name, one);
  }
  return given;
}

/** Throws for unknown attributes. parse.ts reads inner graphs. */
function refuseUnknown(
  at: string,
  given: ReadonlyMap<string, AttributeMessage>,
  {
    definition,
    fields,
  }: { definition: AnyDefinition; fields: readonly (readonly [string, AttributeField])[] },
): void {
  const known = new Set(fields.flatMap(([, field]) => ('name' in field ? [field.name] : [])));
  for (const [name, message] of given) {
    if (known.has(name)) continue;
    const [value, only] = [valueOf(message), definition.fixed?.[name]];
    if (only === undefined)
      throw refused(at, `has the attribute ${name} = ${shown(value)}, which is not supported`);
    if (value !== only)
      throw refused(at, `has the attribute ${name} = ${shown(value)}, but only ${shown(only)} is supported`);
  }
}

/** The value of an attribute; undefined for a type that no supported op has. */
function valueOf({ type, f, i, s, ints }: AttributeMessage): number | string | readonly number[] | undefined {
  switch (type) {
    case FLOAT:
      return f ?? 0;
    case INT:
      return readInt64(i);
    case STRING:
      return Buffer.from(s ?? []).toString('utf8');
    case INTS:
      return (ints ?? []).map(readInt64);
    default:
      return undefined;
  }
}

function plainAttribute(
  at: string,
  field: PlainField,
  message: AttributeMessage | undefined,
): AttributeValue {
  if (message === undefined) return 'default' in field ? field.default : undefined;
  const value = valueOf(message);
  if (message.type !== TYPE_OF[field.kind] || value === undefined)
    throw refused(at, `has the attribute ${field.name}, which is not of type ${field.kind}`);
  const wrong = refused(at, `has the attribute ${field.name} = ${shown(value)}, which is not supported`);
  switch (field.kind) {
    case 'flag':
      if (value !== 0 && value !== 1) throw wrong;
      return value === 1;
    case 'string':
      if (!field.among.includes(String(value))) throw wrong;
      return value;
    case 'dtype':
      return dtypeAttribute(at, field.name, Number(value));
    case 'ints':
      if (!(value as readonly number[]).every(Number.isSafeInteger)) throw wrong;
      return value;
    default:
      if (field.kind === 'float' && !Number.isFinite(value)) throw wrong;
      return value;
  }
}

function dtypeAttribute(at: string, name: string, code: number): DType {
  try {
    return dtypeOf(code);
  } catch (cause) {
    throw refused(at, `has the attribute ${name} = ${code}: ${messageOf(cause)}`);
  }
}

function tensorAttribute(
  at: string,
  field: TensorField,
  {
    message,
    tensor,
    dtype: own,
  }: {
    readonly message: NodeMessage;
    readonly tensor: (name: string) => TensorData;
    /** Element type of the first operand. */
    readonly dtype: DType | undefined;
  },
): AttributeValue {
  const name = message.input?.[field.position] ?? '';
  if (name === '') return undefined;
  const { dtype, data, shape } = tensor(name);
  const numbers = Array.from(data, (element: number | bigint) => fromBits(dtype, Number(element)));
  const clamps = field.kind === 'intsInput' && field.clamped === true;
  const list = clamps ? numbers.map((one) => Math.max(-MAX_INTEGER, Math.min(MAX_INTEGER, one))) : numbers;
  const isInteger = dtype === 'int64' || dtype === 'int32';
  const typed = field.kind === 'numberInput' ? dtype === own : isInteger && list.every(Number.isSafeInteger);
  if (!typed || shape.length > 1 || (field.kind !== 'intsInput' && list.length !== 1)) {
    const what = `${dtype}[${shape.join(',')}]: ${list.slice(0, 8).join(', ')}`;
    throw refused(at, `cannot use the attribute tensor ${name} (${what})`);
  }
  return field.kind === 'intsInput' ? list : list[0];
}

/** The number that an element represents. */
function fromBits(dtype: DType, element: number): number {
  if (dtype === 'float16') return float32OfHalf(Uint16Array.of(element))[0]!;
  return dtype === 'bfloat16' ? float32OfBfloat16(Uint16Array.of(element))[0]! : element;
}

function shown(value: number | string | readonly number[] | undefined): string {
  return value === undefined ? '(of an unknown type)' : JSON.stringify(value);
}

function refused(at: string, fault: string): BrineError {
  return new BrineError('GRAPH_INVALID', `${at} ${fault}`, {
    hint: 'Export the model with static shapes, axes and extents as int64 initializers, and default modes.',
  });
}

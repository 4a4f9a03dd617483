/** Where a tensor of a model that others made keeps its elements, when that is another file. */
import { BrineError } from '../../base/errors.ts';
import { checkedSize } from '../../tensor/dtype.ts';
import { fieldsOf } from '../../wire/fields.ts';
import { brine } from '../../wire/generated/onnx.js';
import { readInt64 } from './tensors.ts';

/** What of a file a model's tensors take. */
export interface DataExtent {
  /** The file has so many bytes at least. */
  readonly bytes: number;
  /** The tensor that reaches so far. */
  readonly tensor: string;
}

export interface DataPlace extends DataExtent {
  /** A path as it is written in the model. */
  readonly location: string;
  /** Of its elements, which end at `bytes`. */
  readonly length: number;
}

/** Fields of TensorProto. */
const DIMS = 1;
const DATA_TYPE = 2;
const NAME = 8;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
const PLACE_FIELDS: readonly number[] = [DIMS, DATA_TYPE, NAME, EXTERNAL_DATA, DATA_LOCATION];

/** Bits an element, by ONNX's numbers of types (TensorProto.DataType); small ones lie several in a byte. Strings have no place in a file. */
const BITS: Readonly<Record<number, number>> = {
  1: 32,
  2: 8,
  3: 8,
  4: 16,
  5: 16,
  6: 32,
  7: 64,
  9: 8,
  10: 16,
  11: 64,
  12: 32,
  13: 64,
  14: 64,
  15: 128,
  16: 16,
  17: 8,
  18: 8,
  19: 8,
  20: 8,
  21: 4,
  22: 4,
  23: 4,
  24: 8,
  25: 2,
  26: 2,
};

/**
 * Of a TensorProto, without decoding its elements; undefined when they are not external. A length that is not given, or 0, follows from the
 * shape, as ONNX Runtime has it. Throws GRAPH_INVALID for a place that is missing, keys given twice, offsets and lengths that are no whole numbers, and a length
 * that the shape does not fill.
 */
export function dataPlaceOf(message: Uint8Array): DataPlace | undefined {
  const parts: Uint8Array[] = [];
  let external = false;
  for (const { number, whole } of fieldsOf(message)) {
    if (PLACE_FIELDS.includes(number)) parts.push(whole);
    external ||= number === EXTERNAL_DATA || number === DATA_LOCATION;
  }
  if (!external) return undefined;
  const { name, dims, dataType, externalData, dataLocation } = brine.onnx.TensorProto.decode(
    Buffer.concat(parts),
  );
  if (externalData.length === 0 && !dataLocation) return undefined;
  const tensor = name ?? '';
  const entries = new Map<string, string>();
  for (const { key, value } of externalData) {
    if (entries.has(key ?? '')) throw invalid(tensor, `gives its ${key} twice`);
    entries.set(key ?? '', value ?? '');
  }
  const location = entries.get('location');
  if (location === undefined) throw invalid(tensor, 'says nothing of the file that its elements are in');
  const offset = numberOf(tensor, 'offset', entries.get('offset') ?? '0');
  const needed = bytesOf(tensor, dims.map(readInt64), dataType ?? 0);
  const length = numberOf(tensor, 'length', entries.get('length') ?? '0') || needed;
  if (length !== needed) throw invalid(tensor, `has ${length} bytes in a file, and needs ${needed}`);
  return { location, bytes: offset + length, length, tensor };
}

function bytesOf(tensor: string, dims: readonly number[], type: number): number {
  const bits = BITS[type];
  if (bits === undefined) throw invalid(tensor, `has the type ${type}, which has no place in a file`);
  const bytes = Math.ceil(((checkedSize(dims) ?? NaN) * bits) / 8);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw invalid(tensor, `has the shape [${dims.join(', ')}]`);
}

function numberOf(tensor: string, key: string, text: string): number {
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw invalid(tensor, `has the ${key} ${JSON.stringify(text.slice(0, 40))}`);
}

function invalid(tensor: string, fault: string): BrineError {
  return new BrineError('GRAPH_INVALID', `the external tensor ${JSON.stringify(tensor)} ${fault}`, {
    hint: 'Export the model again: external data has a location, and an offset and a length within that file.',
  });
}

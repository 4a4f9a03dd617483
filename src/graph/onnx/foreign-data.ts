/** Locates external data: elements that a model stores in another file. */
import { BrineError } from '../../base/errors.ts';
import { checkedSize } from '../../tensor/dtype.ts';
import { fieldsOf } from '../../wire/fields.ts';
import { brine } from '../../wire/generated/onnx.js';
import { readInt64 } from './tensors.ts';

/** The part of a file that contains external data. */
export interface DataExtent {
  /** Minimum size of the file. */
  readonly bytes: number;
  /** The tensor that ends there. */
  readonly tensor: string;
}

export interface DataPlace extends DataExtent {
  /** The path as written in the model. */
  readonly location: string;
  /** Bytes of the elements, which end at `bytes`. */
  readonly length: number;
}

/** Fields of TensorProto. */
const DIMS = 1;
const DATA_TYPE = 2;
const NAME = 8;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
const PLACE_FIELDS: readonly number[] = [DIMS, DATA_TYPE, NAME, EXTERNAL_DATA, DATA_LOCATION];

/**
 * Bits per element, by TensorProto.DataType. Elements of fewer than 8 bits are packed. Strings
 * cannot be external.
 */
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
 * Reads the location of the elements of a TensorProto, without decoding them; undefined if they are
 * not external. A missing length, or 0, follows from the shape, as in ONNX Runtime. Throws
 * GRAPH_INVALID for a missing location, duplicate keys, offsets and lengths that are not whole
 * numbers, and a length that differs from the shape.
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
    if (entries.has(key ?? '')) throw invalid(tensor, `has the key ${key} twice`);
    entries.set(key ?? '', value ?? '');
  }
  const location = entries.get('location');
  if (location === undefined) throw invalid(tensor, 'has no location');
  const offset = numberOf(tensor, 'offset', entries.get('offset') ?? '0');
  const needed = bytesOf(tensor, dims.map(readInt64), dataType ?? 0);
  const length = numberOf(tensor, 'length', entries.get('length') ?? '0') || needed;
  if (length !== needed) throw invalid(tensor, `has ${length} bytes of external data, but needs ${needed}`);
  return { location, bytes: offset + length, length, tensor };
}

function bytesOf(tensor: string, dims: readonly number[], type: number): number {
  const bits = BITS[type];
  if (bits === undefined) throw invalid(tensor, `has the type ${type}, which cannot be external`);
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
    hint: 'Export the model again. External data needs a location, and an offset and a length within that file.',
  });
}

import { BrineError } from '../../base/errors.ts';
import { BYTES_OF, checkedSize, type DType, type TensorData } from '../../tensor/dtype.ts';
import type { brine } from '../../wire/generated/onnx.js';
import { typedArray } from '../constant.ts';
import { ANY, type TensorType } from '../graph.ts';

/** Encodes and decodes the ONNX messages of tensors and their types. */

/** Element types as TensorProto.DataType. */
const CODE_OF: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  uint16: 4,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  bfloat16: 16,
};

type Int64 = NonNullable<brine.onnx.IModelProto['irVersion']>;

/**
 * Converts a whole number to the type of the generated code, which declares Long and also encodes
 * numbers.
 */
export function int64(value: number): Int64 {
  return value as unknown as Int64;
}

/** Reads a whole number from a message; 0 if absent. */
export function readInt64(value: Int64 | null | undefined): number {
  return Number(String(value ?? 0));
}

export function dtypeCode(dtype: DType): number {
  return CODE_OF[dtype];
}

export function isDtypeCode(code: number): boolean {
  return Object.values(CODE_OF).includes(code);
}

/** Throws GRAPH_INVALID for an unsupported type. */
export function dtypeOf(code: number): DType {
  const found = Object.entries(CODE_OF).find(([, known]) => known === code);
  if (found === undefined) throw invalid(`ONNX element type ${code} is not supported`);
  return found[0] as DType;
}

/** Symbolic name of the length of a stack. */
const STEPS = 'steps';

export function typeMessage({ dtype, shape }: TensorType): brine.onnx.ITypeProto {
  return {
    tensorType: {
      elemType: CODE_OF[dtype],
      shape: {
        dim: shape.map((extent) => (extent === ANY ? { dimParam: STEPS } : { dimValue: int64(extent) })),
      },
    },
  };
}

export function readType(name: string, type: brine.onnx.ITypeProto | null | undefined): TensorType {
  const tensor = type?.tensorType;
  const dims = tensor?.shape?.dim;
  if (dims === undefined || dims === null) throw invalid(`${name} has no static tensor type`);
  const shape = dims.map((dim, axis) => {
    const { dimValue, dimParam } = dim;
    if (dimParam === STEPS && axis === 0) return ANY;
    if (dimParam) throw invalid(`${name} has the dynamic extent ${dimParam}`);
    if (!Object.hasOwn(dim, 'dimValue')) throw invalid(`${name} has no extent in axis ${axis}`); // absent is not 0
    return readInt64(dimValue);
  });
  return { dtype: dtypeOf(tensor?.elemType ?? 0), shape };
}

export function tensorMessage(name: string, { dtype, shape, data }: TensorData): brine.onnx.ITensorProto {
  return {
    name,
    dataType: CODE_OF[dtype],
    dims: shape.map(int64),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

/**
 * Reads a tensor and copies its elements. Throws GRAPH_INVALID if they do not match the shape, or
 * are external.
 */
export function readTensor(message: brine.onnx.ITensorProto): TensorData {
  const name = message.name ?? '';
  if (message.dataLocation) throw invalid(`tensor ${name} has external data`);
  const dtype = dtypeOf(message.dataType ?? 0);
  const shape = (message.dims ?? []).map(readInt64);
  const size = checkedSize(shape);
  if (size === undefined) throw invalid(`tensor ${name} has the shape [${shape.join(',')}]`);
  const data = message.rawData?.length ? fromBytes(dtype, message.rawData) : fromNumbers(dtype, message);
  if (data.length !== size)
    throw invalid(`tensor ${name} of shape [${shape.join(',')}] has ${data.length} elements`);
  return { dtype, shape, data };
}

function fromBytes(dtype: DType, bytes: Uint8Array) {
  if (bytes.length % BYTES_OF[dtype] !== 0)
    throw invalid(`${bytes.length} bytes are not a whole number of ${dtype} elements`);
  const { buffer } = new Uint8Array(bytes);
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'float16':
    case 'bfloat16':
    case 'uint16':
      return new Uint16Array(buffer);
    default:
      return new Uint8Array(buffer);
  }
}

function fromNumbers(dtype: DType, message: brine.onnx.ITensorProto) {
  if (dtype === 'float32') return typedArray(dtype, message.floatData ?? []);
  if (dtype === 'float64') return typedArray(dtype, message.doubleData ?? []);
  if (dtype === 'int64')
    return typedArray(
      dtype,
      (message.int64Data ?? []).map((x) => BigInt(String(x))),
    );
  return typedArray(dtype, message.int32Data ?? []);
}

function invalid(fault: string): BrineError {
  return new BrineError('GRAPH_INVALID', fault, {
    hint: 'Export the model with static shapes, common element types and without external data.',
  });
}

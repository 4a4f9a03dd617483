/** Element types, named as in ONNX Runtime. bfloat16 exists only inside graphs, never in inputs or outputs. */
export type DType =
  'float32' | 'float64' | 'float16' | 'bfloat16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'bool';

/** Bytes per element. */
export const BYTES_OF: Record<DType, number> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  bool: 1,
};

export type TypedArray =
  Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array | Uint32Array;

const ARRAY_OF = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  bool: Uint8Array,
} as const;

/** Allocates a zero-filled array. */
export function zeros(dtype: DType, elements: number): TypedArray {
  return new ARRAY_OF[dtype](elements);
}

/** A static shape: every extent is known when a graph is built. [] is a scalar. */
export type Shape = readonly number[];

/** A tensor outside of a graph: type, shape and row-major elements. */
export interface TensorData {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TypedArray;
}

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/**
 * The number of elements of an untrusted shape. Undefined unless every extent is an integer of 0 … 2^53-1 and so is
 * the product of the nonzero extents, whose overflow a zero extent would hide.
 */
export function checkedSize(shape: Shape): number | undefined {
  let product = 1;
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || extent < 0) return undefined;
    product *= Math.max(1, extent);
    if (!Number.isSafeInteger(product)) return undefined;
  }
  return shape.includes(0) ? 0 : product;
}

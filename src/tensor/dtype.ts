/** Element types; the names are ONNX Runtime's. bfloat16 lives inside graphs only: it crosses no border of ours. */
export type DType =
  'float32' | 'float64' | 'float16' | 'bfloat16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'bool';

/** Bytes an element. */
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

/** So many elements, zeros. */
export function zeros(dtype: DType, elements: number): TypedArray {
  return new ARRAY_OF[dtype](elements);
}

/** Static shapes only: every extent is known when a graph is built. [] is a scalar. */
export type Shape = readonly number[];

/** A tensor as it crosses a border: its type, its shape and a view of its elements, row-major. */
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
 * The number of elements of a shape that others chose. Undefined unless every extent is a whole number of 0 … 2^53-1 and so is the
 * product of all that are not 0, which a 0 beside them would hide.
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

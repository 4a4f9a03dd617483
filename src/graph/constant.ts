import { BrineError } from '../base/errors.ts';
import { type DType, type Shape, type TypedArray } from '../tensor/dtype.ts';
import type { Graph, Value } from './graph.ts';

/** Constants of a graph. Equal content is stored once. */

/**
 * Adds a constant tensor. Numbers are converted to the type; elements of float16 and bfloat16 are
 * raw bits.
 */
export function constant(
  graph: Graph,
  dtype: DType,
  shape: Shape,
  data: ArrayLike<number | bigint | boolean>,
): Value {
  return graph.constant({ dtype, shape, data: typedArray(dtype, data) });
}

/** Adds a constant of rank 0. */
export function scalar(graph: Graph, value: number, dtype: DType = 'float32'): Value {
  return graph.constant({
    dtype,
    shape: [],
    data: typedArray(dtype, [bitsOf(dtype, value)]),
  });
}

/**
 * Adds the constant start, start + step, … below limit, of rank 1. Throws BAD_ARGUMENT for a step
 * of 0 and for unsupported types.
 */
export function range(
  graph: Graph,
  {
    start = 0,
    limit,
    step = 1,
    dtype = 'int64',
  }: { start?: number; limit: number; step?: number; dtype?: DType },
): Value {
  if (step === 0 || dtype === 'float16' || dtype === 'bfloat16' || dtype === 'bool') {
    throw new BrineError('BAD_ARGUMENT', `a range cannot have the step ${step} and the type ${dtype}`, {
      hint: 'Use a step other than 0 and a numeric type of 32 or 64 bits.',
    });
  }
  const length = Math.max(0, Math.ceil((limit - start) / step));
  const data = Array.from({ length }, (_, i) => start + i * step);
  return constant(graph, dtype, [length], data);
}

/**
 * Converts elements to the array class of a type. float16 and bfloat16 are raw bits; bool is 0 or
 * 1.
 */
export function typedArray(dtype: DType, data: ArrayLike<number | bigint | boolean>): TypedArray {
  if (dtype === 'int64') {
    if (data instanceof BigInt64Array) return data;
    return BigInt64Array.from(Array.from(data, (element) => BigInt(element)));
  }
  const numbers = Array.from(data, Number);
  switch (dtype) {
    case 'float32':
      return data instanceof Float32Array ? data : Float32Array.from(numbers);
    case 'float64':
      return Float64Array.from(numbers);
    case 'float16':
    case 'bfloat16':
    case 'uint16':
      return Uint16Array.from(numbers);
    case 'int32':
      return Int32Array.from(numbers);
    case 'uint32':
      return Uint32Array.from(numbers);
    default:
      return Uint8Array.from(numbers);
  }
}

/**
 * The array element that represents a number: its nearest bits for 16-bit floats, otherwise the
 * number.
 */
export function bitsOf(dtype: DType, value: number): number {
  if (dtype === 'float16') return halfBits(value);
  return dtype === 'bfloat16' ? bfloat16Bits(value) : value;
}

/** The bits of the nearest bfloat16 (ties to even). */
function bfloat16Bits(value: number): number {
  const bits = new Uint32Array(new Float32Array([value]).buffer)[0]!;
  if (Number.isNaN(value)) return (bits >>> 16) | 0x40;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The bits of the nearest IEEE half (ties to even). */
export function halfBits(value: number): number {
  const bits = new Uint32Array(new Float32Array([value]).buffer)[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return sign | 0x7e00;
  if (magnitude >= 65_520) return sign | 0x7c00;
  // Below the smallest normal half, steps are 2^-24; above, 2^(exponent - 10).
  const exponent = magnitude < 2 ** -14 ? -14 : Math.floor(Math.log2(magnitude));
  const scaled = magnitude / 2 ** (exponent - 10);
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const steps = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  return sign | ((exponent + 14) * 1024 + steps);
}

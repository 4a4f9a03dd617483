import { invariant } from '../base/errors.ts';
import { sizeOf, type Shape, type TensorData } from './dtype.ts';

/**
 * One flat buffer: parameters, gradients and optimizer state lie in the same order in bucketed Float32Arrays, and
 * this table says where. A tensor never straddles two buckets. Offsets and sizes count elements, not bytes; every
 * tensor starts on a 64-byte boundary, and the gap behind it stays zero.
 */
export interface FlatTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly bucket: number;
  readonly offset: number;
  readonly size: number;
}

export interface FlatLayout {
  readonly tensors: readonly FlatTensor[];
  /** Elements of each bucket. */
  readonly buckets: readonly number[];
}

const ALIGNMENT = 16; // elements: 64 bytes

/**
 * Lays tensors out in their order; a new bucket begins when the next tensor would pass `bucketElements` (default
 * 2^28: 1 GiB, well under Node 20's 4 GiB a buffer), or is of another group. A tensor larger than that has a bucket of its own.
 */
export function flatLayout(
  specs: readonly { readonly name: string; readonly shape: Shape }[],
  bucketElements = 2 ** 28,
  groupOf: (name: string) => number = () => 0,
): FlatLayout {
  const tensors: FlatTensor[] = [];
  const buckets: number[] = [];
  let group: number | undefined;
  for (const { name, shape } of specs) {
    const size = sizeOf(shape);
    const padded = Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    const last = buckets.at(-1);
    const begins = group !== groupOf(name) || last === undefined || last + padded > bucketElements;
    if (begins) buckets.push(0);
    group = groupOf(name);
    const bucket = buckets.length - 1;
    tensors.push({ name, shape, bucket, offset: buckets[bucket]!, size });
    buckets[bucket]! += padded;
  }
  return { tensors, buckets };
}

/** Fresh zeroed buckets for a layout. */
export function allocate(layout: FlatLayout): Float32Array<ArrayBuffer>[] {
  return layout.buckets.map((elements) => new Float32Array(elements));
}

/** The view of one tensor. Views die when their bucket's ArrayBuffer is transferred: make them anew. */
export function viewOf(tensor: FlatTensor, buckets: readonly Float32Array[]): Float32Array {
  const bucket = buckets[tensor.bucket];
  invariant(
    bucket && bucket.length >= tensor.offset + tensor.size,
    `no room for ${tensor.name} in its bucket`,
  );
  return bucket.subarray(tensor.offset, tensor.offset + tensor.size);
}

/** All tensors of a layout as views, by name: what a session is fed, or fills. They die as viewOf's do. */
export function tensorsOf({
  layout,
  buckets,
}: {
  layout: FlatLayout;
  buckets: readonly Float32Array[];
}): Record<string, TensorData> {
  return Object.fromEntries(
    layout.tensors.map((tensor): [string, TensorData] => [
      tensor.name,
      { dtype: 'float32', shape: tensor.shape, data: viewOf(tensor, buckets) },
    ]),
  );
}

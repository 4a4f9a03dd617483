import { invariant } from '../base/errors.ts';
import { sizeOf, type Shape, type TensorData } from './dtype.ts';

/**
 * One tensor's position in a flat buffer. Parameters, gradients and optimizer state share the same layout in
 * Float32Array buckets. A tensor never spans two buckets. Offsets and sizes count elements, not bytes. Every tensor
 * starts on a 64-byte boundary, and the padding after it stays zero.
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
  /** Number of elements of each bucket. */
  readonly buckets: readonly number[];
}

const ALIGNMENT = 16; // elements: 64 bytes

/**
 * Lays tensors out in order. A new bucket begins when the next tensor would exceed `bucketElements` (default 2^28:
 * 1 GiB, well under Node 20's 4 GiB limit) or belongs to another group. A larger tensor has a bucket of its own.
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
    const needsBucket = group !== groupOf(name) || last === undefined || last + padded > bucketElements;
    if (needsBucket) buckets.push(0);
    group = groupOf(name);
    const bucket = buckets.length - 1;
    tensors.push({ name, shape, bucket, offset: buckets[bucket]!, size });
    buckets[bucket]! += padded;
  }
  return { tensors, buckets };
}

/** Allocates zeroed buckets for a layout. */
export function allocate(layout: FlatLayout): Float32Array<ArrayBuffer>[] {
  return layout.buckets.map((elements) => new Float32Array(elements));
}

/** A view of one tensor. Views become invalid when the ArrayBuffer of their bucket is transferred. */
export function viewOf(tensor: FlatTensor, buckets: readonly Float32Array[]): Float32Array {
  const bucket = buckets[tensor.bucket];
  invariant(
    bucket && bucket.length >= tensor.offset + tensor.size,
    `tensor ${tensor.name} exceeds its bucket`,
  );
  return bucket.subarray(tensor.offset, tensor.offset + tensor.size);
}

/** Views of all tensors of a layout by name, as a session's inputs or outputs. Invalidated as those of viewOf. */
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

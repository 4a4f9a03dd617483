import type { FlatLayout } from '../tensor/layout.ts';

/** A range of one bucket with or without weight decay. Offset and length are in elements. */
export interface Slice {
  readonly bucket: number;
  readonly offset: number;
  readonly length: number;
  readonly decays: boolean;
}

/**
 * Elements of a slice: 1 MiB for each array. The arrays of an update then stay in the last-level cache
 * between elementwise passes, and the overhead of a run is small. (Measured: a quarter of this size
 * was no faster, a sixteenth was twice as slow.)
 */
const SLICE_ELEMENTS = 2 ** 18;

/** Maps the number of elements of a bucket to the owned range [begin, end). */
export type Owned = (elements: number) => readonly [begin: number, end: number];

export const ownsAll: Owned = (elements) => [0, elements];

interface SlicingOptions {
  /** Maximum number of elements in a slice. Default SLICE_ELEMENTS. */
  readonly maxElements?: number;
  /** The range of every bucket to cover. Default all. */
  readonly owned?: Owned;
}

/** Cuts every bucket into slices. Alignment gaps after tensors belong to the slices. */
export function slicesOf(
  layout: FlatLayout,
  decays: (name: string) => boolean,
  { maxElements = SLICE_ELEMENTS, owned = ownsAll }: SlicingOptions = {},
): Slice[] {
  return rangesOf(layout, decays).flatMap((range) => {
    const [begin, end] = owned(layout.buckets[range.bucket]!);
    const [first, last] = [Math.max(begin, range.offset), Math.min(end, range.offset + range.length)];
    return Array.from({ length: Math.max(0, Math.ceil((last - first) / maxElements)) }, (_, at) => ({
      ...range,
      offset: first + at * maxElements,
      length: Math.min(maxElements, last - first - at * maxElements),
    }));
  });
}

function rangesOf({ tensors, buckets }: FlatLayout, decays: (name: string) => boolean): Slice[] {
  const ranges: Slice[] = [];
  tensors.forEach(({ name, bucket, offset }, at) => {
    const next = tensors[at + 1];
    const end = next?.bucket === bucket ? next.offset : buckets[bucket]!;
    const last = ranges.at(-1);
    const flag = decays(name);
    if (last?.bucket === bucket && last.decays === flag) {
      ranges[ranges.length - 1] = { ...last, length: end - last.offset };
    } else {
      ranges.push({ bucket, offset, length: end - offset, decays: flag });
    }
  });
  return ranges;
}

/**
 * The schedule of the ring's collectives: pure arithmetic, no sockets.
 *
 * Each bucket is cut into `size` segments of nearly equal length, and a segment into chunks.
 * Segment s starts at rank s and makes 2(size-1) hops; hop h goes from rank s+h to rank s+h+1 (mod
 * size).
 *   hops 0 … size-2         reduce-scatter: the receiver adds its own values; the last has the sum
 *   hops size-1 … 2size-3   all-gather: the receiver stores the sum
 * So a rank receives one segment at each hop, and segment s is always added in the order ((x[s] +
 * x[s+1]) + x[s+2]) + …, whatever the timing.
 *
 * A reduce-scatter is only the first half, an all-gather only the second. Between the two, rank s-1
 * (mod size) has the complete segment s and owns it.
 */
/** The kinds of collectives, each with its own range of hops. */
export type CollectiveKind = 'all-reduce' | 'reduce-scatter' | 'all-gather';

export interface Chunk {
  readonly bucket: number;
  /** Index within the bucket's segment. */
  readonly chunk: number;
  /** Elements [begin, end) of the bucket. */
  readonly begin: number;
  readonly end: number;
}

/** The chunks that one rank receives, by hop, and those that it starts. */
export interface RingPlan {
  /**
   * The chunks that this rank sends at the first hop: of segment `rank`, or in an all-gather of the
   * segment that it owns.
   */
  readonly starts: readonly Chunk[];
  /** receives[hop]: the chunks that arrive at that hop, in order; empty for hops outside this kind. */
  readonly receives: readonly (readonly Chunk[])[];
}

export const BYTES_PER_ELEMENT = 4;

const hopsOf = (size: number): number => 2 * (size - 1);
/** The hops of a kind: [first, end). */
export function spanOf(kind: CollectiveKind, size: number): { readonly first: number; readonly end: number } {
  return {
    first: kind === 'all-gather' ? size - 1 : 0,
    end: kind === 'reduce-scatter' ? size - 1 : hopsOf(size),
  };
}
/** Whether a chunk that arrives at this hop is added to (true) or stored (false). */
export const isReduceHop = (hop: number, size: number): boolean => hop < size - 1;

/** The segment that arrives at a rank at a hop. */
export function segmentAt(rank: number, hop: number, size: number): number {
  return (((rank - 1 - hop) % size) + size) % size;
}

/** First element of segment `index` in a bucket of `length` elements. Index `size` gives the end. */
export function segmentBegin(length: number, index: number, size: number): number {
  return Math.floor((length * index) / size);
}

/** The segment that a rank owns: its sum is first complete there. */
const ownedSegment = (rank: number, size: number): number => (rank + 1) % size;

/**
 * Elements [begin, end) of a bucket of `length` elements that a rank of `size` owns. The rank has
 * their sums after a reduce-scatter, and its values are on all ranks after an all-gather. The
 * ranks' ranges partition the bucket; in a bucket shorter than `size`, some are empty.
 */
export function ownedRange(length: number, rank: number, size: number): readonly [number, number] {
  const segment = ownedSegment(rank, size);
  return [segmentBegin(length, segment, size), segmentBegin(length, segment + 1, size)];
}

/** The chunks of one segment over all buckets, in sending order. */
export function chunksOf(
  lengths: readonly number[],
  segment: number,
  { size, chunkElements }: { size: number; chunkElements: number },
): Chunk[] {
  const chunks: Chunk[] = [];
  for (const [bucket, length] of lengths.entries()) {
    const last = segmentBegin(length, segment + 1, size);
    let begin = segmentBegin(length, segment, size);
    for (let chunk = 0; begin < last; chunk++) {
      const end = Math.min(begin + chunkElements, last);
      chunks.push({ bucket, chunk, begin, end });
      begin = end;
    }
  }
  return chunks;
}

/** The plan of one rank for buckets of these lengths, in elements. Empty for a ring of size 1. */
export function planRing(
  lengths: readonly number[],
  rank: number,
  {
    size,
    chunkElements,
    kind = 'all-reduce',
  }: { size: number; chunkElements: number; kind?: CollectiveKind },
): RingPlan {
  const segments = Array.from({ length: size }, (_, segment) =>
    size === 1 ? [] : chunksOf(lengths, segment, { size, chunkElements }),
  );
  const { first, end } = spanOf(kind, size);
  const receives = Array.from({ length: hopsOf(size) }, (_, hop) =>
    hop >= first && hop < end ? segments[segmentAt(rank, hop, size)]! : [],
  );
  return { starts: segments[kind === 'all-gather' ? ownedSegment(rank, size) : rank]!, receives };
}

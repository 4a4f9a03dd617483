/**
 * Who sends what to whom in the ring's collectives: pure arithmetic, no sockets.
 *
 * Each bucket is cut into `size` segments of nearly equal length, a segment into chunks. Segment s starts at rank s and
 * is passed on 2(size-1) times; pass number h is its hop h, from rank s+h to rank s+h+1 (mod size).
 *   hops 0 … size-2         reduce-scatter: the receiver adds its own values; after the last it holds the whole sum
 *   hops size-1 … 2size-3   all-gather: the receiver stores the sum
 * So a rank receives one segment at each hop, and the order of addition of segment s is always
 * ((x[s] + x[s+1]) + x[s+2]) + …, whatever the timing.
 *
 * A reduce-scatter is the first half alone, an all-gather the second: segment s is whole at rank s-1 (mod size), which
 * owns it between the two.
 */
/** What the ranks do together; each has hops of its own. */
export type Kind = 'all-reduce' | 'reduce-scatter' | 'all-gather';

export interface Chunk {
  readonly bucket: number;
  /** Index within the segment of that bucket. */
  readonly chunk: number;
  /** Elements of the bucket, from `begin` up to `end`. */
  readonly begin: number;
  readonly end: number;
}

/** What one rank receives, hop by hop, and which chunks it starts itself. */
export interface RingPlan {
  /** The chunks that this rank sends first, at the first hop: of its first segment, or of the one that it owns. */
  readonly starts: readonly Chunk[];
  /** receives[hop]: the chunks that arrive at that hop, in order; none at hops that are not of this kind. */
  readonly receives: readonly (readonly Chunk[])[];
}

export const BYTES_PER_ELEMENT = 4;

export const hopsOf = (size: number): number => 2 * (size - 1);
/** The hops of a kind: from `first` up to `end`. */
export function spanOf(kind: Kind, size: number): { readonly first: number; readonly end: number } {
  return {
    first: kind === 'all-gather' ? size - 1 : 0,
    end: kind === 'reduce-scatter' ? size - 1 : hopsOf(size),
  };
}
/** Whether a chunk that arrives at this hop is to be added to (true) or stored (false). */
export const isReduceHop = (hop: number, size: number): boolean => hop < size - 1;

/** The segment that arrives at a rank at a hop. */
export function segmentAt(rank: number, hop: number, size: number): number {
  return (((rank - 1 - hop) % size) + size) % size;
}

/** Where segment `index` of a bucket of `length` elements begins; segment `size` begins at its end. */
export function segmentBegin(length: number, index: number, size: number): number {
  return Math.floor((length * index) / size);
}

/** The segment that a rank owns: the one whose sum is first whole there. */
export const ownedSegment = (rank: number, size: number): number => (rank + 1) % size;

/**
 * Elements [begin, end) of a bucket of `length` elements that a rank of `size` owns: it has their sums after a
 * reduce-scatter, and its values are everyone's after an all-gather. The ranks' ranges cover the bucket once; of a
 * bucket shorter than `size` some are empty.
 */
export function ownedRange(length: number, rank: number, size: number): readonly [number, number] {
  const segment = ownedSegment(rank, size);
  return [segmentBegin(length, segment, size), segmentBegin(length, segment + 1, size)];
}

/** The chunks of one segment through all buckets, in the order in which they travel. */
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

/** The plan of one rank for buckets of these lengths, in elements. A ring of one receives and starts nothing. */
export function planRing(
  lengths: readonly number[],
  rank: number,
  { size, chunkElements, kind = 'all-reduce' }: { size: number; chunkElements: number; kind?: Kind },
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

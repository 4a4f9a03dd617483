/**
 * The training loop's view of the ring. The collectives work on buckets in place, and leave
 * identical bytes on all ranks. They may round `buckets` for transport, but never `exact`.
 */
export interface Collectives {
  /** Resolves to a hash of the sums, equal on all ranks. */
  allReduce(step: number, buckets: readonly Float32Array[], exact?: readonly Float32Array[]): Promise<number>;
  /** As `allReduce`, but each rank has only its `ownedRange` of `buckets` afterwards. */
  reduceScatter(
    step: number,
    buckets: readonly Float32Array[],
    exact?: readonly Float32Array[],
  ): Promise<number>;
  /**
   * Sends each rank's `ownedRange` of the buckets to all ranks. Resolves to a hash of the buckets,
   * equal on all ranks.
   */
  allGather(step: number, buckets: readonly Float32Array[]): Promise<number>;
}

/** The collectives of a single rank: the identity. */
export const SINGLE_RANK: Collectives = {
  allReduce: () => Promise.resolve(0),
  reduceScatter: () => Promise.resolve(0),
  allGather: () => Promise.resolve(0),
};

/** Elements of the small bucket that carries scalars beside gradients: one cache line of float32. */
export const TALLY = 16;

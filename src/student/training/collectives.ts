import type { Ring } from '../../ring/ring.ts';

/** The training loop's view of the ring. */
export type Collectives = Pick<Ring, 'allReduce' | 'reduceScatter' | 'allGather'>;

/** The collectives of a single rank: the identity. */
export const SINGLE_RANK: Collectives = {
  allReduce: () => Promise.resolve(0),
  reduceScatter: () => Promise.resolve(0),
  allGather: () => Promise.resolve(0),
};

/** Elements of the small bucket that carries scalars beside gradients: one cache line of float32. */
export const TALLY = 16;

/**
 * What the teacher knows on held-out text, measured once: its loss and entropy by buckets of
 * entropy. Rules compare it with the student. A pure function of the teacher's context columns.
 */
import type { ContextColumns } from '../../labels/record/context.ts';

/** Number of buckets: equal counts of positions, by rising entropy. */
export const BUCKETS = 8;

export interface HeldOutTeacher {
  /** Mean -log q of the true token, nats. */
  readonly loss: number;
  /** Percentiles 0 … 100 of the teacher's entropy, nats, ascending. */
  readonly percentiles: readonly number[];
  readonly buckets: readonly HeldOutBucket[];
}

interface HeldOutBucket {
  readonly positions: number;
  /** V: mean entropy of the teacher, nats. */
  readonly entropy: number;
  /** Mean -log q of the true token, nats. */
  readonly loss: number;
}

/** The entropy below which a share of the positions lies, interpolated between percentiles. */
export function quantile({ percentiles }: HeldOutTeacher, share: number): number {
  const at = share * (percentiles.length - 1);
  const [below, above] = [percentiles[Math.floor(at)]!, percentiles[Math.ceil(at)]!];
  return below + (at - Math.floor(at)) * (above - below);
}

/** The bucket of an entropy, 0 … BUCKETS - 1. */
export function bucketOf(teacher: Pick<HeldOutTeacher, 'percentiles'>, entropy: number): number {
  return bucketAmong(edgesOf(teacher), entropy);
}

/** The upper edges of all buckets but the last. */
export function edgesOf({ percentiles }: Pick<HeldOutTeacher, 'percentiles'>): number[] {
  const teacher = { loss: 0, buckets: [], percentiles };
  return Array.from({ length: BUCKETS - 1 }, (_, at) => quantile(teacher, (at + 1) / BUCKETS));
}

export function bucketAmong(edges: readonly number[], entropy: number): number {
  let bucket = 0;
  while (bucket < edges.length && entropy > edges[bucket]!) bucket += 1;
  return bucket;
}

/** Measures the teacher. A bucket without positions has zeros. */
export function heldOutTeacher(
  rows: readonly Pick<ContextColumns, 'entropy' | 'trueLogProb'>[],
): HeldOutTeacher {
  const entropies = Float32Array.from(rows.flatMap(({ entropy }) => [...entropy])).toSorted();
  const percentiles = Array.from(
    { length: 101 },
    (_, at) => entropies[Math.round((at / 100) * (entropies.length - 1))] ?? 0,
  );
  const edges = edgesOf({ percentiles });
  const sums = Array.from({ length: BUCKETS }, () => ({ positions: 0, entropy: 0, loss: 0 }));
  for (const { entropy, trueLogProb } of rows) {
    for (let t = 0; t < entropy.length; t += 1) {
      const sum = sums[bucketAmong(edges, entropy[t]!)]!;
      sum.positions += 1;
      sum.entropy += entropy[t]!;
      sum.loss -= trueLogProb[t]!;
    }
  }
  const mean = (total: number, positions: number) => (positions === 0 ? 0 : total / positions);
  return {
    loss: mean(
      sums.reduce((total, { loss }) => total + loss, 0),
      entropies.length,
    ),
    percentiles,
    buckets: sums.map(({ positions, entropy, loss }) => ({
      positions,
      entropy: mean(entropy, positions),
      loss: mean(loss, positions),
    })),
  };
}

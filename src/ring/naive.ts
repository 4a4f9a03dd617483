/**
 * The ring's naive twin: what an all-reduce means, written as plainly as it can be. All ranks' buckets are in one
 * place, and segment s is summed in float32 beginning with rank s, so the real ring must agree bit for bit.
 */
import { segmentBegin } from './plan.ts';

/** The sum that every rank ends with. `ranks[r][b]` is bucket b of rank r; nothing is changed. */
export function naiveAllReduce(ranks: readonly (readonly Float32Array[])[]): Float32Array[] {
  const size = ranks.length;
  return ranks[0]!.map((first, bucket) => {
    const sum = new Float32Array(first.length);
    for (let segment = 0; segment < size; segment++) {
      const end = segmentBegin(first.length, segment + 1, size);
      for (let i = segmentBegin(first.length, segment, size); i < end; i++) {
        let value = ranks[segment]![bucket]![i]!;
        for (let hop = 1; hop < size; hop++) {
          value = Math.fround(value + ranks[(segment + hop) % size]![bucket]![i]!);
        }
        sum[i] = value;
      }
    }
    return sum;
  });
}

/**
 * A step counts only when all ranks hold the same whole sum. Each rank puts the hash of its sum on a vector; the digests are summed
 * like any bucket, and who has the sum of all digests knows that every rank has voted, which it does only with its sum complete.
 *
 * A vector is the eight half-bytes h of the hash and their squares. All hashes are equal exactly when the halves have no variance,
 * n Σh² = (Σh)², which every rank sees alike. Their sums stay whole numbers in float32 for up to 2^16 ranks.
 */
import { BrineError } from '../../base/errors.ts';

const HALVES = 8;

export function digestVector(hash: number): Float32Array {
  const halves = Array.from({ length: HALVES }, (_, i) => (hash >>> (4 * i)) & 15);
  return Float32Array.of(...halves, ...halves.map((half) => half * half));
}

/** Whether all digests of this sum were equal. */
export function isUnanimous(sum: Float32Array, ranks: number): boolean {
  return sum.subarray(0, HALVES).every((half, i) => half * half === ranks * (sum[HALVES + i] ?? Number.NaN));
}

/** The error of ranks that hold different sums: memory or network of some machine changes bytes. */
export function disagreement(step: number): BrineError {
  return new BrineError('RING_CORRUPT', `the ranks hold different sums of step ${step + 1}`, {
    hint: 'The step is done again. If it happens often, test memory and network of all machines.',
  });
}

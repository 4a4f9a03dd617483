/**
 * Digest consensus: a step counts only when all ranks hold the same reduced gradient.
 *
 * Each rank encodes the hash of its sum as a vector, and the vectors are all-reduced like any
 * bucket. A rank sends its vector only after its sum is complete. So the reduced vector proves that
 * every rank has the complete sum.
 *
 * A vector holds the eight half-bytes h of the hash, and their squares. All hashes are equal
 * exactly when the half-bytes have no variance: n Σh² = (Σh)². All ranks see the same result. The
 * sums stay integers in float32 for up to 2^16 ranks.
 */
import { BrineError } from '../../base/errors.ts';
import type { Collectives } from './collectives.ts';

const HALVES = 8;

/** The 16 elements of a hash: its eight half-bytes, then their squares. */
export function digestVector(hash: number): Float32Array {
  const halves = Array.from({ length: HALVES }, (_, i) => (hash >>> (4 * i)) & 15);
  return Float32Array.of(...halves, ...halves.map((half) => half * half));
}

/** Whether the digests of all ranks were equal, given their reduced vector. */
export function isUnanimous(sum: Float32Array, ranks: number): boolean {
  return sum.subarray(0, HALVES).every((half, i) => half * half === ranks * (sum[HALVES + i] ?? Number.NaN));
}

/** Throws RING_CORRUPT unless all ranks have this digest: memory or a network corrupts bytes. */
export async function reachConsensus(
  ring: Pick<Collectives, 'allReduce'>,
  { step, digest, ranks }: { step: number; digest: number; ranks: number },
): Promise<void> {
  if (ranks === 1) return;
  const vector = digestVector(digest);
  await ring.allReduce(step, [], [vector]);
  if (isUnanimous(vector, ranks)) return;
  throw new BrineError('RING_CORRUPT', `the reduced gradients of step ${step + 1} differ between ranks`, {
    hint: 'Brine repeats the step. If this happens often, test the memory and network of all machines.',
  });
}

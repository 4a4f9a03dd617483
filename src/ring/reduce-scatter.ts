/**
 * The reduce-scatter of a chunk: each rank adds its own values to the received frame and forwards
 * it. This is the float32 version; round.ts has those of the rounding formats.
 *
 * Ownership. The sum is written into the received frame. This rank owns it and never writes it
 * again, so it can be sent without a copy. The last rank to add also stores the sum in its bucket.
 * The forwarded frame then serves as the copy that the all-gather needs, because a bucket may
 * change as soon as the all-reduce ends.
 *
 * While own chunks remain to be started, that copy is avoided: the sum is made in the bucket and
 * sent from there. This is safe because a rank's call ends only when all chunks that it started
 * have returned. A returning chunk has passed through every other rank behind the sums sent before
 * it, so these were received. The last WINDOW sums have nothing behind them, and are copies.
 *
 * The other frames that are sent straight from a bucket are those that start here (hop 0). Their
 * place in the bucket is overwritten by the chunk that returns as a complete sum. That sum contains
 * the next rank's addition to the frame, so the frame was received. (Rounding formats start with
 * frames of their own.) So no bucket is changed or handed back while a frame points into it. A
 * reduce-scatter alone ends without that return, and an all-gather starts from the bucket too;
 * there, a starting frame is a copy.
 */
import type { Reduced } from './kernels/checksum.ts';
import type { Adder } from './kernels/sum.ts';

/** frame += own. If this rank is the last to add, `own` becomes the sum as well. */
export function reduceChunk(
  adder: Adder,
  frame: Uint8Array,
  { own, isLast }: { own: Uint8Array; isLast: boolean },
): Reduced {
  return isLast ? adder.add(frame, own, own) : adder.add(frame, own);
}

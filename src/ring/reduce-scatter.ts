/**
 * A chunk on its way round for the first time: each rank adds its own values to what it received and passes it on. Here
 * as float32; round.ts does the same for formats that round.
 *
 * Ownership. The sum is written into the received frame, which belongs to this rank and is never written again, so it
 * may be sent without a copy. The last rank to add also stores the sum in its bucket: the frame that it passes on is
 * thereby the copy that the all-gather needs, since a bucket may change as soon as the all-reduce is over.
 *
 * While own chunks are still to start, that copy is saved: the sum is made in the bucket and sent from there. A rank's
 * call ends only when all that it started has returned, and what returns has passed through every other rank behind the
 * sums that were sent before it: they were received by then. The last WINDOW sums have nothing behind them, and are copies.
 *
 * Other frames that are sent straight from a bucket are those that start here (hop 0). Their place in the bucket is written
 * again by the chunk that returns as a whole sum, and that sum holds what the next rank has added to the frame: the
 * frame was received. (Formats that round start from a frame of their own.) So no bucket is changed, or handed back, while a frame still points into it.
 * A reduce-scatter alone ends without that return, and an all-gather starts from the bucket too: there a frame that
 * starts is a copy.
 */
import type { Reduced } from './kernels/checksum.ts';
import type { Adder } from './kernels/sum.ts';

/** frame += own; `own` takes the sum as well when this rank is the last to add. */
export function reduceChunk(
  adder: Adder,
  frame: Uint8Array,
  { own, isLast }: { own: Uint8Array; isLast: boolean },
): Reduced {
  return isLast ? adder.add(frame, own, own) : adder.add(frame, own);
}

/**
 * Gives the memory of received frames back soon. ZeroMQ's frames lie outside of V8's heap and are freed when their
 * small handles are collected. Handles fill no young generation, so it would be the amount of outside memory that
 * makes V8 collect, and then it marks its whole heap: twice for each 64 MiB received, which cost more than a sum over
 * the ring. A collection of the young generation frees the same frames in half a millisecond.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes received between two collections. What V8 bears before it marks is 32 MiB (it counts a frame twice). */
const BYTES_BETWEEN = 16 * 1024 * 1024;

type Collect = (options: { type: 'minor' }) => void;

/** Counts what was received by one holder, and collects when it is time. */
export class FrameRelease {
  #bytes = 0;
  #collect: Collect | undefined;

  received(frames: readonly Uint8Array[]): void {
    for (const { byteLength } of frames) this.#bytes += byteLength;
    if (this.#bytes < BYTES_BETWEEN) return;
    this.#bytes = 0;
    this.#collect ??= exposedCollect();
    this.#collect({ type: 'minor' });
  }
}

/**
 * V8's own collect function, which contexts have that are made after the flag was set. Young collections are from then
 * on done by the calling thread alone: for a heap this small, waking the others takes three times as long as the work.
 */
function exposedCollect(): Collect {
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return collect;
}

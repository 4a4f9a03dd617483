/**
 * Gives memory outside of V8's heap back soon: ZeroMQ's frames, and the copies of outputs that ONNX Runtime's binding makes. It is freed
 * when its small handles are collected. Handles fill no young generation, so it would be the amount of outside memory that makes V8 collect
 * (64 MiB above the least since it last did), and then it marks its whole heap: in a training process that took a tenth of a step. A
 * collection of the young generation frees the same memory in half a millisecond.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes dropped between two collections. (V8 counts a frame that is received and sent on three times.) */
const BYTES_BETWEEN = 8 * 1024 * 1024;

type Collect = (options: { type: 'minor' }) => void;

/** Counts what one holder takes and drops, and collects when it is time. */
export class OutsideMemory {
  #bytes = 0;
  #collect: Collect | undefined;

  /** So many bytes are not needed any more, or will soon not be. */
  dropped(bytes: number): void {
    this.#bytes += bytes;
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

/**
 * Frees external memory early: ZeroMQ frames, and the output copies of ONNX Runtime's binding. Such memory is freed
 * when its small handles are collected, but handles never fill the young generation. V8 would therefore collect only
 * once external memory has grown by 64 MiB, and then mark its whole heap, which took a tenth of a training step. A
 * young-generation collection frees the same memory in half a millisecond.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes released between two collections. V8 counts a frame that is received and forwarded three times. */
const BYTES_BETWEEN = 8 * 1024 * 1024;

type Collect = (options: { type: 'minor' }) => void;

/** Counts released external memory of one holder, and triggers a young-generation collection at a threshold. */
export class OutsideMemory {
  #bytes = 0;
  #collect: Collect | undefined;

  /** Reports bytes that are no longer needed, or will soon not be. */
  dropped(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < BYTES_BETWEEN) return;
    this.#bytes = 0;
    this.#collect ??= exposedCollect();
    this.#collect({ type: 'minor' });
  }
}

/**
 * V8's gc function, which exists only in contexts created after the flag was set. Also makes young-generation
 * collections single-threaded: for a heap this small, waking the helper threads takes three times as long as the work.
 */
function exposedCollect(): Collect {
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return collect;
}

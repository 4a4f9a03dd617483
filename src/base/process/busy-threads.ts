/**
 * Number of threads of this process in native code that cannot be interrupted. process.exit waits for them; an
 * uncaught signal does not.
 */
let busy = 0;

export function busyThreads(): number {
  return busy;
}

/** Counts a thread as busy until `work` settles. */
export function whileBusy<T>(work: Promise<T>): Promise<T> {
  busy += 1;
  return work.finally(() => {
    busy -= 1;
  });
}

/**
 * How many threads of this process are in native code that cannot be interrupted. Node waits for them before it exits, a signal that is not
 * caught does not.
 */
let busy = 0;

export function busyThreads(): number {
  return busy;
}

/** Counts a thread as busy until the work has settled. */
export function whileBusy<T>(work: Promise<T>): Promise<T> {
  busy += 1;
  return work.finally(() => {
    busy -= 1;
  });
}

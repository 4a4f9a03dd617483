/**
 * A silence watchdog. It counts ticks of its own timer instead of reading a clock. A process that
 * was suspended handles the messages that arrived meanwhile before the next tick counts, so only a
 * silent neighbour misses a deadline, not a suspended process.
 */
export interface Watch {
  /** Restarts the count. */
  touch(): void;
  /** Shortens the limit to `milliseconds` of silence. */
  shorten(milliseconds: number): void;
  stop(): void;
}

/** Calls `onSilence` once, after `milliseconds` without a `touch`. */
export function watch(milliseconds: number, onSilence: () => void): Watch {
  const tickMs = Math.max(1, Math.min(50, milliseconds / 10));
  let limit = Math.ceil(milliseconds / tickMs);
  let ticks = 0;
  const timer = setInterval(() => {
    if (++ticks < limit) return;
    clearInterval(timer);
    onSilence();
  }, tickMs);
  return {
    touch: () => (ticks = 0),
    shorten: (shorter) => (limit = Math.min(limit, Math.max(2, Math.ceil(shorter / tickMs)))),
    stop: () => clearInterval(timer),
  };
}

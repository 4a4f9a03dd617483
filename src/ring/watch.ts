/**
 * Tells when nothing has happened for too long. It counts turns of its own timer instead of reading a clock: a process
 * that was kept from running takes what has arrived meanwhile before the next turn counts, so that only a silent
 * neighbour runs into a deadline, not a busy one.
 */
export interface Watch {
  /** Something happened: count anew. */
  touch(): void;
  /** From now on `milliseconds` of silence suffice. */
  shorten(milliseconds: number): void;
  stop(): void;
}

export function watch(milliseconds: number, onSilence: () => void): Watch {
  const turn = Math.max(1, Math.min(50, milliseconds / 10));
  let limit = Math.ceil(milliseconds / turn);
  let turns = 0;
  const timer = setInterval(() => {
    if (++turns < limit) return;
    clearInterval(timer);
    onSilence();
  }, turn);
  return {
    touch: () => (turns = 0),
    shorten: (shorter) => (limit = Math.min(limit, Math.max(2, Math.ceil(shorter / turn)))),
    stop: () => clearInterval(timer),
  };
}

/**
 * Detects that this process itself was suspended: by a signal or a debugger, by a sleeping laptop, or on an
 * overloaded machine. Its peers may have disconnected during the pause, so a connection that closes shortly
 * after it is no evidence of a failed peer.
 */
export interface OwnPauses {
  /** When the process last noticed that it runs, in milliseconds. */
  readonly checked: number;
  /** End of the latest pause. */
  readonly ended: number;
}

/** Milliseconds between two checks. */
export const CHECK_EVERY_MS = 250;
/** Shortest pause that counts, in milliseconds. Peers disconnect after 1,200 or more. */
const MIN_MS = 700;
/** Milliseconds that roles may take to reconnect after this process was suspended. */
const RECONNECT_WITHIN_MS = 5_000;

export function noPause(now: number): OwnPauses {
  return { checked: now, ended: -Infinity };
}

export function checkedAt({ checked, ended }: OwnPauses, now: number): OwnPauses {
  return { checked: now, ended: now - checked - CHECK_EVERY_MS >= MIN_MS ? now : ended };
}

/** Milliseconds for which disconnects are still excused; 0 when there was no recent pause. */
export function excuseOf({ ended }: OwnPauses, now: number): number {
  return Math.max(0, ended + RECONNECT_WITHIN_MS - now);
}

/**
 * Detects that this process itself was suspended: by a signal or a debugger, by a sleeping laptop, or on an
 * overloaded machine. Its peers may have disconnected during the pause, so a connection that closes shortly
 * after it is no evidence of a failed peer.
 */
export interface OwnPausesOptions {
  /** Milliseconds between two checks. Default 250. */
  readonly everyMs?: number;
  /** Shortest pause that counts, in milliseconds. Default 700; peers disconnect after 1,200 or more. */
  readonly leastMs?: number;
  /** Milliseconds after a pause during which disconnects are excused. */
  readonly excusesMs: number;
}

export class OwnPauses {
  readonly #everyMs: number;
  readonly #leastMs: number;
  readonly #excusesMs: number;
  readonly #timer: NodeJS.Timeout;
  #checked = performance.now();
  #ended = -Infinity;

  constructor({ everyMs = 250, leastMs = 700, excusesMs }: OwnPausesOptions) {
    this.#everyMs = everyMs;
    this.#leastMs = leastMs;
    this.#excusesMs = excusesMs;
    this.#timer = setInterval(() => this.#check(), everyMs);
    this.#timer.unref();
  }

  /** Milliseconds for which disconnects are still excused; 0 when there was no recent pause. */
  excuse(): number {
    this.#check(); // a disconnect may be handled before the timer fires
    return Math.max(0, this.#ended + this.#excusesMs - performance.now());
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const now = performance.now();
    if (now - this.#checked - this.#everyMs >= this.#leastMs) this.#ended = now;
    this.#checked = now;
  }
}

/**
 * Whether this process itself was kept from running a moment ago: stopped by a signal or a debugger, a laptop that slept, a starved
 * machine. Meanwhile its neighbours have found it silent and hung up, so that a connection that ends now says nothing about them.
 */
export interface OwnPausesOptions {
  /** Milliseconds between two looks. Default 250. */
  readonly everyMs?: number;
  /** The shortest pause that counts, in milliseconds. Default 700: the least silence for which a neighbour hangs up is 1,200. */
  readonly leastMs?: number;
  /** How long after a pause it excuses others, in milliseconds. */
  readonly excusesMs: number;
}

export class OwnPauses {
  readonly #everyMs: number;
  readonly #leastMs: number;
  readonly #excusesMs: number;
  readonly #timer: NodeJS.Timeout;
  #seen = performance.now();
  #ended = -Infinity;

  constructor({ everyMs = 250, leastMs = 700, excusesMs }: OwnPausesOptions) {
    this.#everyMs = everyMs;
    this.#leastMs = leastMs;
    this.#excusesMs = excusesMs;
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#timer.unref();
  }

  /** Until when a pause that has ended excuses others, in milliseconds from now; 0 when there was none. */
  excuse(): number {
    this.#look(); // a connection's end may be read before the timer's turn comes
    return Math.max(0, this.#ended + this.#excusesMs - performance.now());
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#seen - this.#everyMs >= this.#leastMs) this.#ended = now;
    this.#seen = now;
  }
}

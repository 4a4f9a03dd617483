import { Random } from '../../../src/base/random.ts';
import { deferred } from '../../../src/base/promises.ts';

/** What an event belongs to: a simulated process. Events of a stopped one wait, those of a dead one are dropped. */
export interface Owner {
  readonly name: string;
  readonly state: 'running' | 'stopped' | 'dead';
}

/** Something that happens at a moment of virtual time. */
interface Happening {
  readonly at: number;
  /** Orders events of the same moment at random. */
  readonly tie: number;
  readonly owner: Owner | null;
  readonly run: () => void;
  isCancelled: boolean;
}

export type Cancel = () => void;

/** Virtual clocks start here: any date will do. */
const EPOCH_MS = Date.UTC(2026, 0, 1);
/** Node's timers fire up to a millisecond early, and late on a busy machine. */
const EARLY_MS = 1;
const LATE_MS = 2;

/**
 * Virtual time with a seeded scheduler. One event runs at a time, until all promises that it settles have been
 * handled; then time jumps to the next event. So a run is a pure function of its seed.
 */
export class VirtualTime {
  #now = 0;
  /** Latest first. */
  readonly #happenings: Happening[] = [];
  readonly #waiting = new Map<Owner, Happening[]>();
  readonly #random: Random;
  readonly #onError: (error: unknown, owner: Owner | null) => void;
  #current: Owner | null = null;
  #count = 0;

  constructor(seed: number, onError: (error: unknown, owner: Owner | null) => void) {
    this.#random = new Random(seed, 1);
    this.#onError = onError;
  }

  /** Milliseconds since the start. */
  get now(): number {
    return this.#now;
  }

  /** The owner of the event that runs. */
  get current(): Owner | null {
    return this.#current;
  }

  /** Number of events so far. */
  get events(): number {
    return this.#count;
  }

  /** Run something later, as an event of `owner`. Default: the owner of the present event. */
  after(milliseconds: number, run: () => void, owner: Owner | null = this.#current): Cancel {
    const at = this.#now + Math.max(0, milliseconds);
    const happening = { at, tie: this.#random.uint32(), owner, run, isCancelled: false };
    this.#insert(happening);
    return () => {
      happening.isCancelled = true;
    };
  }

  /** Let the events that waited for a stopped owner happen now, in any order. */
  resume(owner: Owner): void {
    const waiting = this.#waiting.get(owner) ?? [];
    this.#waiting.delete(owner);
    for (const { owner: own, run, isCancelled } of waiting)
      if (!isCancelled) this.after(this.#random.float(), run, own);
  }

  /**
   * Run events until `isOver`, or until none is left or `limitMs` has passed. Timers and clocks of this thread are
   * virtual meanwhile.
   */
  async run(isOver: () => boolean, limitMs: number): Promise<'over' | 'stuck' | 'late'> {
    const ended = deferred<'over' | 'stuck' | 'late'>();
    const { setImmediate: nextTurn } = globalThis;
    const step = () => {
      this.#current = null;
      if (isOver()) return ended.resolve('over');
      const next = this.#happenings.pop();
      if (!next) return ended.resolve('stuck');
      if (next.at > limitMs) return ended.resolve('late');
      this.#now = Math.max(this.#now, next.at);
      this.#happen(next);
      nextTurn(step); // all settled promises are handled before the next turn
    };
    const restore = this.#replaceClocks();
    try {
      step();
      return await ended.promise;
    } finally {
      restore();
    }
  }

  /** Do something that makes all processes end, and drop the events that are left. */
  async end(last: () => void): Promise<void> {
    const restore = this.#replaceClocks();
    try {
      last();
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      restore();
      this.#happenings.length = 0;
      this.#waiting.clear();
    }
  }

  #happen(happening: Happening): void {
    const { owner, run, isCancelled } = happening;
    if (isCancelled || owner?.state === 'dead') return;
    if (owner?.state === 'stopped') {
      this.#waiting.set(owner, [...(this.#waiting.get(owner) ?? []), happening]);
      return;
    }
    this.#count += 1;
    this.#current = owner;
    try {
      run();
    } catch (error) {
      this.#onError(error, owner);
    }
  }

  #insert(happening: Happening): void {
    const later = (other: Happening) =>
      other.at > happening.at || (other.at === happening.at && other.tie > happening.tie);
    let [low, high] = [0, this.#happenings.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (later(this.#happenings[middle]!)) low = middle + 1;
      else high = middle;
    }
    this.#happenings.splice(low, 0, happening);
  }

  #replaceClocks(): () => void {
    const real = { setTimeout, clearTimeout, setInterval, clearInterval };
    const date = Object.getOwnPropertyDescriptor(Date, 'now')!;
    const clear = (clearReal: (timer?: never) => void) => (timer: unknown) => {
      if (timer instanceof VirtualTimer) timer.cancel();
      else clearReal(timer as never);
    };
    const wait = (milliseconds = 1) =>
      Math.max(0, milliseconds - EARLY_MS + (EARLY_MS + LATE_MS) * this.#random.float() ** 2);
    const start = (repeats: boolean) => (callback: () => void, milliseconds?: number) =>
      new VirtualTimer({ time: this, wait: () => wait(milliseconds), callback, repeats });
    Object.assign(globalThis, {
      setTimeout: start(false),
      setInterval: start(true),
      clearTimeout: clear(real.clearTimeout),
      clearInterval: clear(real.clearInterval),
    });
    Object.defineProperty(performance, 'now', { value: () => this.#now, configurable: true });
    Object.defineProperty(Date, 'now', { ...date, value: () => EPOCH_MS + Math.floor(this.#now) });
    return () => {
      Object.assign(globalThis, real);
      Reflect.deleteProperty(performance, 'now'); // the prototype has the real one
      Object.defineProperty(Date, 'now', date);
    };
  }
}

interface TimerOptions {
  readonly time: VirtualTime;
  readonly wait: () => number;
  readonly callback: () => void;
  readonly repeats: boolean;
}

/** What `setTimeout` and `setInterval` return: as much of Node's Timeout as Brine uses. */
class VirtualTimer {
  readonly #options: TimerOptions;
  #cancel: Cancel = () => undefined;
  #isCancelled = false;

  constructor(options: TimerOptions) {
    this.#options = options;
    this.#start(options.time.current);
  }

  #start(owner: Owner | null): void {
    const { time, wait, callback, repeats } = this.#options;
    const fire = () => {
      if (repeats) this.#start(owner);
      callback();
    };
    if (!this.#isCancelled) this.#cancel = time.after(wait(), fire, owner);
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#cancel();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

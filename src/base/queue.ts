import { BrineError } from './errors.ts';

/**
 * A bounded first-in first-out queue between asynchronous producers and consumers. `push` waits while the queue is
 * full, `shift` waits while it is empty. After `close`, what was queued is still handed out, then `shift` gives
 * undefined (or throws the error that `close` was given); pending and later pushes throw CLOSED.
 */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  readonly #takers: { resolve: (item: T | undefined) => void; reject: (error: unknown) => void }[] = [];
  readonly #givers: { item: T; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #closed = false;
  #error: unknown;

  /** Throws BAD_ARGUMENT unless capacity is a positive integer. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new BrineError('BAD_ARGUMENT', `a queue of capacity ${capacity} cannot hold anything`, {
        hint: 'Give a positive whole number.',
      });
    }
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): Promise<void> {
    if (this.#closed) return Promise.reject(closedError());
    const taker = this.#takers.shift();
    if (taker) {
      taker.resolve(item);
      return Promise.resolve();
    }
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => this.#givers.push({ item, resolve, reject }));
  }

  shift(): Promise<T | undefined> {
    const item = this.#items.shift();
    if (item !== undefined) {
      const giver = this.#givers.shift();
      if (giver) {
        this.#items.push(giver.item);
        giver.resolve();
      }
      return Promise.resolve(item);
    }
    if (this.#closed)
      return this.#error === undefined ? Promise.resolve(undefined) : Promise.reject(this.#error);
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
  }

  close(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    for (const giver of this.#givers.splice(0)) giver.reject(closedError());
    for (const taker of this.#takers.splice(0)) {
      if (error === undefined) taker.resolve(undefined);
      else taker.reject(error);
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (let item = await this.shift(); item !== undefined; item = await this.shift()) yield item;
  }
}

function closedError(): BrineError {
  return new BrineError('CLOSED', 'the queue was closed', { hint: 'Stop pushing after close().' });
}

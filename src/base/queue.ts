import { BrineError } from './errors.ts';

/**
 * A bounded FIFO queue between asynchronous producers and consumers. `push` waits while the queue is full, `shift`
 * while it is empty. After `close`, `shift` returns the remaining items, then undefined (or throws the error
 * passed to `close`); pending and later pushes throw CLOSED.
 */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  readonly #consumers: { resolve: (item: T | undefined) => void; reject: (error: unknown) => void }[] = [];
  readonly #producers: { item: T; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #closed = false;
  #error: unknown;

  /** Throws BAD_ARGUMENT unless capacity is a positive integer. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new BrineError(
        'BAD_ARGUMENT',
        `the capacity of a queue must be a positive integer, not ${capacity}`,
        {
          hint: 'Pass a positive integer.',
        },
      );
    }
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): Promise<void> {
    if (this.#closed) return Promise.reject(closedError());
    const consumer = this.#consumers.shift();
    if (consumer) {
      consumer.resolve(item);
      return Promise.resolve();
    }
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => this.#producers.push({ item, resolve, reject }));
  }

  shift(): Promise<T | undefined> {
    const item = this.#items.shift();
    if (item !== undefined) {
      const producer = this.#producers.shift();
      if (producer) {
        this.#items.push(producer.item);
        producer.resolve();
      }
      return Promise.resolve(item);
    }
    if (this.#closed)
      return this.#error === undefined ? Promise.resolve(undefined) : Promise.reject(this.#error);
    return new Promise((resolve, reject) => this.#consumers.push({ resolve, reject }));
  }

  close(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    for (const producer of this.#producers.splice(0)) producer.reject(closedError());
    for (const consumer of this.#consumers.splice(0)) {
      if (error === undefined) consumer.resolve(undefined);
      else consumer.reject(error);
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (let item = await this.shift(); item !== undefined; item = await this.shift()) yield item;
  }
}

function closedError(): BrineError {
  return new BrineError('CLOSED', 'the queue was closed', { hint: 'Do not push after close().' });
}

import type { Frame } from './transport.ts';

export interface Message<Sender> {
  readonly sender: Sender | undefined;
  readonly frames: readonly Frame[];
}

/** A bounded message queue. Senders wait while it is full; closing its owner empties it. */
export class Mailbox<Sender> {
  readonly #messages: Message<Sender>[] = [];
  readonly #waiting: { message: Message<Sender>; resolve: () => void; reject: (error: unknown) => void }[] =
    [];
  #taker: { resolve: (message: Message<Sender>) => void; reject: (error: unknown) => void } | undefined;

  put(message: Message<Sender>, highWaterMark: number): Promise<void> {
    if (this.#taker) {
      const { resolve } = this.#taker;
      this.#taker = undefined;
      resolve(message);
    } else if (this.#messages.length < highWaterMark) {
      this.#messages.push(message);
    } else {
      return new Promise((resolve, reject) => this.#waiting.push({ message, resolve, reject }));
    }
    return Promise.resolve();
  }

  take(): Promise<Message<Sender>> {
    const message = this.#messages.shift();
    if (!message) return new Promise((resolve, reject) => (this.#taker = { resolve, reject }));
    const next = this.#waiting.shift();
    if (next) {
      this.#messages.push(next.message);
      next.resolve();
    }
    return Promise.resolve(message);
  }

  /** Ends pending operations: of a closing sender if given, otherwise of the closing owner. */
  abandon(error: Error, sender?: Sender): void {
    if (sender) {
      for (const entry of this.#waiting.filter(({ message }) => message.sender === sender)) {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        entry.reject(error);
      }
      return;
    }
    this.#messages.length = 0;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    this.#taker?.reject(error);
    this.#taker = undefined;
  }
}

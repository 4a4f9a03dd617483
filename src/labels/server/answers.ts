import { BrineError, messageOf } from '../../base/errors.ts';
import { bestEffort } from '../../base/promises.ts';
import type { Frame, Server } from '../../transport/transport.ts';
import { encodeToPeer, type ToPeer } from '../protocol/messages.ts';

/** Sends a server's messages to its peers, and tracks the work that must end before the server closes. */
export class Answers {
  readonly #server: Server;
  readonly #onFault: (peer: string, error: BrineError) => void;
  readonly #work = new Set<Promise<void>>();

  constructor(server: Server, onFault: (peer: string, error: BrineError) => void) {
    this.#server = server;
    this.#onFault = onFault;
  }

  readonly send = (peer: string, message: ToPeer, frames: readonly Frame[] = []): void => {
    const sent = this.#server.send(peer, [encodeToPeer(message), ...frames]);
    this.track(sent.catch((error) => void this.fault(peer, error)));
  };

  /** Sends a frame of another protocol to a peer that may have gone. */
  sendForeign(peer: string, frame: Frame): void {
    this.track(bestEffort(this.#server.send(peer, [frame])));
  }

  /** Answers a request with its error, which it returns. */
  fail(peer: string, number: number, thrown: unknown): BrineError {
    const error = this.fault(peer, thrown);
    this.send(peer, { kind: 'failed', number, error });
    return error;
  }

  /** Reports an error, and returns it as a BrineError. */
  fault(peer: string, thrown: unknown): BrineError {
    const error =
      thrown instanceof BrineError
        ? thrown
        : new BrineError('INTERNAL', `the label cache failed: ${messageOf(thrown)}`, {
            hint: 'Report this with the log of the cache.',
            cause: thrown,
          });
    this.#onFault(peer, error);
    return error;
  }

  track(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }

  /** Resolves when the tracked work has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#work);
  }
}

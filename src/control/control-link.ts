import { within } from '../base/deadline.ts';
import { asBrineError, BrineError } from '../base/errors.ts';
import { ownProcess, type ProcessName } from '../base/process/process-identity.ts';
import { unlessAborted } from '../base/interruption.ts';
import { bestEffort, deferred, handledLater, orUndefined } from '../base/promises.ts';
import { ServerSession } from '../transport/server-session.ts';
import type { Transport } from '../transport/transport.ts';
import { stopped, withoutCoordinator } from './connection-faults.ts';
import { decodeToRole, encodeFromRole } from './message-codec.ts';
import {
  CONTROL_LIMITS,
  coordinatorAt,
  nameOf,
  type Abandon,
  type AwaitingRendezvous,
  type Figures,
  type FromRole,
  type Loss,
  type Order,
  type RoleId,
  type Saved,
  type Start,
  type ToRole,
} from './messages.ts';

/** Options of a role's connection to its coordinator. */
export interface ControlLinkOptions {
  readonly transport: Transport;
  readonly coordinator: string;
  readonly id: RoleId;
  /** The identity of this process. Default: read from the system. */
  readonly process?: ProcessName | undefined;
  /** Identity of the recipe. */
  readonly run: string;
  /** Endpoint of this role's own server, if it has one. */
  readonly endpoint?: string | undefined;
  /** Endpoint at which a student serves its state. */
  readonly state?: string | undefined;
  /** The latest checkpoint that a student can read. */
  readonly saved?: Saved | undefined;
  /** Milliseconds that the role runs without a coordinator. Default two minutes. */
  readonly coordinatorTimeoutMs?: number | undefined;
}

const COORDINATOR_TIMEOUT_MS = 120_000;
/** How long the coordinator may take to answer a last message. */
const ANSWER_WITHIN_MS = 2_000;

/** A role's connection to its coordinator. It survives the coordinator and reconnects to a successor. */
export class ControlLink {
  readonly #abort = new AbortController();
  readonly #stopped = deferred();
  readonly #finished = deferred();
  /** Aborted with the error to exit with when the run stops early. */
  readonly signal: AbortSignal = this.#abort.signal;
  /** Resolves when the students are done. */
  readonly finished = this.#finished.promise;
  readonly #options: ControlLinkOptions;
  #session!: ServerSession;
  readonly #starts: Start[] = [];
  #started = deferred();
  #abandoned: ((abandon: Abandon) => void) | undefined;
  #lastAbandoned: Abandon | undefined;
  #order: ((order: Order) => void) | undefined;
  /** The next Hello carries these, so that a successor of the coordinator can adopt this role. */
  #again = false;
  #returns = false;
  #awaiting: AwaitingRendezvous | undefined;
  #results: Figures | undefined;
  #answer: ((state: string | undefined) => void) | undefined;

  private constructor(options: ControlLinkOptions) {
    this.#options = options;
  }

  /** Connects and says Hello, without waiting for Start. */
  static async open(options: ControlLinkOptions): Promise<ControlLink> {
    const { transport, coordinator, id, coordinatorTimeoutMs = COORDINATOR_TIMEOUT_MS } = options;
    const link = new ControlLink(options);
    link.#session = await ServerSession.open({
      ...coordinatorAt(coordinator),
      transport,
      limits: CONTROL_LIMITS,
      hello: () => link.#hello(),
      returnMs: coordinatorTimeoutMs,
      gone: () => withoutCoordinator(nameOf(id), coordinatorTimeoutMs),
      onLost: () => link.#answer?.(undefined),
    });
    void link.#listen();
    return link;
  }

  /**
   * The state of the run, from the coordinator that this role joined first. Undefined after any lost
   * connection, and when the coordinator does not answer.
   */
  async state(withinMs: number): Promise<string | undefined> {
    if (this.#session.losses > 0) return undefined;
    const answer = deferred<string | undefined>();
    this.#answer = answer.resolve;
    void handledLater(this.#send({ kind: 'askStatus' })); // the answer has a deadline
    return orUndefined(within(answer.promise, withinMs, unanswered));
  }

  progress(figures: Figures): Promise<void> {
    return this.#send({ kind: 'progress', figures });
  }

  done(figures: Figures): Promise<void> {
    this.#results = figures;
    return this.#send({ kind: 'done', figures });
  }

  /** Reports that this rank has left its ring, with its train progress. */
  awaitingRendezvous(progress: Omit<AwaitingRendezvous, 'kind'>): Promise<void> {
    this.#awaiting = { kind: 'awaitingRendezvous', ...progress };
    this.#results = undefined;
    return this.#send(this.#awaiting);
  }

  /** Reports that a process of this node has exited. */
  lost(loss: Omit<Loss, 'kind'>): Promise<void> {
    return this.#send({ kind: 'lost', ...loss });
  }

  /** Registers the listener for a node's orders. */
  onOrder(listener: (order: Order) => void): void {
    this.#order = listener;
  }

  /** Registers the listener for requests to abandon the ring of a generation, at once or after a step. */
  onAbandon(listener: (abandon: Abandon) => void): void {
    this.#abandoned = listener;
    if (this.#lastAbandoned !== undefined) listener(this.#lastAbandoned);
  }

  /**
   * Waits for the next ring that the coordinator forms. Rejects with the signal's reason. One call at a
   * time.
   */
  async next(signal: AbortSignal): Promise<Start> {
    for (;;) {
      signal.throwIfAborted();
      const start = this.#starts.shift();
      if (start) return start;
      this.#started = deferred();
      await unlessAborted(this.#started.promise, signal);
    }
  }

  /** Reports a failure. Resolves when the coordinator has answered, or after a timeout. */
  async failed(error: unknown): Promise<void> {
    const { id, run } = this.#options;
    void handledLater(this.#send({ kind: 'failed', error: asBrineError(error), id, run }));
    await answeredOrLate(this.#stopped.promise);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** This role's id and state. */
  #hello(): Uint8Array {
    const { id, run, endpoint = '', state = '', saved, process = ownProcess() } = this.#options;
    const hello = encodeFromRole({
      kind: 'hello',
      id,
      run,
      endpoint,
      state,
      saved,
      ...process,
      again: this.#again,
      returns: this.#returns,
      awaitingRendezvous: this.#awaiting,
      done: this.#results,
    });
    this.#again = true;
    return hello;
  }

  async #listen(): Promise<void> {
    try {
      for (;;) {
        const frames = await this.#session.receive();
        if (frames === undefined) return;
        const message = decodeToRole(frames[0]);
        this.#session.answered(); // any message proves that the coordinator is back
        this.#handle(message);
      }
    } catch (error) {
      this.#stop(error);
    }
  }

  #handle(message: ToRole): void {
    switch (message.kind) {
      case 'start':
        this.#returns = true;
        this.#awaiting = undefined;
        this.#results = undefined;
        this.#starts.push(message);
        return this.#started.resolve();
      case 'abandon':
        this.#lastAbandoned = message;
        return this.#abandoned?.(message);
      case 'order':
        return this.#order?.(message);
      case 'status':
        return this.#answer?.(message.state);
      case 'greet':
        return this.#session.greet();
      case 'stop':
        if (message.finished) this.#finished.resolve();
        else this.#stop(stopped(nameOf(this.#options.id), message.reason));
    }
  }

  #stop(reason: unknown): void {
    this.#abort.abort(reason);
    this.#stopped.resolve();
  }

  async #send(message: FromRole): Promise<void> {
    if (!this.#session.isClosed) await this.#session.send([encodeFromRole(message)]);
  }
}

/** Waits briefly for the answer to a last message, which a process that exits at once could lose. */
export async function answeredOrLate(answer: Promise<unknown>): Promise<void> {
  await bestEffort(within(answer, ANSWER_WITHIN_MS, unanswered));
}

const unanswered = () => new BrineError('DEADLINE', 'the coordinator does not answer', { hint: '' });

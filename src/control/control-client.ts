import { within } from '../base/deadline.ts';
import { unlessAborted } from '../base/interruption.ts';
import { asBrineError, BrineError } from '../base/errors.ts';
import type { Client, Transport } from '../transport/transport.ts';
import {
  CONTROL_FRAME_BYTES,
  nameOf,
  type Agreed,
  type Figures,
  type FromRole,
  type Loss,
  type Order,
  type Peer,
  type Role,
  type RoleId,
  type Saved,
  type AwaitingRendezvous,
  type ToRole,
} from './messages.ts';
import { decodeToRole, encodeFromRole } from './message-codec.ts';
import { noCoordinator, stopped, tooLate, withoutCoordinator } from './connection-faults.ts';
import { servesOf } from '../wire/protocol.ts';
import { ownProcess } from '../base/process/process-identity.ts';

/** Options of a role's connection to its coordinator. */
export interface JoinOptions {
  readonly transport: Transport;
  readonly coordinator: string;
  readonly id: RoleId;
  /** Identity of the recipe. */
  readonly run: string;
  /** Endpoint of this role's own server, if it has one. */
  readonly endpoint?: string | undefined;
  /** Endpoint at which a student serves its state. */
  readonly state?: string | undefined;
  /** The newest checkpoint that a student can read. */
  readonly saved?: Saved | undefined;
  readonly withinMs: number;
  /** Cancels the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the role runs without a coordinator. Default two minutes. */
  readonly coordinatorTimeoutMs?: number | undefined;
}

export interface Gathering {
  readonly link: ControlLink;
  readonly peers: readonly Peer[];
  readonly generation: number;
  /** The agreed train progress; undefined when a run starts at step 0. */
  readonly agreement?: Agreed | undefined;
  /** Ranks on the ring, in ring order. A student that is not listed is on standby. */
  readonly students: readonly number[];
}

/** Connect and send Hello, without waiting for Start. */
export async function openLink(options: Omit<JoinOptions, 'withinMs'>): Promise<ControlLink> {
  const client = await options.transport.dial(options.coordinator, {
    maxFrameBytes: CONTROL_FRAME_BYTES,
    expect: 'coordinator',
  });
  const link = new ControlLink(client, options);
  await link.hello();
  return link;
}

/**
 * Connect, send Hello and wait until all roles have joined. Throws JOIN_TIMEOUT, and CANCELLED when the
 * coordinator refuses this role or ends the run.
 */
export async function joinRun(options: JoinOptions): Promise<Gathering> {
  const link = await openLink(options);
  try {
    const start = await unlessAborted(
      within(link.next(link.signal), options.withinMs, () => tooLate(nameOf(options.id), options)),
      options.signal,
    );
    return { ...start, link };
  } catch (error) {
    await link.close();
    throw error;
  }
}

/** Report to the coordinator that a role failed before it joined. */
export async function reportFailure(
  options: Omit<JoinOptions, 'withinMs' | 'endpoint' | 'coordinatorTimeoutMs'>,
  error: unknown,
): Promise<void> {
  const { transport, coordinator, id, run } = options;
  const client = await transport.dial(coordinator, {
    maxFrameBytes: CONTROL_FRAME_BYTES,
    expect: 'coordinator',
  });
  try {
    await client.send([encodeFromRole({ kind: 'failed', error: asBrineError(error), id, run })]);
    await answeredOrLate(client.receive());
  } finally {
    await client.close();
  }
}

/** Wait briefly for the answer to a last message: a process that exits at once could lose that message. */
async function answeredOrLate(answer: Promise<unknown>): Promise<void> {
  const late = new BrineError('DEADLINE', 'the coordinator does not answer', { hint: '' });
  await within(answer, ANSWER_WITHIN_MS, () => late).catch(() => undefined);
}

const ANSWER_WITHIN_MS = 2_000;

/** The endpoint of the peer with a role and rank. Throws INTERNAL when there is none. */
export function endpointOf(peers: readonly Peer[], role: Role, rank: number): string {
  const peer = peers.find((one) => one.role === role && one.rank === rank);
  if (peer?.endpoint) return peer.endpoint;
  throw new BrineError('INTERNAL', `the coordinator sent no address of ${nameOf({ role, rank })}`, {
    hint: 'This is a bug in Brine. Report it with the log of the run.',
  });
}

/** The endpoints of all peers of a role, in rank order. */
export function endpointsOf(peers: readonly Peer[], role: Role): string[] {
  return peers
    .filter((one) => one.role === role)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ endpoint }) => endpoint);
}

export type Start = Omit<Gathering, 'link'>;

type Abandon = Extract<ToRole, { kind: 'abandon' }>;

type Self = Pick<
  JoinOptions,
  'coordinator' | 'id' | 'run' | 'endpoint' | 'state' | 'saved' | 'coordinatorTimeoutMs'
>;

const COORDINATOR_TIMEOUT_MS = 120_000;

/** A role's connection to its coordinator. It survives the coordinator and reconnects to a successor. */
export class ControlLink {
  /** Aborted with the error to exit with when the run stops early. */
  readonly signal: AbortSignal;
  /** Resolves when the students are done. */
  readonly finished: Promise<void>;
  readonly #client: Client;
  readonly #self: Self;
  readonly #abort = new AbortController();
  readonly #starts: Start[] = [];
  #finish: () => void = () => undefined;
  #started: (() => void) | undefined;
  #abandoned: ((abandon: Abandon) => void) | undefined;
  #lastAbandoned: Abandon | undefined;
  #order: ((order: Order) => void) | undefined;
  #closed = false;
  /** The next Hello carries these, so that a successor of the coordinator can adopt this role. */
  #again = false;
  #returns = false;
  #awaiting: AwaitingRendezvous | undefined;
  #results: Figures | undefined;
  /** Active while there is no coordinator. */
  #coordinatorTimer: NodeJS.Timeout | undefined;
  #disconnects = 0;
  #answer: ((state: string | undefined) => void) | undefined;

  constructor(client: Client, self: Self) {
    this.#client = client;
    this.#self = self;
    this.signal = this.#abort.signal;
    this.finished = new Promise((resolve) => (this.#finish = resolve));
    client.onLost(() => this.#disconnected());
    void this.#listen(nameOf(self.id));
  }

  /** Send this role's id and state to the coordinator. */
  hello(): Promise<void> {
    const { id, run, endpoint = '', state = '', saved } = this.#self;
    const sessionState = {
      again: this.#again,
      returns: this.#returns,
      awaitingRendezvous: this.#awaiting,
      done: this.#results,
    };
    this.#again = true;
    return this.#send({ kind: 'hello', id, run, endpoint, state, saved, ...ownProcess(), ...sessionState });
  }

  /**
   * The state of the run, from the coordinator that this role joined first. Undefined after any disconnect,
   * and when the coordinator does not answer.
   */
  async state(withinMs: number): Promise<string | undefined> {
    if (this.#disconnects > 0) return undefined;
    const answer = new Promise<string | undefined>((resolve) => (this.#answer = resolve));
    await this.#send({ kind: 'askStatus' });
    const silent = new BrineError('DEADLINE', 'the coordinator does not answer', { hint: '' });
    return within(answer, withinMs, () => silent).catch(() => undefined);
  }

  progress(figures: Figures): Promise<void> {
    return this.#send({ kind: 'progress', figures });
  }

  done(figures: Figures): Promise<void> {
    this.#results = figures;
    return this.#send({ kind: 'done', figures });
  }

  /** Report that this rank has left its ring, with its train progress. */
  awaitingRendezvous(progress: Omit<AwaitingRendezvous, 'kind'>): Promise<void> {
    this.#awaiting = { kind: 'awaitingRendezvous', ...progress };
    this.#results = undefined;
    return this.#send(this.#awaiting);
  }

  /** Report that a process of this node has exited. */
  lost(loss: Omit<Loss, 'kind'>): Promise<void> {
    return this.#send({ kind: 'lost', ...loss });
  }

  /** Register the listener for a node's orders. */
  onOrder(listener: (order: Order) => void): void {
    this.#order = listener;
  }

  /** Register the listener for requests to abandon the ring of a generation, at once or after a step. */
  onAbandon(listener: (abandon: Abandon) => void): void {
    this.#abandoned = listener;
    if (this.#lastAbandoned !== undefined) listener(this.#lastAbandoned);
  }

  /**
   * Wait for the next ring that the coordinator forms. Rejects with the signal's reason. One call at a
   * time.
   */
  async next(signal: AbortSignal): Promise<Start> {
    for (;;) {
      signal.throwIfAborted();
      const start = this.#starts.shift();
      if (start) return start;
      await new Promise<void>((resolve) => {
        this.#started = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  /** Report a failure. Resolves when the coordinator has answered, or after a timeout. */
  async failed(error: unknown): Promise<void> {
    const answered = new Promise((resolve) => this.signal.addEventListener('abort', resolve, { once: true }));
    const { id, run } = this.#self;
    await this.#send({ kind: 'failed', error: asBrineError(error), id, run });
    await answeredOrLate(answered);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#coordinatorTimer);
    await this.#client.close();
  }

  async #listen(name: string): Promise<void> {
    try {
      for (;;) {
        const frames = await this.#client.receive();
        const serves = servesOf(frames[0]);
        if (serves !== undefined) throw noCoordinator(this.#self.coordinator, serves);
        const message = decodeToRole(frames[0]);
        clearTimeout(this.#coordinatorTimer);
        this.#coordinatorTimer = undefined;
        this.#handle(name, message);
      }
    } catch (error) {
      if (!this.#closed) this.#abort.abort(error);
    }
  }

  #handle(name: string, message: ToRole): void {
    if (message.kind === 'start') {
      this.#returns = true;
      this.#awaiting = undefined;
      this.#results = undefined;
      this.#starts.push(message);
      this.#started?.();
    } else if (message.kind === 'abandon') {
      this.#lastAbandoned = message;
      this.#abandoned?.(message);
    } else if (message.kind === 'order') this.#order?.(message);
    else if (message.kind === 'status') this.#answer?.(message.state);
    else if (message.kind === 'greet') this.#helloAgain();
    else if (message.kind === 'stop' && message.finished) this.#finish();
    else if (message.kind === 'stop') this.#abort.abort(stopped(name, message.reason));
  }

  /** The connection is lost. The role continues, and sends Hello to the next coordinator at this address. */
  #disconnected(): void {
    if (this.#closed) return;
    this.#disconnects += 1;
    this.#answer?.(undefined);
    const { id, coordinatorTimeoutMs = COORDINATOR_TIMEOUT_MS } = this.#self;
    this.#coordinatorTimer ??= setTimeout(
      () => this.#abort.abort(withoutCoordinator(nameOf(id), coordinatorTimeoutMs)),
      coordinatorTimeoutMs,
    );
    this.#helloAgain();
  }

  #helloAgain(): void {
    this.hello().catch(() => undefined); // the signal reports a closed link
  }

  async #send(message: FromRole): Promise<void> {
    if (!this.#closed) await this.#client.send([encodeFromRole(message)]);
  }
}

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

/** A role's line to its coordinator. The signal is aborted when the run ends badly; `finished` resolves when it ends well. */
export interface JoinOptions {
  readonly transport: Transport;
  readonly coordinator: string;
  readonly id: RoleId;
  /** Identity of the recipe. */
  readonly run: string;
  /** Where this role is served, if it is. */
  readonly endpoint?: string | undefined;
  /** Where a student serves its state. */
  readonly state?: string | undefined;
  /** The newest checkpoint that a student can read. */
  readonly saved?: Saved | undefined;
  readonly withinMs: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** How long the role goes on without a coordinator. Default two minutes. */
  readonly coordinatorTimeoutMs?: number | undefined;
}

export interface Gathering {
  readonly link: ControlLink;
  readonly peers: readonly Peer[];
  readonly generation: number;
  /** Where the ranks go on, when the run goes on already. */
  readonly agreement?: Agreed | undefined;
  /** Who is on the ring, by their seats; a student that is not among them stands by. */
  readonly students: readonly number[];
}

/** Says Hello, and does not wait. */
export async function openLink(options: Omit<JoinOptions, 'withinMs'>): Promise<ControlLink> {
  const client = await options.transport.dial(options.coordinator, {
    maxFrameBytes: CONTROL_FRAME_BYTES,
    expect: 'coordinator',
  });
  const link = new ControlLink(client, options);
  await link.hello();
  return link;
}

/** Says Hello and waits until everybody has. Throws JOIN_TIMEOUT, and CANCELLED when the coordinator refuses or ends the run. */
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

/** Tells the coordinator that a role failed before it could join. */
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
    await heard(client.receive());
  } finally {
    await client.close();
  }
}

/** A process that ends at once would take its last message with it: wait for an answer, but not for long. */
async function heard(answer: Promise<unknown>): Promise<void> {
  const unheard = new BrineError('DEADLINE', 'the coordinator does not answer', { hint: '' });
  await within(answer, HEARD_WITHIN_MS, () => unheard).catch(() => undefined);
}

const HEARD_WITHIN_MS = 2_000;

/** The endpoint of the one peer of that role and rank. Throws INTERNAL when it has none. */
export function endpointOf(peers: readonly Peer[], role: Role, rank: number): string {
  const peer = peers.find((one) => one.role === role && one.rank === rank);
  if (peer?.endpoint) return peer.endpoint;
  throw new BrineError('INTERNAL', `the coordinator named no address of ${nameOf({ role, rank })}`, {
    hint: 'This is a bug in Brine. Report it with the log of the run.',
  });
}

/** The endpoints of all peers of a role, by rank. */
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

export class ControlLink {
  /** Aborted, with the error to end with, when the run is stopped before its end. */
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
  /** What a coordinator that comes new must know of this role. */
  #again = false;
  #returns = false;
  #where: AwaitingRendezvous | undefined;
  #results: Figures | undefined;
  /** Runs while there is no coordinator. */
  #patience: NodeJS.Timeout | undefined;
  #cuts = 0;
  #answer: ((state: string | undefined) => void) | undefined;

  constructor(client: Client, self: Self) {
    this.#client = client;
    this.#self = self;
    this.signal = this.#abort.signal;
    this.finished = new Promise((resolve) => (this.#finish = resolve));
    client.onLost(() => this.#left());
    void this.#listen(nameOf(self.id));
  }

  /** Says who this is and where it stands. */
  hello(): Promise<void> {
    const { id, run, endpoint = '', state = '', saved } = this.#self;
    const stands = {
      again: this.#again,
      returns: this.#returns,
      awaitingRendezvous: this.#where,
      done: this.#results,
    };
    this.#again = true;
    return this.#send({ kind: 'hello', id, run, endpoint, state, saved, ...ownProcess(), ...stands });
  }

  /** How the run stands, as the coordinator says that this role has known all along; undefined when that one has gone or is silent. */
  async state(withinMs: number): Promise<string | undefined> {
    if (this.#cuts > 0) return undefined;
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

  /** Tells that this rank's ring is broken or given up, and where the rank stands. */
  awaitingRendezvous(where: Omit<AwaitingRendezvous, 'kind'>): Promise<void> {
    this.#where = { kind: 'awaitingRendezvous', ...where };
    this.#results = undefined;
    return this.#send(this.#where);
  }

  /** Tells that a process of this node has gone. */
  lost(loss: Omit<Loss, 'kind'>): Promise<void> {
    return this.#send({ kind: 'lost', ...loss });
  }

  /** Called with what a node is to do. */
  onOrder(listener: (order: Order) => void): void {
    this.#order = listener;
  }

  /** Called when the ring of a generation is to be given up, at once or after a step. */
  onAbandon(listener: (abandon: Abandon) => void): void {
    this.#abandoned = listener;
    if (this.#lastAbandoned !== undefined) listener(this.#lastAbandoned);
  }

  /** The next ring, once the coordinator has formed it. Rejects with the signal's reason. One call at a time. */
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

  /** Resolves when the coordinator has heard of it, or does not answer. */
  async failed(error: unknown): Promise<void> {
    const answered = new Promise((resolve) => this.signal.addEventListener('abort', resolve, { once: true }));
    const { id, run } = this.#self;
    await this.#send({ kind: 'failed', error: asBrineError(error), id, run });
    await heard(answered);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#patience);
    await this.#client.close();
  }

  async #listen(name: string): Promise<void> {
    try {
      for (;;) {
        const frames = await this.#client.receive();
        const serves = servesOf(frames[0]);
        if (serves !== undefined) throw noCoordinator(this.#self.coordinator, serves);
        const message = decodeToRole(frames[0]);
        clearTimeout(this.#patience);
        this.#patience = undefined;
        this.#hear(name, message);
      }
    } catch (error) {
      if (!this.#closed) this.#abort.abort(error);
    }
  }

  #hear(name: string, message: ToRole): void {
    if (message.kind === 'start') {
      this.#returns = true;
      this.#where = undefined;
      this.#results = undefined;
      this.#starts.push(message);
      this.#started?.();
    } else if (message.kind === 'abandon') {
      this.#lastAbandoned = message;
      this.#abandoned?.(message);
    } else if (message.kind === 'order') this.#order?.(message);
    else if (message.kind === 'status') this.#answer?.(message.state);
    else if (message.kind === 'greet') this.#return();
    else if (message.kind === 'stop' && message.finished) this.#finish();
    else if (message.kind === 'stop') this.#abort.abort(stopped(name, message.reason));
  }

  /** The coordinator has gone, or the way to it: the role goes on, and tells whoever serves there next. */
  #left(): void {
    if (this.#closed) return;
    this.#cuts += 1;
    this.#answer?.(undefined);
    const { id, coordinatorTimeoutMs = COORDINATOR_TIMEOUT_MS } = this.#self;
    this.#patience ??= setTimeout(
      () => this.#abort.abort(withoutCoordinator(nameOf(id), coordinatorTimeoutMs)),
      coordinatorTimeoutMs,
    );
    this.#return();
  }

  #return(): void {
    this.hello().catch(() => undefined); // the link has ended, which its owner hears by the signal
  }

  async #send(message: FromRole): Promise<void> {
    if (!this.#closed) await this.#client.send([encodeFromRole(message)]);
  }
}

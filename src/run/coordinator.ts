import { BrineError } from '../base/errors.ts';
import type { Received, Server, Transport } from '../transport/transport.ts';
import {
  CONTROL_FRAME_BYTES,
  asBrineError,
  decodeFromRole,
  encodeToRole,
  nameOf,
  type Figures,
  type Peer,
  type RoleId,
  type ToRole,
} from './control.ts';

/**
 * The one that knows everybody. Waits until every expected role has said Hello, tells each where the others are, hears
 * their progress, and ends the run: well when every student is done, badly when any role fails, dies or never joins.
 * It starts and kills no process; who does so tells it of deaths with `lost`.
 */
export interface CoordinatorOptions {
  readonly transport: Transport;
  /** Where to serve, such as tcp://127.0.0.1:*. */
  readonly endpoint: string;
  /** Identity of the recipe: roles of another run are refused. */
  readonly run: string;
  readonly expected: readonly RoleId[];
  readonly joinWithinMs: number;
  readonly generation: number;
  readonly observe?: (event: CoordinatorEvent) => void;
}

export type CoordinatorEvent =
  | { readonly kind: 'joined'; readonly name: string }
  | { readonly kind: 'started' }
  | { readonly kind: 'progress'; readonly name: string; readonly figures: Figures };

/** The results of every role by its name. */
export type RunResults = ReadonlyMap<string, Figures>;

interface Member {
  readonly peer: string;
  readonly address: Peer;
  result?: Figures;
}

/** After a first failure, how long to listen for the one that caused it: a neighbour often notices a death first. */
const CAUSE_GRACE_MS = 400;
/** How long cache and teachers may take to close once the students are done. */
const CLOSE_WITHIN_MS = 30_000;

export class Coordinator {
  readonly endpoint: string;
  /** The results of all roles; rejects with what ended the run. */
  readonly finished: Promise<RunResults>;
  readonly #options: CoordinatorOptions;
  readonly #server: Server;
  readonly #members = new Map<string, Member>();
  readonly #causes: { readonly name: string; readonly error: BrineError; readonly died: boolean }[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #resolve: (results: RunResults) => void = () => undefined;
  #reject: (error: BrineError) => void = () => undefined;
  #state: 'joining' | 'running' | 'closing' | 'failing' | 'ended' = 'joining';

  private constructor(options: CoordinatorOptions, server: Server) {
    this.#options = options;
    this.#server = server;
    this.endpoint = server.endpoint;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.finished.catch(() => undefined); // whoever awaits it hears of it
    this.#after(options.joinWithinMs, () => this.#joinTimedOut());
    void this.#listen();
  }

  /** Throws ADDRESS_IN_USE. */
  static async open(options: CoordinatorOptions): Promise<Coordinator> {
    const server = await options.transport.serve(options.endpoint, {
      maxFrameBytes: CONTROL_FRAME_BYTES,
      admit: ['cache', 'student', 'teacher'],
    });
    return new Coordinator(options, server);
  }

  /** A role's process is gone. Harmless once the role was done, has told its failure, or left because it was stopped. */
  lost(id: RoleId, { how, obeyed, hint }: { how: string; obeyed: boolean; hint: string }): void {
    const name = nameOf(id);
    if (this.#members.get(name)?.result) return;
    if (this.#state === 'failing' && (obeyed || this.#causes.some((cause) => cause.name === name))) return;
    this.#fail(name, new BrineError('ROLE_FAILED', `${name} ${how}`, { hint }), true);
  }

  /** Ends the run before its end. */
  stop(error: BrineError): void {
    this.#fail('the run', error, true);
  }

  /** Stops listening. Roles that still run hear nothing more. */
  async close(): Promise<void> {
    this.#state = 'ended';
    for (const timer of this.#timers) clearTimeout(timer);
    this.#reject(
      new BrineError('CLOSED', 'the coordinator was closed before the end of the run', {
        hint: 'Start the run again.',
      }),
    );
    await this.#server.close();
  }

  async #listen(): Promise<void> {
    try {
      for (;;) {
        await this.#hear(await this.#server.receive());
      }
    } catch (error) {
      if (this.#state !== 'ended') this.#fail('the coordinator', asBrineError(error), true);
    }
  }

  async #hear({ peer, role, frames }: Received): Promise<void> {
    let message;
    try {
      message = decodeFromRole(frames[0]);
    } catch (error) {
      return this.#send(peer, { kind: 'stop', reason: asBrineError(error).message, finished: false });
    }
    if ('id' in message && role !== undefined && message.id.role !== role) {
      const reason = `${nameOf(message.id)} came with the key of a ${role}`;
      return this.#send(peer, { kind: 'stop', reason, finished: false });
    }
    if (message.kind === 'hello') return this.#join(peer, message.id, message);
    if (message.kind === 'failed') {
      if (message.run === this.#options.run) this.#fail(nameOf(message.id), message.error, false);
      return this.#send(peer, { kind: 'stop', reason: 'the failure was heard', finished: false });
    }
    const [name, member] = [...this.#members].find(([, one]) => one.peer === peer) ?? [];
    if (name === undefined || !member)
      return this.#send(peer, { kind: 'stop', reason: 'say Hello first', finished: false });
    if (message.kind === 'progress')
      this.#options.observe?.({ kind: 'progress', name, figures: message.figures });
    else await this.#done(member, message.figures);
  }

  async #join(peer: string, id: RoleId, hello: { run: string; endpoint: string }): Promise<void> {
    const name = nameOf(id);
    const refuse = (reason: string) => this.#send(peer, { kind: 'stop', reason, finished: false });
    if (this.#state !== 'joining') return refuse(`${name} came too late: the run has begun or ended`);
    if (hello.run !== this.#options.run) {
      return refuse(
        `${name} belongs to the run ${short(hello.run)}, this one is ${short(this.#options.run)}`,
      );
    }
    if (!this.#options.expected.some((one) => nameOf(one) === name))
      return refuse(`${name} is no role of this run`);
    if (this.#members.has(name)) return refuse(`there is a ${name} already`);
    this.#members.set(name, { peer, address: { ...id, endpoint: hello.endpoint } });
    this.#options.observe?.({ kind: 'joined', name });
    if (this.#members.size < this.#options.expected.length) return;
    this.#state = 'running';
    const peers = [...this.#members.values()].map(({ address }) => address);
    await this.#sendAll({ kind: 'start', peers, generation: this.#options.generation });
    this.#options.observe?.({ kind: 'started' });
  }

  async #done(member: Member, figures: Figures): Promise<void> {
    member.result = figures;
    const members = [...this.#members.values()];
    if (members.every(({ result }) => result)) {
      this.#state = 'ended';
      this.#resolve(new Map([...this.#members].map(([name, { result }]) => [name, result ?? figures])));
    } else if (
      this.#state === 'running' &&
      members.every((one) => one.result || one.address.role !== 'student')
    ) {
      this.#state = 'closing';
      this.#after(CLOSE_WITHIN_MS, () => this.#closeTimedOut());
      await this.#sendAll({ kind: 'stop', reason: 'the students are done', finished: true });
    }
  }

  #fail(name: string, error: BrineError, died: boolean): void {
    if (this.#state === 'ended') return;
    this.#causes.push({ name, error, died });
    if (this.#state === 'failing') return;
    this.#state = 'failing';
    void this.#sendAll({ kind: 'stop', reason: `${name}: ${error.message}`, finished: false });
    this.#after(CAUSE_GRACE_MS, () => {
      this.#state = 'ended';
      this.#reject(this.#verdict());
    });
  }

  /** A death explains what neighbours then report; without one, the first report counts. */
  #verdict(): BrineError {
    const first = this.#causes.find(({ died }) => died) ?? this.#causes[0]!;
    if (first.died) return first.error;
    const { code, message, hint } = first.error;
    return new BrineError(code, `${first.name}: ${message}`, { hint, cause: first.error });
  }

  #joinTimedOut(): void {
    if (this.#state !== 'joining') return;
    const missing = this.#options.expected.map(nameOf).filter((name) => !this.#members.has(name));
    const joined = [...this.#members.keys()].join(', ') || 'nobody';
    this.#fail(
      'the run',
      new BrineError(
        'JOIN_TIMEOUT',
        `${missing.join(', ')} did not join within ${this.#options.joinWithinMs / 1000} s; joined: ${joined}`,
        {
          hint: `Look into the logs of ${missing.join(', ')}, or give more time with --set roles.joinWithin="120 s".`,
        },
      ),
      true,
    );
  }

  #closeTimedOut(): void {
    const open = [...this.#members].filter(([, { result }]) => !result).map(([name]) => name);
    this.#fail(
      'the run',
      new BrineError(
        'DEADLINE',
        `${open.join(', ')} did not close within ${CLOSE_WITHIN_MS / 1000} s of the end`,
        {
          hint: 'The students are done and their checkpoints are whole. Look into the logs of those roles.',
        },
      ),
      true,
    );
  }

  #after(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, milliseconds);
    this.#timers.add(timer);
  }

  async #sendAll(message: ToRole): Promise<void> {
    await Promise.all([...this.#members.values()].map(({ peer }) => this.#send(peer, message)));
  }

  async #send(peer: string, message: ToRole): Promise<void> {
    try {
      await this.#server.send(peer, [encodeToRole(message)]);
    } catch (error) {
      if (this.#state !== 'ended') this.#fail('the coordinator', asBrineError(error), true);
    }
  }
}

function short(identity: string): string {
  return identity.slice(0, 12);
}

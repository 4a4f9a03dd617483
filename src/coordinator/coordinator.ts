import { asBrineError, BrineError } from '../base/errors.ts';
import {
  nameOf,
  type Figures,
  type FromRole,
  type Hello,
  type Loss,
  type RoleId,
  type RunStatus,
  type AwaitingRendezvous,
  type ToRole,
} from '../control/messages.ts';
import { ControlServer } from '../control/control-server.ts';
import type { RunResults } from '../control/coordinator-events.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import type { RunState } from './state-file.ts';
import { Failures } from './failures.ts';
import { Machines } from './machines.ts';
import { OwnPauses } from './own-pauses.ts';
import { Rendezvous } from './rendezvous.ts';
import { Membership, type Member } from './membership.ts';
import {
  ADOPT_WITHIN_MS,
  hasMissedNothing,
  isRingBroken,
  memberOf,
  runStateOf,
  Failover,
} from './failover.ts';
import { closeTooLate, joinTooLate, RootCause } from './root-cause.ts';

/** After a first failure, how long to listen for the one that caused it: a neighbour often notices a death first. */
const CAUSE_GRACE_MS = 400;
/** How long cache and teachers may take to close once the students are done. */
const CLOSE_WITHIN_MS = 30_000;
/** After this process itself was stopped, how long its roles may take to connect again. */
const RECONNECT_WITHIN_MS = 5_000;

/**
 * The one that knows everybody. Waits until every expected role has said Hello, tells each where the others are, hears
 * their progress, and ends the run: well when every student is done, badly when any role fails or never joins, or dies too often.
 * It starts and kills no process itself; who does so tells it of deaths with `lost`, and is asked for replacements. When a student
 * is lost, or says that its ring is broken, all students give the ring up, say where they stand, and go on together on the next one.
 */
export class Coordinator {
  readonly endpoint: string;
  /** The results of all roles; rejects with what ended the run. */
  readonly finished: Promise<RunResults>;
  readonly #options: CoordinatorOptions;
  readonly #server: ControlServer;
  readonly #membership: Membership;
  /** What each role said last. */
  readonly #figures = new Map<string, Figures>();
  readonly #rootCause = new RootCause();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #pauses = new OwnPauses({ excusesMs: RECONNECT_WITHIN_MS });
  readonly #machines: Machines;
  #resolve: (results: RunResults) => void = () => undefined;
  #reject: (error: BrineError) => void = () => undefined;
  readonly #rendezvous: Rendezvous;
  readonly #failures: Failures;
  #failover: Failover | undefined;
  #state: 'adopting' | 'joining' | 'running' | 'closing' | 'failing' | 'ended' = 'joining';

  private constructor(options: CoordinatorOptions, server: ControlServer) {
    this.#options = options;
    this.#server = server;
    this.#membership = new Membership(options.expected, options);
    this.#machines = new Machines({
      membership: this.#membership,
      expected: options.expected,
      nodeOf: options.nodeOf,
      kill: options.kill,
      send: (peer, message) => void server.send(peer, message),
      lost: (id, how) => this.lost(id, { how, obeyed: false, hint: '' }),
    });
    this.#rendezvous = new Rendezvous({
      membership: this.#membership,
      generation: options.predecessor?.generation ?? options.generation,
      mostBreaks: options.mostBreaks ?? 0,
      joinWithinMs: options.joinWithinMs,
      returnWithinMs: options.returnWithinMs ?? options.joinWithinMs,
      send: (peer, message) => server.send(peer, message),
      remember: () => this.#remember(),
      kill: (id) => this.#machines.kill(id),
      after: (milliseconds, work) => this.#after(milliseconds, work),
      tooLate: () => this.#joinTimedOut(),
      formed: (ring) => options.observe?.({ kind: 'ringFormed', ...ring }),
    });
    this.#failures = new Failures({
      ...options,
      membership: this.#membership,
      machines: this.#machines,
      rendezvous: this.#rendezvous,
      isRunning: () => this.#state === 'running',
      changed: () => this.#membershipChanged(),
    });
    server.onGone((peer) => this.#silent(peer));
    server.onFault((error) => this.#fault(error));
    this.endpoint = server.endpoint;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.finished.catch(() => undefined); // whoever awaits it hears of it
    if (options.predecessor) this.#membership.restore(options.predecessor);
  }

  /** Serves, and listens. Throws ADDRESS_IN_USE. */
  static async open(options: CoordinatorOptions): Promise<Coordinator> {
    const coordinator = await Coordinator.bind(options);
    coordinator.listen();
    return coordinator;
  }

  /** Serves, and hears nothing before `listen`. Throws ADDRESS_IN_USE. */
  static async bind(options: CoordinatorOptions): Promise<Coordinator> {
    return new Coordinator(options, await ControlServer.open(options.transport, options.endpoint));
  }

  listen(): void {
    const { predecessor, joinWithinMs, observe } = this.#options;
    if (predecessor) this.#succeed(predecessor);
    this.#after(joinWithinMs, () => {
      if (this.#state === 'joining') void this.#startWithThese();
    });
    observe?.({ kind: 'opened', endpoint: this.endpoint });
    void this.#listen();
  }

  /** A role's process is gone. Harmless once the role was done, has told its failure, or left because it was stopped. */
  lost(id: RoleId, { how, obeyed, hint }: { how: string; obeyed: boolean; hint: string }): void {
    const name = nameOf(id);
    const member = this.#membership.get(name);
    if (this.#state === 'ended') return;
    if (this.#state === 'adopting') return void this.#settle(id, undefined);
    if (member?.result && id.role === 'student' && this.#state === 'running')
      return this.#membership.set({ ...member, left: true });
    if (this.#state === 'closing') return this.#lostAtTheEnd(id);
    if (this.#state === 'failing') {
      if (obeyed || this.#rootCause.names(name) || member?.result) return;
    } else if (!obeyed) {
      const kind = this.#failures.fillPlace(id);
      if (kind) return this.#options.observe?.({ kind, name, why: member?.result ? 'has left' : how });
    }
    this.#fail(name, new BrineError('ROLE_FAILED', `${name} ${how}`, { hint }), true);
  }

  /** The students are done: what is lost now is its report. */
  #lostAtTheEnd(id: RoleId): void {
    if (!this.#membership.get(nameOf(id))?.result) this.#membership.remove(id);
    this.#endIfAllDone();
  }

  status(): RunStatus {
    const reports = this.#membership.members.map(({ id, result }) => {
      const figures = this.#figures.get(nameOf(id)) ?? result ?? { numbers: {}, words: {} };
      return { name: nameOf(id), ...figures };
    });
    const { missing, ringOrder } = this.#membership;
    const expected = this.#options.expected.filter(({ role }) => role === 'student').length;
    const ranks = this.#state === 'joining' ? expected : ringOrder.length;
    const state = this.#rendezvous.isUnderWay ? 'rendezvous' : this.#state;
    return { kind: 'status', generation: this.#rendezvous.generation, state, ranks, reports, missing };
  }

  /** Ends the run before its end. */
  stop(error: BrineError): void {
    this.#fail('the run', error, true);
  }

  /** Stops listening. Roles that still run hear nothing more. */
  async close(): Promise<void> {
    this.#state = 'ended';
    for (const timer of this.#timers) clearTimeout(timer);
    this.#pauses.close();
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
        const { peer, message } = await this.#server.receive();
        await this.#hear(peer, message);
      }
    } catch (error) {
      this.#fault(asBrineError(error));
    }
  }

  async #hear(peer: string, message: FromRole): Promise<void> {
    if (message.kind === 'hello') return this.#join(peer, message);
    if (message.kind === 'failed') {
      if (message.run === this.#options.run) this.#fail(nameOf(message.id), message.error, false);
      return this.#server.refuse(peer, 'the failure was heard');
    }
    if (message.kind === 'askStatus') return this.#server.send(peer, this.status());
    const member = this.#membership.byPeer(peer);
    if (!member) return this.#server.send(peer, { kind: 'greet' });
    if (message.kind === 'progress') {
      this.#figures.set(nameOf(member.id), message.figures);
      this.#options.observe?.({ kind: 'progress', name: nameOf(member.id), figures: message.figures });
    } else if (message.kind === 'awaitingRendezvous') await this.#awaitsRendezvous(member, message);
    else if (message.kind === 'lost') this.#lostOn(member, message);
    else await this.#done(member, message.figures);
  }

  /** A node speaks of its own roles alone. */
  #lostOn({ id }: Member, loss: Loss): void {
    if (id.role === 'node' && this.#machines.nodeOf(loss.id) === id.rank) this.lost(loss.id, loss);
  }

  async #join(peer: string, hello: Hello): Promise<void> {
    const { id, run } = hello;
    const name = nameOf(id);
    const refuse = (reason: string) => this.#server.refuse(peer, reason);
    if (this.#isOver) return refuse(`${name} came too late: the run has ended`);
    if (run !== this.#options.run)
      return refuse(`${name} belongs to the run ${short(run)}, this one is ${short(this.#options.run)}`);
    if (!this.#membership.expects(id)) return refuse(`${name} is no role of this run`);
    if (await this.#isKnown(peer, hello)) return;
    if (this.#membership.get(name)) return refuse(`there is a ${name} already`);
    const member = memberOf(peer, hello, this.#membership);
    if (this.#failover?.knows(hello)) return this.#settle(id, member);
    if (hello.returns && id.role !== 'node') return refuse('it was not heard of, and has been replaced');
    if (this.#failover) return this.#failover.defer(peer, hello);
    return this.#take(member);
  }

  /**
   * Says Hello once more. Over a new connection: what was said on the old one may be lost, and it counts as ended; unless it ended because
   * this process was stopped, and both ends know the same.
   */
  async #isKnown(peer: string, hello: Hello): Promise<boolean> {
    const { id, pid, began, again, awaitingRendezvous, done } = hello;
    const member = this.#membership.get(nameOf(id));
    if (!again || !member || member.process.pid !== pid || member.process.began !== began) return false;
    if (member.peer === peer) return true;
    const { generation } = this.#rendezvous;
    if (this.#pauses.excuse() === 0 || !hasMissedNothing(member, hello, generation))
      this.#silent(member.peer);
    else {
      const back = { ...member, peer };
      this.#membership.set(back);
      if (awaitingRendezvous && (!member.waits || member.waits === 'standby'))
        await this.#awaitsRendezvous(back, awaitingRendezvous);
      if (done && !member.result) await this.#done(back, done);
    }
    return this.#membership.get(nameOf(id)) !== undefined;
  }

  #enroll(member: Member): void {
    this.#figures.delete(nameOf(member.id)); // of one before it
    this.#membership.set(member);
    this.#options.observe?.({ kind: 'joined', name: nameOf(member.id), pid: member.process.pid });
    void this.#remember();
  }

  async #take(member: Member): Promise<void> {
    const { id, peer } = member;
    const isStudent = id.role === 'student';
    this.#enroll(member);
    if (id.role === 'node') this.#machines.startRolesOf(id.rank);
    if (this.#state === 'joining') return this.#start();
    if (isStudent && this.#rendezvous.isUnderWay) return this.#rendezvous.formIfAllWait();
    if (isStudent) this.#membership.set({ ...member, waits: 'standby' });
    return this.#server.send(peer, this.#startMessage());
  }

  #succeed(predecessor: RunState): void {
    this.#state = 'adopting';
    this.#failover = new Failover(predecessor);
    this.#after(ADOPT_WITHIN_MS, () => void this.#takeOver());
  }

  /** A process that the predecessor knew has come, or has gone. */
  async #settle(id: RoleId, member: Member | undefined): Promise<void> {
    this.#failover?.settle(id);
    if (member) this.#enroll(member);
    else this.#membership.remove(id);
    if (this.#failover?.isSettled) await this.#takeOver();
  }

  /** The run goes on with those that have come; whoever is missing counts as lost. */
  async #takeOver(): Promise<void> {
    const failover = this.#failover;
    if (!failover || this.#isOver) return;
    this.#failover = undefined;
    this.#state = this.#membership.ringOrder.length > 0 ? 'running' : 'joining';
    const adopted = this.#membership.members.length;
    const missing = this.#membership.awaited;
    this.#options.observe?.({ kind: 'succeeded', adopted, missing: missing.map(nameOf) });
    for (const id of missing) if (!this.#membership.get(nameOf(id))) this.#owed(id);
    await this.#remember();
    if (this.#state === 'joining') await this.#start();
    else if (!this.#isOver) await this.#goOn();
    for (const { peer, hello } of failover.newcomers) await this.#join(peer, hello);
  }

  /** Whoever went with the old head is no failure of the role. */
  #owed(id: RoleId): void {
    const name = nameOf(id);
    const why = 'went with the head of the run';
    const kind = this.#failures.fillPlace(id, { owed: true });
    if (kind) this.#options.observe?.({ kind, name, why });
    else this.#fail(name, new BrineError('ROLE_FAILED', `${name} ${why}`, { hint: '' }), true);
  }

  /** With the students as they stand: on their ring, or on the way to the next, or done. */
  async #goOn(): Promise<void> {
    const rendezvous = this.#rendezvous;
    if (isRingBroken(this.#membership)) {
      this.#failures.fallBack();
      rendezvous.begin();
    }
    for (const member of this.#membership.members) {
      const { id, peer, waits } = member;
      if (this.#membership.isOnRing(id) || (waits === 'new' && rendezvous.isUnderWay)) continue;
      if (typeof waits === 'object') await rendezvous.admit(member, waits);
      else if (waits === 'new') this.#membership.set({ ...member, waits: 'standby' });
      if (waits === 'new' || id.role !== 'student') await this.#server.send(peer, this.#startMessage());
    }
    await rendezvous.formIfAllWait();
    await this.#closeIfDone();
  }

  /** A failure to write ends the run: nobody could take it over. */
  async #remember(): Promise<void> {
    if (this.#failover) return; // until all is clear, what the predecessor knew is what a successor must know
    try {
      await this.#options.remember?.(runStateOf(this.#membership, this.#rendezvous.generation));
    } catch (error) {
      this.#fault(asBrineError(error));
    }
  }

  /** Perhaps nobody is missing any more. */
  #membershipChanged(): void {
    void this.#remember();
    if (this.#state === 'joining') void this.#start();
  }

  async #start(): Promise<void> {
    if (!this.#membership.isComplete || this.#state !== 'joining') return;
    this.#state = 'running';
    const agreement = this.#membership.formRing({ anew: !this.#options.resume });
    await this.#remember();
    await this.#sendAll({ ...this.#startMessage(), agreement });
    const step = agreement?.step ?? 0;
    this.#options.observe?.({ kind: 'started', ranks: this.#membership.ringOrder.length, step });
  }

  #startMessage(): ToRole & { kind: 'start' } {
    const { peers, ringOrder } = this.#membership;
    return { kind: 'start', peers, generation: this.#rendezvous.generation, students: ringOrder };
  }

  /** The time to join is over: those who are there begin, if they are enough. */
  async #startWithThese(): Promise<void> {
    this.#membership.excuseMissing();
    if (!this.#membership.isComplete) return this.#joinTimedOut();
    await this.#start();
  }

  /** A member's connection has ended, or its heartbeats have: when its process is not gone by itself, it is stopped. */
  #silent(peer: string): void {
    const member = this.#membership.byPeer(peer);
    if (!member || this.#state === 'failing' || this.#state === 'ended') return;
    if (member.result && (this.#state === 'closing' || member.id.role !== 'student')) return; // it has left
    const excuse = this.#pauses.excuse();
    if (excuse > 0) return this.#after(excuse, () => this.#silent(peer)); // it has hung up on a process that was stopped
    this.#machines.kill(member.id);
  }

  async #awaitsRendezvous(member: Member, awaitingRendezvous: AwaitingRendezvous): Promise<void> {
    if (this.#state !== 'running') return;
    if (this.#options.fallsBack) return this.#failures.fallBack();
    const rendezvous = this.#rendezvous;
    const standsBy = member.waits === 'standby';
    await (
      standsBy
        ? rendezvous.admit(member, awaitingRendezvous)
        : rendezvous.awaitingRendezvous(member, awaitingRendezvous)
    ).catch((error: unknown) =>
      this.#fail(nameOf(rendezvous.brokenBy ?? member.id), asBrineError(error), false),
    );
  }

  async #done(member: Member, figures: Figures): Promise<void> {
    if (member.id.role === 'node' && this.#membership.isElastic && !this.#isOver) return this.#leave(member);
    this.#membership.set({ ...member, result: figures });
    await this.#closeIfDone();
  }

  async #closeIfDone(): Promise<void> {
    if (this.#state === 'running' && !this.#rendezvous.isUnderWay && this.#membership.studentsAreDone) {
      this.#state = 'closing';
      this.#after(CLOSE_WITHIN_MS, () => this.#closeTimedOut());
      await this.#sendAll({ kind: 'stop', reason: 'the students are done', finished: true });
      for (const { id } of this.#membership.students)
        if (!this.#membership.isOnRing(id)) this.#membership.remove(id);
    }
    this.#endIfAllDone();
  }

  /** A machine takes its processes out of the run, which goes on without them. */
  async #leave({ id: node, peer }: Member): Promise<void> {
    const own = this.#options.expected.filter((id) => this.#machines.nodeOf(id) === node.rank);
    const wasOnRing = own.some((id) => this.#membership.isOnRing(id));
    this.#membership.remove(node);
    for (const id of own) {
      this.#membership.remove(id);
      this.#membership.excuse(id);
    }
    void this.#remember();
    this.#options.observe?.({ kind: 'dropped', name: nameOf(node), why: 'has left' });
    await this.#server.send(peer, {
      kind: 'stop',
      reason: 'the run goes on without this node',
      finished: true,
    });
    if (this.#state === 'joining') return this.#start();
    if (wasOnRing) this.#rendezvous.lost();
    await this.#rendezvous.formIfAllWait();
  }

  /** Nobody joins any more, and nobody is replaced. */
  get #isOver(): boolean {
    return this.#state === 'closing' || this.#state === 'failing' || this.#state === 'ended';
  }

  #endIfAllDone(): void {
    if (this.#state !== 'closing' || this.#membership.members.some(({ result }) => !result)) return;
    this.#state = 'ended';
    this.#resolve(this.#membership.results);
  }

  #fail(name: string, error: BrineError, died: boolean): void {
    if (this.#state === 'ended') return;
    this.#rootCause.add(name, error, died);
    if (this.#state === 'failing') return;
    this.#state = 'failing';
    void this.#sendAll({ kind: 'stop', reason: `${name}: ${error.message}`, finished: false });
    this.#after(CAUSE_GRACE_MS, () => {
      this.#state = 'ended';
      this.#reject(this.#rootCause.error);
    });
  }

  /** What the coordinator itself cannot do. */
  #fault(error: BrineError): void {
    this.#fail('the coordinator', error, true);
  }

  #joinTimedOut(): void {
    const joined = this.#membership.members.map(({ id }) => nameOf(id));
    const { joinWithinMs, leastStudents } = this.#options;
    this.#fail(
      'the run',
      joinTooLate(this.#membership.lacking, { joined, joinWithinMs, leastStudents }),
      true,
    );
  }

  #closeTimedOut(): void {
    const open = this.#membership.members.filter(({ result }) => !result).map(({ id }) => nameOf(id));
    this.#fail('the run', closeTooLate(open, CLOSE_WITHIN_MS), true);
  }

  #after(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const excuse = this.#pauses.excuse();
      if (excuse > 0)
        this.#after(excuse, work); // what has arrived meanwhile is read first
      else work();
    }, milliseconds);
    this.#timers.add(timer);
  }

  async #sendAll(message: ToRole): Promise<void> {
    await Promise.all(this.#membership.members.map(({ peer }) => this.#server.send(peer, message)));
  }
}

function short(identity: string): string {
  return identity.slice(0, 12);
}

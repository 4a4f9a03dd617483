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

/** Milliseconds to wait for the root cause after a first failure: a neighbour often notices an exit first. */
const CAUSE_GRACE_MS = 400;
/** Milliseconds that caches and teachers may take to close after the students are done. */
const CLOSE_WITHIN_MS = 30_000;
/** Milliseconds that roles may take to reconnect after this process was suspended. */
const RECONNECT_WITHIN_MS = 5_000;

/**
 * Tracks membership and drives a run from start to end. It waits for the Hello of every expected role, sends each
 * role the endpoints of the others, and collects progress. The run succeeds when all students are done. It fails
 * when a role fails, does not join in time, or exits too often. The coordinator starts and kills no process
 * itself: the caller reports exits with `lost` and provides `replace` and `kill`. When a student exits or reports
 * a broken ring, all students abandon the ring, report their train progress, and continue on the next ring.
 */
export class Coordinator {
  readonly endpoint: string;
  /** The results of all roles; rejects with the root cause when the run fails. */
  readonly finished: Promise<RunResults>;
  readonly #options: CoordinatorOptions;
  readonly #server: ControlServer;
  readonly #membership: Membership;
  /** Latest progress of each role. */
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
    server.onGone((peer) => this.#connectionLost(peer));
    server.onFault((error) => this.#fault(error));
    this.endpoint = server.endpoint;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.finished.catch(() => undefined); // the caller may await it later
    if (options.predecessor) this.#membership.restore(options.predecessor);
  }

  /** Open a coordinator and start listening. Throws ADDRESS_IN_USE. */
  static async open(options: CoordinatorOptions): Promise<Coordinator> {
    const coordinator = await Coordinator.bind(options);
    coordinator.listen();
    return coordinator;
  }

  /** Bind the endpoint without reading messages before `listen`. Throws ADDRESS_IN_USE. */
  static async bind(options: CoordinatorOptions): Promise<Coordinator> {
    return new Coordinator(options, await ControlServer.open(options.transport, options.endpoint));
  }

  listen(): void {
    const { predecessor, joinWithinMs, observe } = this.#options;
    if (predecessor) this.#beginFailover(predecessor);
    this.#after(joinWithinMs, () => {
      if (this.#state === 'joining') void this.#startWithPresent();
    });
    observe?.({ kind: 'opened', endpoint: this.endpoint });
    void this.#listen();
  }

  /**
   * Report that a role's process has exited. Ignored if the role was done, reported its failure, or was
   * told to stop.
   */
  lost(id: RoleId, { how, obeyed, hint }: { how: string; obeyed: boolean; hint: string }): void {
    const name = nameOf(id);
    const member = this.#membership.get(name);
    if (this.#state === 'ended') return;
    if (this.#state === 'adopting') return void this.#settleAdoption(id, undefined);
    if (member?.result && id.role === 'student' && this.#state === 'running')
      return this.#membership.set({ ...member, left: true });
    if (this.#state === 'closing') return this.#lostWhileClosing(id);
    if (this.#state === 'failing') {
      if (obeyed || this.#rootCause.names(name) || member?.result) return;
    } else if (!obeyed) {
      const kind = this.#failures.replaceOrDrop(id);
      if (kind) return this.#options.observe?.({ kind, name, why: member?.result ? 'has left' : how });
    }
    this.#fail(name, new BrineError('ROLE_FAILED', `${name} ${how}`, { hint }), true);
  }

  /** The students are done, so only the report of this role is missing. */
  #lostWhileClosing(id: RoleId): void {
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

  /** End the run early with an error. */
  stop(error: BrineError): void {
    this.#fail('the run', error, true);
  }

  /** Stop listening. Roles that still run get no more messages. */
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
        await this.#handle(peer, message);
      }
    } catch (error) {
      this.#fault(asBrineError(error));
    }
  }

  async #handle(peer: string, message: FromRole): Promise<void> {
    if (message.kind === 'hello') return this.#join(peer, message);
    if (message.kind === 'failed') {
      if (message.run === this.#options.run) this.#fail(nameOf(message.id), message.error, false);
      return this.#server.refuse(peer, 'the coordinator received the failure');
    }
    if (message.kind === 'askStatus') return this.#server.send(peer, this.status());
    const member = this.#membership.byPeer(peer);
    if (!member) return this.#server.send(peer, { kind: 'greet' });
    if (message.kind === 'progress') {
      this.#figures.set(nameOf(member.id), message.figures);
      this.#options.observe?.({ kind: 'progress', name: nameOf(member.id), figures: message.figures });
    } else if (message.kind === 'awaitingRendezvous') await this.#awaitsRendezvous(member, message);
    else if (message.kind === 'lost') this.#lostOnNode(member, message);
    else await this.#done(member, message.figures);
  }

  /** A node may report exits of its own roles only. */
  #lostOnNode({ id }: Member, loss: Loss): void {
    if (id.role === 'node' && this.#machines.nodeOf(loss.id) === id.rank) this.lost(loss.id, loss);
  }

  async #join(peer: string, hello: Hello): Promise<void> {
    const { id, run } = hello;
    const name = nameOf(id);
    const refuse = (reason: string) => this.#server.refuse(peer, reason);
    if (this.#isOver) return refuse(`${name} joined too late: the run has ended`);
    if (run !== this.#options.run)
      return refuse(`${name} belongs to the run ${short(run)}, this one is ${short(this.#options.run)}`);
    if (!this.#membership.expects(id)) return refuse(`${name} is no role of this run`);
    if (await this.#isReconnect(peer, hello)) return;
    if (this.#membership.get(name)) return refuse(`${name} has already joined`);
    const member = memberOf(peer, hello, this.#membership);
    if (this.#failover?.knows(hello)) return this.#settleAdoption(id, member);
    if (hello.returns && id.role !== 'node') return refuse('the process timed out and was replaced');
    if (this.#failover) return this.#failover.defer(peer, hello);
    return this.#admit(member);
  }

  /**
   * Handle a repeated Hello of a member; false for any other Hello. Messages on a previous connection may be
   * lost, so the member counts as lost, unless this process was suspended and the member missed no message.
   */
  async #isReconnect(peer: string, hello: Hello): Promise<boolean> {
    const { id, pid, began, again, awaitingRendezvous, done } = hello;
    const member = this.#membership.get(nameOf(id));
    if (!again || !member || member.process.pid !== pid || member.process.began !== began) return false;
    if (member.peer === peer) return true;
    const { generation } = this.#rendezvous;
    if (this.#pauses.excuse() === 0 || !hasMissedNothing(member, hello, generation))
      this.#connectionLost(member.peer);
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
    this.#figures.delete(nameOf(member.id)); // those of its predecessor
    this.#membership.set(member);
    this.#options.observe?.({ kind: 'joined', name: nameOf(member.id), pid: member.process.pid });
    void this.#remember();
  }

  async #admit(member: Member): Promise<void> {
    const { id, peer } = member;
    const isStudent = id.role === 'student';
    this.#enroll(member);
    if (id.role === 'node') this.#machines.startRolesOf(id.rank);
    if (this.#state === 'joining') return this.#start();
    if (isStudent && this.#rendezvous.isUnderWay) return this.#rendezvous.formIfAllWait();
    if (isStudent) this.#membership.set({ ...member, waits: 'standby' });
    return this.#server.send(peer, this.#startMessage());
  }

  #beginFailover(predecessor: RunState): void {
    this.#state = 'adopting';
    this.#failover = new Failover(predecessor);
    this.#after(ADOPT_WITHIN_MS, () => void this.#endFailover());
  }

  /** A process of the predecessor has reconnected (`member`) or exited. */
  async #settleAdoption(id: RoleId, member: Member | undefined): Promise<void> {
    this.#failover?.settle(id);
    if (member) this.#enroll(member);
    else this.#membership.remove(id);
    if (this.#failover?.isSettled) await this.#endFailover();
  }

  /** Continue the run with the adopted processes; missing ones count as lost. */
  async #endFailover(): Promise<void> {
    const failover = this.#failover;
    if (!failover || this.#isOver) return;
    this.#failover = undefined;
    this.#state = this.#membership.ringOrder.length > 0 ? 'running' : 'joining';
    const adopted = this.#membership.members.length;
    const missing = this.#membership.awaited;
    this.#options.observe?.({ kind: 'succeeded', adopted, missing: missing.map(nameOf) });
    for (const id of missing) if (!this.#membership.get(nameOf(id))) this.#replaceOwed(id);
    await this.#remember();
    if (this.#state === 'joining') await this.#start();
    else if (!this.#isOver) await this.#continueRun();
    for (const { peer, hello } of failover.newcomers) await this.#join(peer, hello);
  }

  /** Replace a role that exited with the old head; this does not count as a restart. */
  #replaceOwed(id: RoleId): void {
    const name = nameOf(id);
    const why = 'exited with the head of the run';
    const kind = this.#failures.replaceOrDrop(id, { owed: true });
    if (kind) this.#options.observe?.({ kind, name, why });
    else this.#fail(name, new BrineError('ROLE_FAILED', `${name} ${why}`, { hint: '' }), true);
  }

  /** Continue with adopted students, which may be on their ring, awaiting rendezvous, or done. */
  async #continueRun(): Promise<void> {
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

  /** Write the coordinator state file. A failure ends the run, because failover would be impossible. */
  async #remember(): Promise<void> {
    if (this.#failover) return; // the predecessor's state file stays valid until the failover is complete
    try {
      await this.#options.remember?.(runStateOf(this.#membership, this.#rendezvous.generation));
    } catch (error) {
      this.#fault(asBrineError(error));
    }
  }

  /** Persist the membership, and start the run if it is complete now. */
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

  /** Start with the present roles after the join deadline, if they suffice. */
  async #startWithPresent(): Promise<void> {
    this.#membership.excuseMissing();
    if (!this.#membership.isComplete) return this.#joinTimedOut();
    await this.#start();
  }

  /** Kill the process of a member whose connection closed or whose heartbeats stopped. */
  #connectionLost(peer: string): void {
    const member = this.#membership.byPeer(peer);
    if (!member || this.#state === 'failing' || this.#state === 'ended') return;
    if (member.result && (this.#state === 'closing' || member.id.role !== 'student')) return; // it exited as intended
    const excuse = this.#pauses.excuse();
    // The member may have disconnected because this process was suspended: let it reconnect.
    if (excuse > 0) return this.#after(excuse, () => this.#connectionLost(peer));
    this.#machines.kill(member.id);
  }

  async #awaitsRendezvous(member: Member, awaitingRendezvous: AwaitingRendezvous): Promise<void> {
    if (this.#state !== 'running') return;
    if (this.#options.fallsBack) return this.#failures.fallBack();
    const rendezvous = this.#rendezvous;
    const isStandby = member.waits === 'standby';
    await (
      isStandby
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

  /** Remove a node and its roles from the run, which continues without them. */
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
      reason: 'the run continues without this node',
      finished: true,
    });
    if (this.#state === 'joining') return this.#start();
    if (wasOnRing) this.#rendezvous.lost();
    await this.#rendezvous.formIfAllWait();
  }

  /** Whether no role can join or be replaced any more. */
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

  /** End the run because of an error of the coordinator itself. */
  #fault(error: BrineError): void {
    this.#fail('the coordinator', error, true);
  }

  #joinTimedOut(): void {
    const joined = this.#membership.members.map(({ id }) => nameOf(id));
    const { joinWithinMs, leastStudents } = this.#options;
    this.#fail(
      'the run',
      joinTooLate(this.#membership.blocking, { joined, joinWithinMs, leastStudents }),
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
        this.#after(excuse, work); // read the messages that arrived during the pause first
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

import { asBrineError, BrineError } from '../base/errors.ts';
import {
  nameOf,
  type Figures,
  type FromRole,
  type Hello,
  type Loss,
  type RoleId,
  type RunStatus,
  type Stranded,
  type ToRole,
} from '../control/control.ts';
import { ControlDesk } from '../control/control-desk.ts';
import type { RunResults } from '../control/coordinator-events.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import type { Memory } from './journal.ts';
import { Losses } from './losses.ts';
import { Machines } from './machines.ts';
import { OwnPauses } from './own-pauses.ts';
import { Reformation } from './reformation.ts';
import { Roll, type Member } from './roll.ts';
import { ADOPT_WITHIN_MS, hasMissedNothing, isRingBroken, memberOf, memoryOf, Takeover } from './takeover.ts';
import { closeTooLate, joinTooLate, Verdict } from './verdict.ts';

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
  readonly #desk: ControlDesk;
  readonly #roll: Roll;
  /** What each role said last. */
  readonly #figures = new Map<string, Figures>();
  readonly #verdict = new Verdict();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #pauses = new OwnPauses({ excusesMs: RECONNECT_WITHIN_MS });
  readonly #machines: Machines;
  #resolve: (results: RunResults) => void = () => undefined;
  #reject: (error: BrineError) => void = () => undefined;
  readonly #reformation: Reformation;
  readonly #losses: Losses;
  #takeover: Takeover | undefined;
  #state: 'adopting' | 'joining' | 'running' | 'closing' | 'failing' | 'ended' = 'joining';

  private constructor(options: CoordinatorOptions, desk: ControlDesk) {
    this.#options = options;
    this.#desk = desk;
    this.#roll = new Roll(options.expected, options);
    this.#machines = new Machines({
      roll: this.#roll,
      expected: options.expected,
      nodeOf: options.nodeOf,
      kill: options.kill,
      send: (peer, message) => void desk.send(peer, message),
      lost: (id, how) => this.lost(id, { how, obeyed: false, hint: '' }),
    });
    this.#reformation = new Reformation({
      roll: this.#roll,
      generation: options.predecessor?.generation ?? options.generation,
      mostBreaks: options.mostBreaks ?? 0,
      joinWithinMs: options.joinWithinMs,
      returnWithinMs: options.returnWithinMs ?? options.joinWithinMs,
      send: (peer, message) => desk.send(peer, message),
      remember: () => this.#remember(),
      kill: (id) => this.#machines.kill(id),
      after: (milliseconds, work) => this.#after(milliseconds, work),
      tooLate: () => this.#joinTimedOut(),
      formed: (ring) => options.observe?.({ kind: 'reformed', ...ring }),
    });
    this.#losses = new Losses({
      ...options,
      roll: this.#roll,
      machines: this.#machines,
      reformation: this.#reformation,
      isRunning: () => this.#state === 'running',
      changed: () => this.#rollChanged(),
    });
    desk.onGone((peer) => this.#silent(peer));
    desk.onFault((error) => this.#fault(error));
    this.endpoint = desk.endpoint;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.finished.catch(() => undefined); // whoever awaits it hears of it
    if (options.predecessor) this.#roll.restore(options.predecessor);
  }

  /** Serves, and listens. Throws ADDRESS_IN_USE. */
  static async open(options: CoordinatorOptions): Promise<Coordinator> {
    const coordinator = await Coordinator.bind(options);
    coordinator.listen();
    return coordinator;
  }

  /** Serves, and hears nothing before `listen`. Throws ADDRESS_IN_USE. */
  static async bind(options: CoordinatorOptions): Promise<Coordinator> {
    return new Coordinator(options, await ControlDesk.open(options.transport, options.endpoint));
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
    const member = this.#roll.get(name);
    if (this.#state === 'ended') return;
    if (this.#state === 'adopting') return void this.#settle(id, undefined);
    if (member?.result && id.role === 'student' && this.#state === 'running')
      return this.#roll.set({ ...member, left: true });
    if (this.#state === 'closing') return this.#lostAtTheEnd(id);
    if (this.#state === 'failing') {
      if (obeyed || this.#verdict.names(name) || member?.result) return;
    } else if (!obeyed) {
      const kind = this.#losses.fillPlace(id);
      if (kind) return this.#options.observe?.({ kind, name, why: member?.result ? 'has left' : how });
    }
    this.#fail(name, new BrineError('ROLE_FAILED', `${name} ${how}`, { hint }), true);
  }

  /** The students are done: what is lost now is its report. */
  #lostAtTheEnd(id: RoleId): void {
    if (!this.#roll.get(nameOf(id))?.result) this.#roll.remove(id);
    this.#endIfAllDone();
  }

  status(): RunStatus {
    const reports = this.#roll.members.map(({ id, result }) => {
      const figures = this.#figures.get(nameOf(id)) ?? result ?? { numbers: {}, words: {} };
      return { name: nameOf(id), ...figures };
    });
    const { missing, seats } = this.#roll;
    const expected = this.#options.expected.filter(({ role }) => role === 'student').length;
    const ranks = this.#state === 'joining' ? expected : seats.length;
    const state = this.#reformation.isUnderWay ? 'reforming' : this.#state;
    return { kind: 'status', generation: this.#reformation.generation, state, ranks, reports, missing };
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
    await this.#desk.close();
  }

  async #listen(): Promise<void> {
    try {
      for (;;) {
        const { peer, message } = await this.#desk.receive();
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
      return this.#desk.refuse(peer, 'the failure was heard');
    }
    if (message.kind === 'askStatus') return this.#desk.send(peer, this.status());
    const member = this.#roll.byPeer(peer);
    if (!member) return this.#desk.send(peer, { kind: 'greet' });
    if (message.kind === 'progress') {
      this.#figures.set(nameOf(member.id), message.figures);
      this.#options.observe?.({ kind: 'progress', name: nameOf(member.id), figures: message.figures });
    } else if (message.kind === 'stranded') await this.#isStranded(member, message);
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
    const refuse = (reason: string) => this.#desk.refuse(peer, reason);
    if (this.#isOver) return refuse(`${name} came too late: the run has ended`);
    if (run !== this.#options.run)
      return refuse(`${name} belongs to the run ${short(run)}, this one is ${short(this.#options.run)}`);
    if (!this.#roll.expects(id)) return refuse(`${name} is no role of this run`);
    if (await this.#isKnown(peer, hello)) return;
    if (this.#roll.get(name)) return refuse(`there is a ${name} already`);
    const member = memberOf(peer, hello, this.#roll);
    if (this.#takeover?.knows(hello)) return this.#settle(id, member);
    if (hello.returns && id.role !== 'node') return refuse('it was not heard of, and has been replaced');
    if (this.#takeover) return this.#takeover.defer(peer, hello);
    return this.#take(member);
  }

  /**
   * Says Hello once more. Over a new connection: what was said on the old one may be lost, and it counts as ended; unless it ended because
   * this process was stopped, and both ends know the same.
   */
  async #isKnown(peer: string, hello: Hello): Promise<boolean> {
    const { id, pid, began, again, stranded, done } = hello;
    const member = this.#roll.get(nameOf(id));
    if (!again || !member || member.process.pid !== pid || member.process.began !== began) return false;
    if (member.peer === peer) return true;
    const { generation } = this.#reformation;
    if (this.#pauses.excuse() === 0 || !hasMissedNothing(member, hello, generation))
      this.#silent(member.peer);
    else {
      const back = { ...member, peer };
      this.#roll.set(back);
      if (stranded && (!member.waits || member.waits === 'standby')) await this.#isStranded(back, stranded);
      if (done && !member.result) await this.#done(back, done);
    }
    return this.#roll.get(nameOf(id)) !== undefined;
  }

  #enroll(member: Member): void {
    this.#figures.delete(nameOf(member.id)); // of one before it
    this.#roll.set(member);
    this.#options.observe?.({ kind: 'joined', name: nameOf(member.id), pid: member.process.pid });
    void this.#remember();
  }

  async #take(member: Member): Promise<void> {
    const { id, peer } = member;
    const isStudent = id.role === 'student';
    this.#enroll(member);
    if (id.role === 'node') this.#machines.startRolesOf(id.rank);
    if (this.#state === 'joining') return this.#start();
    if (isStudent && this.#reformation.isUnderWay) return this.#reformation.formIfAllWait();
    if (isStudent) this.#roll.set({ ...member, waits: 'standby' });
    return this.#desk.send(peer, this.#startMessage());
  }

  #succeed(predecessor: Memory): void {
    this.#state = 'adopting';
    this.#takeover = new Takeover(predecessor);
    this.#after(ADOPT_WITHIN_MS, () => void this.#takeOver());
  }

  /** A process that the predecessor knew has come, or has gone. */
  async #settle(id: RoleId, member: Member | undefined): Promise<void> {
    this.#takeover?.settle(id);
    if (member) this.#enroll(member);
    else this.#roll.remove(id);
    if (this.#takeover?.isSettled) await this.#takeOver();
  }

  /** The run goes on with those that have come; whoever is missing counts as lost. */
  async #takeOver(): Promise<void> {
    const takeover = this.#takeover;
    if (!takeover || this.#isOver) return;
    this.#takeover = undefined;
    this.#state = this.#roll.seats.length > 0 ? 'running' : 'joining';
    const adopted = this.#roll.members.length;
    const missing = this.#roll.awaited;
    this.#options.observe?.({ kind: 'succeeded', adopted, missing: missing.map(nameOf) });
    for (const id of missing) if (!this.#roll.get(nameOf(id))) this.#owed(id);
    await this.#remember();
    if (this.#state === 'joining') await this.#start();
    else if (!this.#isOver) await this.#goOn();
    for (const { peer, hello } of takeover.newcomers) await this.#join(peer, hello);
  }

  /** Whoever went with the old head is no failure of the role. */
  #owed(id: RoleId): void {
    const name = nameOf(id);
    const why = 'went with the head of the run';
    const kind = this.#losses.fillPlace(id, { owed: true });
    if (kind) this.#options.observe?.({ kind, name, why });
    else this.#fail(name, new BrineError('ROLE_FAILED', `${name} ${why}`, { hint: '' }), true);
  }

  /** With the students as they stand: on their ring, or on the way to the next, or done. */
  async #goOn(): Promise<void> {
    const reformation = this.#reformation;
    if (isRingBroken(this.#roll)) {
      this.#losses.fallBack();
      reformation.begin();
    }
    for (const member of this.#roll.members) {
      const { id, peer, waits } = member;
      if (this.#roll.isSeated(id) || (waits === 'new' && reformation.isUnderWay)) continue;
      if (typeof waits === 'object') await reformation.admit(member, waits);
      else if (waits === 'new') this.#roll.set({ ...member, waits: 'standby' });
      if (waits === 'new' || id.role !== 'student') await this.#desk.send(peer, this.#startMessage());
    }
    await reformation.formIfAllWait();
    await this.#closeIfDone();
  }

  /** A failure to write ends the run: nobody could take it over. */
  async #remember(): Promise<void> {
    if (this.#takeover) return; // until all is clear, what the predecessor knew is what a successor must know
    try {
      await this.#options.remember?.(memoryOf(this.#roll, this.#reformation.generation));
    } catch (error) {
      this.#fault(asBrineError(error));
    }
  }

  /** Perhaps nobody is missing any more. */
  #rollChanged(): void {
    void this.#remember();
    if (this.#state === 'joining') void this.#start();
  }

  async #start(): Promise<void> {
    if (!this.#roll.isComplete || this.#state !== 'joining') return;
    this.#state = 'running';
    const agreement = this.#roll.formRing({ anew: !this.#options.resume });
    await this.#remember();
    await this.#sendAll({ ...this.#startMessage(), agreement });
    const step = agreement?.step ?? 0;
    this.#options.observe?.({ kind: 'started', ranks: this.#roll.seats.length, step });
  }

  #startMessage(): ToRole & { kind: 'start' } {
    const { peers, seats } = this.#roll;
    return { kind: 'start', peers, generation: this.#reformation.generation, students: seats };
  }

  /** The time to join is over: those who are there begin, if they are enough. */
  async #startWithThese(): Promise<void> {
    this.#roll.excuseMissing();
    if (!this.#roll.isComplete) return this.#joinTimedOut();
    await this.#start();
  }

  /** A member's connection has ended, or its heartbeats have: when its process is not gone by itself, it is stopped. */
  #silent(peer: string): void {
    const member = this.#roll.byPeer(peer);
    if (!member || this.#state === 'failing' || this.#state === 'ended') return;
    if (member.result && (this.#state === 'closing' || member.id.role !== 'student')) return; // it has left
    const excuse = this.#pauses.excuse();
    if (excuse > 0) return this.#after(excuse, () => this.#silent(peer)); // it has hung up on a process that was stopped
    this.#machines.kill(member.id);
  }

  async #isStranded(member: Member, stranded: Stranded): Promise<void> {
    if (this.#state !== 'running') return;
    if (this.#options.fallsBack) return this.#losses.fallBack();
    const reformation = this.#reformation;
    const standsBy = member.waits === 'standby';
    await (standsBy ? reformation.admit(member, stranded) : reformation.stranded(member, stranded)).catch(
      (error: unknown) => this.#fail(nameOf(reformation.brokenBy ?? member.id), asBrineError(error), false),
    );
  }

  async #done(member: Member, figures: Figures): Promise<void> {
    if (member.id.role === 'node' && this.#roll.isElastic && !this.#isOver) return this.#leave(member);
    this.#roll.set({ ...member, result: figures });
    await this.#closeIfDone();
  }

  async #closeIfDone(): Promise<void> {
    if (this.#state === 'running' && !this.#reformation.isUnderWay && this.#roll.studentsAreDone) {
      this.#state = 'closing';
      this.#after(CLOSE_WITHIN_MS, () => this.#closeTimedOut());
      await this.#sendAll({ kind: 'stop', reason: 'the students are done', finished: true });
      for (const { id } of this.#roll.students) if (!this.#roll.isSeated(id)) this.#roll.remove(id);
    }
    this.#endIfAllDone();
  }

  /** A machine takes its processes out of the run, which goes on without them. */
  async #leave({ id: node, peer }: Member): Promise<void> {
    const own = this.#options.expected.filter((id) => this.#machines.nodeOf(id) === node.rank);
    const seated = own.some((id) => this.#roll.isSeated(id));
    this.#roll.remove(node);
    for (const id of own) {
      this.#roll.remove(id);
      this.#roll.excuse(id);
    }
    void this.#remember();
    this.#options.observe?.({ kind: 'dropped', name: nameOf(node), why: 'has left' });
    await this.#desk.send(peer, {
      kind: 'stop',
      reason: 'the run goes on without this node',
      finished: true,
    });
    if (this.#state === 'joining') return this.#start();
    if (seated) this.#reformation.lost();
    await this.#reformation.formIfAllWait();
  }

  /** Nobody joins any more, and nobody is replaced. */
  get #isOver(): boolean {
    return this.#state === 'closing' || this.#state === 'failing' || this.#state === 'ended';
  }

  #endIfAllDone(): void {
    if (this.#state !== 'closing' || this.#roll.members.some(({ result }) => !result)) return;
    this.#state = 'ended';
    this.#resolve(this.#roll.results);
  }

  #fail(name: string, error: BrineError, died: boolean): void {
    if (this.#state === 'ended') return;
    this.#verdict.add(name, error, died);
    if (this.#state === 'failing') return;
    this.#state = 'failing';
    void this.#sendAll({ kind: 'stop', reason: `${name}: ${error.message}`, finished: false });
    this.#after(CAUSE_GRACE_MS, () => {
      this.#state = 'ended';
      this.#reject(this.#verdict.error);
    });
  }

  /** What the coordinator itself cannot do. */
  #fault(error: BrineError): void {
    this.#fail('the coordinator', error, true);
  }

  #joinTimedOut(): void {
    const joined = this.#roll.members.map(({ id }) => nameOf(id));
    const { joinWithinMs, leastStudents } = this.#options;
    this.#fail('the run', joinTooLate(this.#roll.lacking, { joined, joinWithinMs, leastStudents }), true);
  }

  #closeTimedOut(): void {
    const open = this.#roll.members.filter(({ result }) => !result).map(({ id }) => nameOf(id));
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
    await Promise.all(this.#roll.members.map(({ peer }) => this.#desk.send(peer, message)));
  }
}

function short(identity: string): string {
  return identity.slice(0, 12);
}

import { agree } from './rendezvous-agreement.ts';
import {
  nameOf,
  type Agreed,
  type Figures,
  type Peer,
  type RoleId,
  type Saved,
  type AwaitingRendezvous,
} from '../control/messages.ts';
import type { ProcessName } from '../base/process/process-identity.ts';

/** A process that has joined the run. */
export interface Member {
  readonly id: RoleId;
  /** Its peer id in the transport. */
  readonly peer: string;
  /** Its endpoint; a student's inbox changes with every ring. */
  readonly endpoint: string;
  /** Endpoint at which a student serves its state. */
  readonly state: string;
  /** The latest checkpoint that a student could read when it joined. */
  readonly saved?: Saved | undefined;
  readonly process: ProcessName;
  /**
   * Set for a student that is not on a ring: `new` after joining, or its report when it awaits rendezvous. A
   * `standby` student is not ready yet, and the rendezvous does not wait for it.
   */
  readonly waits: 'new' | 'standby' | AwaitingRendezvous | undefined;
  readonly result?: Figures | undefined;
  /** It exited after it was done. It is replaced only if the students form a new ring. */
  readonly left?: boolean | undefined;
}

/** Options of a membership. */
export interface MembershipOptions {
  /** Minimum number of students. Default: all expected ones. */
  readonly leastStudents?: number | undefined;
  /** The machine of a role. Default 0, the head. */
  readonly nodeOf?: ((id: RoleId) => number) | undefined;
}

/** The persisted part of a membership. Live members report the rest. */
export interface MembershipState {
  readonly ringOrder: readonly number[];
  /** Names of roles that the run does not wait for. */
  readonly excused: readonly string[];
  /** Endpoints of all roles. */
  readonly roles: readonly Peer[];
}

/** The processes that belong to a run, present and missing. */
export class Membership {
  readonly #expected: readonly RoleId[];
  readonly #least: number;
  readonly #nodeOf: (id: RoleId) => number;
  readonly #members = new Map<string, Member>();
  /** Former endpoints of missing servers, which their replacements reuse. */
  readonly #formerEndpoints = new Map<string, string>();
  /** Roles that the run does not wait for. */
  readonly #excused = new Set<string>();
  /** Ranks of the students on the present ring. */
  #ringOrder: readonly number[] = [];

  constructor(expected: readonly RoleId[], { leastStudents, nodeOf = () => 0 }: MembershipOptions = {}) {
    this.#expected = expected;
    this.#nodeOf = nodeOf;
    this.#least = leastStudents ?? this.#count(() => true);
  }

  /** Load the state of the predecessor. */
  restore({ ringOrder, excused, roles }: MembershipState): void {
    this.#ringOrder = ringOrder;
    for (const name of excused) this.#excused.add(name);
    for (const { endpoint, ...id } of roles)
      if (id.role === 'cache' && endpoint) this.#formerEndpoints.set(nameOf(id), endpoint);
  }

  get excused(): readonly string[] {
    return [...this.#excused];
  }

  /** Missing roles that the run waits for. */
  get awaited(): readonly RoleId[] {
    return this.#expected.filter((id) => !this.#members.has(nameOf(id)) && !this.#excused.has(nameOf(id)));
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  get students(): readonly Member[] {
    return this.members.filter(({ id }) => id.role === 'student');
  }

  /** The present students of the ring. */
  get onRing(): readonly Member[] {
    return this.students.filter(({ id }) => this.#ringOrder.includes(id.rank));
  }

  /** Student ranks of the present ring, by ring rank. */
  get ringOrder(): readonly number[] {
    return this.#ringOrder;
  }

  /** Minimum number of students. */
  get least(): number {
    return this.#least;
  }

  /** Whether the number of students may change. */
  get isElastic(): boolean {
    return this.#least < this.#count(() => true);
  }

  /** Names of all missing roles. */
  get missing(): string[] {
    return this.#expected.map(nameOf).filter((name) => !this.#members.has(name));
  }

  /** Names of the missing roles that keep the run from continuing. */
  get blocking(): string[] {
    return this.#enough ? this.awaited.map(nameOf) : this.missing;
  }

  /** Whether no role is awaited, and enough students are present. */
  get isComplete(): boolean {
    return this.awaited.length === 0 && this.#enough;
  }

  /** Endpoints of all members, and the reused endpoints of servers that are being replaced. */
  get peers(): Peer[] {
    const replaced = this.#expected.flatMap((id) => {
      const endpoint = this.#members.has(nameOf(id)) ? undefined : this.formerEndpointOf(id);
      return endpoint === undefined ? [] : [{ ...id, endpoint }];
    });
    return [...this.members.map(({ id, endpoint }) => ({ ...id, endpoint })), ...replaced];
  }

  get results(): Map<string, Figures> {
    return new Map(
      [...this.#members].flatMap(([name, { result }]) =>
        result === undefined ? [] : [[name, result] as const],
      ),
    );
  }

  /** Whether all students of the ring are present and done. */
  get studentsAreDone(): boolean {
    const { onRing } = this;
    return onRing.length === this.#ringOrder.length && onRing.every(({ result }) => result !== undefined);
  }

  /** Whether all awaited students await rendezvous, and they are enough. */
  get studentsWait(): boolean {
    const awaited = this.awaited.some(({ role }) => role === 'student');
    return !awaited && this.#enough && this.#ready.every(({ waits }) => waits !== undefined);
  }

  get(name: string): Member | undefined {
    return this.#members.get(name);
  }

  byPeer(peer: string): Member | undefined {
    return this.members.find((member) => member.peer === peer);
  }

  expects(id: RoleId): boolean {
    return this.#expected.some((one) => nameOf(one) === nameOf(id));
  }

  isOnRing(id: RoleId): boolean {
    return id.role === 'student' && this.#ringOrder.includes(id.rank);
  }

  set(member: Member): void {
    this.#members.set(nameOf(member.id), member);
  }

  /** Remove a role. A cache's endpoint is kept for its replacement. */
  remove(id: RoleId): void {
    const member = this.#members.get(nameOf(id));
    if (member && id.role === 'cache') this.#formerEndpoints.set(nameOf(id), member.endpoint);
    this.#members.delete(nameOf(id));
  }

  formerEndpointOf(id: RoleId): string | undefined {
    return this.#formerEndpoints.get(nameOf(id));
  }

  /** Stop waiting for a lost role. False when the run cannot continue without it. */
  excuse(id: RoleId): boolean {
    if (!this.#canDoWithout(id)) return false;
    const name = nameOf(id);
    const possible = this.#count((one) => nameOf(one) !== name && this.#mayJoin(one));
    if (possible + (id.role === 'student' && this.#nodeIsAway(id) ? 1 : 0) < this.#least) return false;
    this.#excused.add(name);
    return true;
  }

  /** Stop waiting for all missing roles that the run can do without, if enough students are present. */
  excuseMissing(): void {
    if (!this.#enough) return;
    for (const id of this.awaited) if (this.#canDoWithout(id)) this.#excused.add(nameOf(id));
  }

  /**
   * Form a ring of the waiting students in rank order, and mark them as neither waiting nor done. Returns the
   * train progress to continue at; undefined at step 0. With `anew`, checkpoints are ignored.
   */
  formRing({ anew = false } = {}): Agreed | undefined {
    const ready = this.#ready.toSorted((a, b) => a.id.rank - b.id.rank);
    const agreed = agree(
      ready.map(({ id, state, saved, waits }) => ({
        rank: id.rank,
        state,
        progress: typeof waits !== 'object' || waits.blank ? undefined : waits,
        saved: anew ? undefined : typeof waits === 'object' ? waits.saved : saved,
      })),
    );
    this.#ringOrder = ready.map(({ id }) => id.rank);
    for (const member of ready) {
      this.#excused.delete(nameOf(member.id));
      this.set({ ...member, waits: undefined, result: undefined });
    }
    return agreed;
  }

  /** The present students that will be on the next ring. */
  get #ready(): readonly Member[] {
    return this.students.filter(({ waits }) => waits !== 'standby');
  }

  get #enough(): boolean {
    return this.#ready.length >= this.#least;
  }

  /** Whether an elastic run can lack this role: a student, a node, or a teacher of an absent node. */
  #canDoWithout(id: RoleId): boolean {
    if (!this.isElastic) return false;
    return id.role === 'student' || id.role === 'node' || (id.role === 'teacher' && this.#nodeIsAway(id));
  }

  /** Whether a role is present, awaited, or may return with its node. */
  #mayJoin(id: RoleId): boolean {
    return this.#members.has(nameOf(id)) || !this.#excused.has(nameOf(id)) || this.#nodeIsAway(id);
  }

  #nodeIsAway(id: RoleId): boolean {
    const node = this.#nodeOf(id);
    return node !== 0 && !this.#members.has(nameOf({ role: 'node', rank: node }));
  }

  #count(which: (id: RoleId) => boolean): number {
    return this.#expected.filter((id) => id.role === 'student' && which(id)).length;
  }
}

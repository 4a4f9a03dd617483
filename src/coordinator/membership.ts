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

/** Who belongs to a run, and who of them is there. */
export interface Member {
  readonly id: RoleId;
  /** Of the transport. */
  readonly peer: string;
  /** Where it is served: a student's inbox changes with every ring. */
  readonly endpoint: string;
  /** Where a student serves its state. */
  readonly state: string;
  /** The newest checkpoint that a student could read when it came. */
  readonly saved?: Saved | undefined;
  readonly process: ProcessName;
  /**
   * A student that waits for the next ring: one that has just come, or with where it stands. One that stands by is not ready for it yet,
   * and nobody waits for it.
   */
  readonly waits: 'new' | 'standby' | AwaitingRendezvous | undefined;
  readonly result?: Figures | undefined;
  /** It has gone after it was done: it is needed again only when the students form a new ring. */
  readonly left?: boolean | undefined;
}

/** How many students a run may go on with, if not with all. */
export interface MembershipOptions {
  /** Default: all that are expected. */
  readonly leastStudents?: number | undefined;
  /** On which machine a role runs. Default 0, which is always there. */
  readonly nodeOf?: ((id: RoleId) => number) | undefined;
}

/** What is left of a membership when its keeper has died, beside the members that say so themselves. */
export interface MembershipState {
  readonly ringOrder: readonly number[];
  /** Names of those who are not waited for. */
  readonly excused: readonly string[];
  /** Where all were. */
  readonly roles: readonly Peer[];
}

export class Membership {
  readonly #expected: readonly RoleId[];
  readonly #least: number;
  readonly #nodeOf: (id: RoleId) => number;
  readonly #members = new Map<string, Member>();
  /** Where servers were that are missing now: their successors serve there again. */
  readonly #places = new Map<string, string>();
  /** Who is not waited for any more. */
  readonly #excused = new Set<string>();
  /** The students on the present ring. */
  #ringOrder: readonly number[] = [];

  constructor(expected: readonly RoleId[], { leastStudents, nodeOf = () => 0 }: MembershipOptions = {}) {
    this.#expected = expected;
    this.#nodeOf = nodeOf;
    this.#least = leastStudents ?? this.#count(() => true);
  }

  /** Takes over another's. */
  restore({ ringOrder, excused, roles }: MembershipState): void {
    this.#ringOrder = ringOrder;
    for (const name of excused) this.#excused.add(name);
    for (const { endpoint, ...id } of roles)
      if (id.role === 'cache' && endpoint) this.#places.set(nameOf(id), endpoint);
  }

  get excused(): readonly string[] {
    return [...this.#excused];
  }

  /** Those that are waited for, and not there. */
  get awaited(): readonly RoleId[] {
    return this.#expected.filter((id) => !this.#members.has(nameOf(id)) && !this.#excused.has(nameOf(id)));
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  get students(): readonly Member[] {
    return this.members.filter(({ id }) => id.role === 'student');
  }

  /** The students on the present ring that are there. */
  get onRing(): readonly Member[] {
    return this.students.filter(({ id }) => this.#ringOrder.includes(id.rank));
  }

  /** Their ranks, by their ringOrder. */
  get ringOrder(): readonly number[] {
    return this.#ringOrder;
  }

  /** The fewest students that the run goes on with. */
  get least(): number {
    return this.#least;
  }

  /** Whether the number of students may change. */
  get isElastic(): boolean {
    return this.#least < this.#count(() => true);
  }

  /** All who are not there. */
  get missing(): string[] {
    return this.#expected.map(nameOf).filter((name) => !this.#members.has(name));
  }

  /** Who is not there and keeps the run from going on. */
  get lacking(): string[] {
    return this.#enough ? this.awaited.map(nameOf) : this.missing;
  }

  /** Everybody who is waited for is there, and enough of the students. */
  get isComplete(): boolean {
    return this.awaited.length === 0 && this.#enough;
  }

  /** Everybody's addresses; of a server that is being replaced, where it was and will be. */
  get peers(): Peer[] {
    const gone = this.#expected.flatMap((id) => {
      const endpoint = this.#members.has(nameOf(id)) ? undefined : this.placeOf(id);
      return endpoint === undefined ? [] : [{ ...id, endpoint }];
    });
    return [...this.members.map(({ id, endpoint }) => ({ ...id, endpoint })), ...gone];
  }

  get results(): Map<string, Figures> {
    return new Map(
      [...this.#members].flatMap(([name, { result }]) =>
        result === undefined ? [] : [[name, result] as const],
      ),
    );
  }

  /** All students of the ring are there, and done. */
  get studentsAreDone(): boolean {
    const { onRing } = this;
    return onRing.length === this.#ringOrder.length && onRing.every(({ result }) => result !== undefined);
  }

  /** All students that are waited for are there and wait for the next ring, and they are enough. */
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

  /** It is gone; its place is remembered. */
  remove(id: RoleId): void {
    const member = this.#members.get(nameOf(id));
    if (member && id.role === 'cache') this.#places.set(nameOf(id), member.endpoint);
    this.#members.delete(nameOf(id));
  }

  placeOf(id: RoleId): string | undefined {
    return this.#places.get(nameOf(id));
  }

  /** Waits no more for one that is lost for good. False when the run cannot go on without it. */
  excuse(id: RoleId): boolean {
    if (!this.#canDoWithout(id)) return false;
    const name = nameOf(id);
    const may = this.#count((one) => nameOf(one) !== name && this.#mayCome(one));
    if (may + (id.role === 'student' && this.#nodeIsAway(id) ? 1 : 0) < this.#least) return false;
    this.#excused.add(name);
    return true;
  }

  /** Waits no more for those that are missing, when the run can go on without them and enough of the students are there. */
  excuseMissing(): void {
    if (!this.#enough) return;
    for (const id of this.awaited) if (this.#canDoWithout(id)) this.#excused.add(nameOf(id));
  }

  /**
   * Seats the students that wait, by their ranks. Where they go on; undefined at the first step. Nobody waits any more, and nobody is done.
   * A run that begins anew looks at no checkpoint.
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

  /** The students that are to be on the next ring, as far as they are there. */
  get #ready(): readonly Member[] {
    return this.students.filter(({ waits }) => waits !== 'standby');
  }

  get #enough(): boolean {
    return this.#ready.length >= this.#least;
  }

  /** Students may be fewer; further machines may be away, and with them their teachers. */
  #canDoWithout(id: RoleId): boolean {
    if (!this.isElastic) return false;
    return id.role === 'student' || id.role === 'node' || (id.role === 'teacher' && this.#nodeIsAway(id));
  }

  /** It is there, on its way, or comes with its machine. */
  #mayCome(id: RoleId): boolean {
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

import { agree } from './agreement.ts';
import { nameOf, type Agreed, type Figures, type Peer, type RoleId, type Stranded } from './control.ts';

/** Who belongs to a run, and who of them is there. */
export interface Member {
  readonly id: RoleId;
  /** Of the transport. */
  readonly peer: string;
  /** Where it is served: a student's inbox changes with every ring. */
  readonly endpoint: string;
  /** Where a student serves its state. */
  readonly state: string;
  /** A student that waits for the next ring: one that has just come, or with where it stands. */
  readonly waits: 'new' | Stranded | undefined;
  readonly result?: Figures | undefined;
  /** It has gone after it was done: it is needed again only when the students form a new ring. */
  readonly left?: boolean | undefined;
}

export class Roll {
  readonly #expected: readonly RoleId[];
  readonly #members = new Map<string, Member>();
  /** Where servers were that are missing now: their successors serve there again. */
  readonly #places = new Map<string, string>();

  constructor(expected: readonly RoleId[]) {
    this.#expected = expected;
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  get students(): readonly Member[] {
    return this.members.filter(({ id }) => id.role === 'student');
  }

  get missing(): string[] {
    return this.#expected.map(nameOf).filter((name) => !this.#members.has(name));
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

  /** All students are expected, there, and done. */
  get studentsAreDone(): boolean {
    return this.#studentsAre(({ result }) => result !== undefined);
  }

  /** All students wait for the next ring. */
  get studentsWait(): boolean {
    return this.#studentsAre(({ waits }) => waits !== undefined);
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

  /** Where the waiting students go on. Nobody waits any more, and nobody is done. */
  formRing(): Agreed | undefined {
    const agreed = agree(
      this.students.map(({ id, state, waits }) => ({
        rank: id.rank,
        state,
        standing: waits === 'new' || waits === undefined || waits.blank ? undefined : waits,
      })),
    );
    for (const member of this.students) this.set({ ...member, waits: undefined, result: undefined });
    return agreed;
  }

  #studentsAre(what: (member: Member) => boolean): boolean {
    const expected = this.#expected.filter(({ role }) => role === 'student').length;
    const { students } = this;
    return students.length === expected && students.every(what);
  }
}

import { BrineError } from '../base/errors.ts';
import type { RoleId, AwaitingRendezvous, ToRole } from '../control/messages.ts';
import type { Member, Membership } from './membership.ts';

/** How the students of a run come from one ring to the next. */
export interface RendezvousOptions {
  readonly membership: Membership;
  /** The first ring's. */
  readonly generation: number;
  /** How often the ring may break although nobody was lost. */
  readonly mostBreaks: number;
  /** How long those who take the places of lost ones may take to join, in milliseconds. */
  readonly joinWithinMs: number;
  /** How long the others wait for lost ones before they go on with fewer, where the run may. */
  readonly returnWithinMs: number;
  readonly send: (peer: string, message: ToRole) => Promise<void>;
  /** Keeps who sits where, before anybody is told. */
  readonly remember: () => Promise<void>;
  readonly kill: (id: RoleId) => void;
  /** Calls back after so many milliseconds, unless the run ends before. */
  readonly after: (milliseconds: number, work: () => void) => void;
  /** Some have not joined in time. */
  readonly tooLate: () => void;
  readonly formed: (ring: { generation: number; step: number; ranks: number; seconds: number }) => void;
}

/** How long a student may take to say where it stands: it does so beside its work. */
const STRAND_WITHIN_MS = 2_000;

export class Rendezvous {
  readonly #options: RendezvousOptions;
  #generation: number;
  #breaks = 0;
  /** The first to say that the ring is broken, until a loss explains it. */
  #broken: { readonly id: RoleId; readonly awaitingRendezvous: AwaitingRendezvous } | undefined;
  /** When the present ring was given up; undefined while it goes round. */
  #since: number | undefined;
  /** Nobody who is missing is waited for any longer. */
  #waitedEnough = false;
  /** The students have been asked to give the present ring up after a step, for others that wait to join. */
  #makesRoom = false;

  constructor(options: RendezvousOptions) {
    this.#options = options;
    this.#generation = options.generation;
  }

  get generation(): number {
    return this.#generation;
  }

  get isUnderWay(): boolean {
    return this.#since !== undefined;
  }

  /** Who was the first to say so of a ring that is broken although nobody was lost. */
  get brokenBy(): RoleId | undefined {
    return this.#broken?.id;
  }

  /** A student was lost: whatever is broken, this explains it. */
  lost(): void {
    this.#broken = undefined;
    this.begin();
  }

  /** Has all students give up the present ring. Those that do not answer are killed, and then replaced. */
  begin(): void {
    if (this.isUnderWay) return;
    const { membership, joinWithinMs, returnWithinMs, send, kill, after } = this.#options;
    const since = performance.now();
    this.#since = since;
    this.#waitedEnough = false;
    for (const { peer, waits } of membership.students)
      if (!waits) void send(peer, { kind: 'abandon', generation: this.#generation });
    after(STRAND_WITHIN_MS, () => {
      if (this.#since === since) for (const { id, waits } of membership.students) if (!waits) kill(id);
    });
    if (membership.isElastic && returnWithinMs < joinWithinMs)
      after(returnWithinMs, () => void this.#goOn(since));
    after(
      joinWithinMs,
      () => void this.#goOn(since).then(() => this.#since === since && this.#options.tooLate()),
    );
  }

  /** With those who are there, if they are enough. */
  async #goOn(since: number): Promise<void> {
    if (this.#since !== since) return;
    this.#waitedEnough = true;
    await this.formIfAllWait();
  }

  /** A student that stood by is ready: the others let it in after their present step. */
  async admit(member: Member, ready: AwaitingRendezvous): Promise<void> {
    const { membership, send } = this.#options;
    membership.set({ ...member, endpoint: ready.endpoint, waits: ready });
    if (this.isUnderWay) return this.formIfAllWait();
    if (this.#makesRoom) return;
    this.#makesRoom = true;
    const wish: ToRole = { kind: 'abandon', generation: this.#generation, afterStep: true };
    await Promise.all(membership.onRing.map(({ peer }) => send(peer, wish)));
  }

  /**
   * A student has said where it stands. Throws ROLE_FAILED when the ring breaks without a loss, and has too often: which is known once all
   * have spoken, since a neighbour often notices a death first.
   */
  async awaitingRendezvous(member: Member, awaitingRendezvous: AwaitingRendezvous): Promise<void> {
    if (awaitingRendezvous.generation !== this.#generation) return;
    this.#options.membership.set({
      ...member,
      endpoint: awaitingRendezvous.endpoint,
      waits: awaitingRendezvous,
      result: undefined,
    });
    if (!this.isUnderWay) {
      if (!this.#makesRoom) this.#broken = { id: member.id, awaitingRendezvous };
      this.begin();
    }
    if (this.#broken && this.#options.membership.studentsWait) {
      this.#breaks += 1;
      if (this.#breaks > this.#options.mostBreaks) throw broken(this.#broken.awaitingRendezvous);
    }
    await this.formIfAllWait();
  }

  /** The next ring, as soon as every student waits for it. */
  async formIfAllWait(): Promise<void> {
    const { membership, send, formed, remember } = this.#options;
    const since = this.#since;
    if (since === undefined) return;
    if (this.#waitedEnough) membership.excuseMissing();
    if (!membership.studentsWait) return;
    this.#since = undefined;
    this.#makesRoom = false;
    this.#broken = undefined;
    this.#generation += 1;
    const generation = this.#generation;
    const agreement = membership.formRing();
    const { peers, ringOrder, onRing } = membership;
    await remember();
    const start: ToRole = { kind: 'start', peers, generation, agreement, students: ringOrder };
    await Promise.all(onRing.map(({ peer }) => send(peer, start)));
    const seconds = (performance.now() - since) / 1000;
    formed({ generation, step: agreement?.step ?? 0, ranks: ringOrder.length, seconds });
  }
}

function broken({ why }: AwaitingRendezvous): BrineError {
  return new BrineError('ROLE_FAILED', why, {
    hint: 'The ring broke, and nobody was lost. Look into the logs of the students.',
  });
}

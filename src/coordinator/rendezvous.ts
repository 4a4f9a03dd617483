import { BrineError } from '../base/errors.ts';
import type { RoleId, AwaitingRendezvous, ToRole } from '../control/messages.ts';
import type { Member, Membership } from './membership.ts';

export interface RendezvousOptions {
  readonly membership: Membership;
  /** Generation of the first ring. */
  readonly generation: number;
  /** Maximum number of ring failures without a process exit. */
  readonly mostBreaks: number;
  /** Milliseconds that replacements may take to join. */
  readonly joinWithinMs: number;
  /** Milliseconds that an elastic run waits for lost students before it continues with fewer. */
  readonly returnWithinMs: number;
  readonly send: (peer: string, message: ToRole) => Promise<void>;
  /** Persists the ring before any process learns of it. */
  readonly remember: () => Promise<void>;
  readonly kill: (id: RoleId) => void;
  /** Calls back after a delay, unless the run has ended. */
  readonly after: (milliseconds: number, work: () => void) => void;
  /** Called when students have not joined in time. */
  readonly tooLate: () => void;
  readonly formed: (ring: { generation: number; step: number; ranks: number; seconds: number }) => void;
}

/**
 * Milliseconds that a student may take to report after an abandon; it reports without interrupting its
 * work.
 */
const REPORT_WITHIN_MS = 2_000;

/** Moves the students of a run from one ring to the next. */
export class Rendezvous {
  readonly #options: RendezvousOptions;
  #generation: number;
  #breaks = 0;
  /** The first report of a broken ring, until a process exit explains it. */
  #broken: { readonly id: RoleId; readonly awaitingRendezvous: AwaitingRendezvous } | undefined;
  /** Start of the rendezvous; undefined while a ring is active. */
  #since: number | undefined;
  /** Whether the wait for missing students is over. */
  #stopsWaiting = false;
  /** Whether the students were asked to abandon the ring after a step, to admit others. */
  #isAdmitting = false;

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

  /** The first role to report a ring that broke without a process exit. */
  get brokenBy(): RoleId | undefined {
    return this.#broken?.id;
  }

  /** A student exited, which explains a broken ring. */
  lost(): void {
    this.#broken = undefined;
    this.begin();
  }

  /** Tell all students to abandon the ring. Those that do not report are killed and replaced. */
  begin(): void {
    if (this.isUnderWay) return;
    const { membership, joinWithinMs, returnWithinMs, send, kill, after } = this.#options;
    const since = performance.now();
    this.#since = since;
    this.#stopsWaiting = false;
    for (const { peer, waits } of membership.students)
      if (!waits) void send(peer, { kind: 'abandon', generation: this.#generation });
    after(REPORT_WITHIN_MS, () => {
      if (this.#since === since) for (const { id, waits } of membership.students) if (!waits) kill(id);
    });
    if (membership.isElastic && returnWithinMs < joinWithinMs)
      after(returnWithinMs, () => void this.#formWithPresent(since));
    after(
      joinWithinMs,
      () => void this.#formWithPresent(since).then(() => this.#since === since && this.#options.tooLate()),
    );
  }

  /** Form the ring of the present students, if they are enough. */
  async #formWithPresent(since: number): Promise<void> {
    if (this.#since !== since) return;
    this.#stopsWaiting = true;
    await this.formIfAllWait();
  }

  /** Admit a standby student that is ready now: the others abandon their ring after the present step. */
  async admit(member: Member, ready: AwaitingRendezvous): Promise<void> {
    const { membership, send } = this.#options;
    membership.set({ ...member, endpoint: ready.endpoint, waits: ready });
    if (this.isUnderWay) return this.formIfAllWait();
    if (this.#isAdmitting) return;
    this.#isAdmitting = true;
    const abandon: ToRole = { kind: 'abandon', generation: this.#generation, afterStep: true };
    await Promise.all(membership.onRing.map(({ peer }) => send(peer, abandon)));
  }

  /**
   * Record the report of a student. Throws ROLE_FAILED when the ring has broken too often without a process exit.
   * That is decided after all students have reported, because a neighbour often notices an exit first.
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
      if (!this.#isAdmitting) this.#broken = { id: member.id, awaitingRendezvous };
      this.begin();
    }
    if (this.#broken && this.#options.membership.studentsWait) {
      this.#breaks += 1;
      if (this.#breaks > this.#options.mostBreaks) throw broken(this.#broken.awaitingRendezvous);
    }
    await this.formIfAllWait();
  }

  /** Form the next ring if every awaited student awaits it. */
  async formIfAllWait(): Promise<void> {
    const { membership, send, formed, remember } = this.#options;
    const since = this.#since;
    if (since === undefined) return;
    if (this.#stopsWaiting) membership.excuseMissing();
    if (!membership.studentsWait) return;
    this.#since = undefined;
    this.#isAdmitting = false;
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
    hint: 'The ring broke although no process exited. Read the logs of the students.',
  });
}

import type { BrineError } from '../../base/errors.ts';
import { openRingInbox } from '../../ring/place.ts';
import { openRing, type Ring } from '../../ring/ring.ts';
import type { Wire } from '../../ring/wire.ts';
import type { Place } from '../../student/training/batches.ts';
import type { BucketSum } from '../../student/training/duties.ts';
import {
  isBroken,
  type Agreement,
  type Membership,
  type TrainProgress,
} from '../../student/training/train-progress.ts';
import type { Inbox, Transport } from '../../transport/transport.ts';
import { endpointOf, type ControlLink, type Start } from '../../control/control-client.ts';
import type { Figures, Saved } from '../../control/messages.ts';
import { abandoned, follow, notSaved, passing } from './membership-faults.ts';
import { fetchState, type State, type StateServer } from './state-transfer.ts';

/**
 * The place of one rank on the ring, over all generations of it. When the ring breaks, or the coordinator gives it up, the rank says
 * once where it stands, and from then on stands still until it has heard where all go on.
 */
export interface MembershipOptions {
  readonly transport: Transport;
  readonly link: ControlLink;
  /** Identity of the recipe. */
  readonly run: string;
  /** Among the students, on whichever place. */
  readonly rank: number;
  /** The most ranks that a ring has. */
  readonly ranks: number;
  /** The first ring's. */
  readonly inbox: Inbox;
  readonly generation: number;
  /** How gradients travel. */
  readonly wire: Wire;
  /** Where inboxes are bound. */
  readonly address: string;
  readonly states: StateServer;
  /** Its address, as others are told it. */
  readonly stateEndpoint: string;
  /** An endpoint of this process as peers are told it. */
  readonly reachable: (endpoint: string) => string;
  /** How long nothing may come from a neighbour, and how long others may take to join, in milliseconds. */
  readonly deadlineMs: number;
  readonly joinWithinMs: number;
  /** Aborted when this rank is to end. */
  readonly signal: AbortSignal;
  /** The engine: a copy of the state, and taking that of another rank. */
  readonly copyState: () => Promise<State>;
  readonly adopt: (state: State) => Promise<void>;
  /** Each rank holds what no other has, so that none can take another's state. */
  readonly sharded: boolean;
  /** The newest checkpoint that this rank can read, and loading it. */
  readonly saved: () => Promise<Saved | undefined>;
  readonly load: () => Promise<void>;
  /** What the rank reports when it is done. */
  readonly results: () => Promise<Figures>;
}

/** How a rank begins. */
export interface Beginning {
  readonly from: number;
  readonly place: Place;
  /** In mid-run: with the state of another rank. */
  readonly joined?: { readonly evaluated: boolean } | undefined;
}

export class RankMembership implements Membership, BucketSum {
  readonly #options: MembershipOptions;
  #inbox: Inbox;
  #generation: number;
  #ring: Ring | undefined;
  #progress: TrainProgress = { step: 0, evaluated: false, summed: false };
  #blank = true;
  /** Present from the end of one ring until the next begins; its signal tells those who wait for others of this ring. */
  #abandon = new AbortController();
  #awaitingRendezvous: Promise<void> | undefined;
  /** The generation whose ring was given up last, and that whose ring is to be given up after a step. */
  #givenUp: number | undefined;
  #makesRoom: number | undefined;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#inbox = options.inbox;
    this.#generation = options.generation;
    options.link.onAbandon(({ generation, afterStep }) => {
      if (afterStep) this.#makesRoom = generation;
      else this.#givenUp = generation;
      this.#awaitRendezvousIfAbandoned();
    });
  }

  get othersWait(): boolean {
    return this.#makesRoom === this.#generation;
  }

  /**
   * Gets a state, from another rank or from a checkpoint, and the first place on a ring; in a run that goes on without it, it waits for
   * one. Undefined when the run has ended before.
   */
  async begin(start: Start): Promise<Beginning | undefined> {
    for (let next: Start | undefined = start; next;) {
      try {
        const beginning = await this.#state(next);
        const { joined = { evaluated: beginning.from > 0 } } = beginning;
        this.mark({ step: beginning.from, evaluated: joined.evaluated, summed: false });
        this.#blank = false;
        await this.#enter(next);
        return beginning;
      } catch (error) {
        if (!isBroken(error)) throw error;
        next = await this.#nextOrEnd(error);
      }
    }
    return undefined;
  }

  allReduce(
    step: number,
    buckets: readonly Float32Array[],
    exact?: readonly Float32Array[],
  ): Promise<number> {
    return this.#onRing((ring) => ring.allReduce(step, buckets, exact));
  }

  reduceScatter(
    step: number,
    buckets: readonly Float32Array[],
    exact?: readonly Float32Array[],
  ): Promise<number> {
    return this.#onRing((ring) => ring.reduceScatter(step, buckets, exact));
  }

  allGather(step: number, buckets: readonly Float32Array[]): Promise<number> {
    return this.#onRing((ring) => ring.allGather(step, buckets));
  }

  mark(progress: TrainProgress): void {
    this.#checkMembership();
    this.#progress = progress;
  }

  async reform(cause: BrineError): Promise<Agreement> {
    const next = await this.#next(cause);
    const { step, evaluated } = next.agreement!;
    return { step, evaluated, place: this.#placeOf(next), enter: () => this.#enter(next) };
  }

  async finish(): Promise<void> {
    const { link, signal, results } = this.#options;
    await link.done(await results());
    this.#checkMembership();
    const lost = this.#abandon.signal;
    await new Promise<void>((resolve) => {
      void link.finished.then(resolve);
      lost.addEventListener('abort', () => resolve(), { once: true });
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    signal.throwIfAborted();
    this.#checkMembership();
  }

  async close(): Promise<void> {
    await this.#awaitingRendezvous;
    await (this.#ring ? this.#ring.close() : this.#inbox.close());
  }

  async #onRing<T>(call: (ring: Ring) => Promise<T>): Promise<T> {
    this.#checkMembership();
    try {
      return await call(this.#ring!);
    } catch (error) {
      this.#checkMembership(); // giving up a ring closes it
      throw error;
    }
  }

  #checkMembership(): void {
    if (this.#abandon.signal.aborted) throw this.#abandon.signal.reason;
  }

  /** Throws RING_ABANDONED when it has none: then it is ready for the next ring. */
  #placeOf({ students, generation }: Start): Place {
    const rank = students.indexOf(this.#options.rank);
    if (rank < 0) throw abandoned(generation, 'it goes round already');
    return { rank, ranks: students.length };
  }

  async #state(start: Start): Promise<Beginning> {
    const { transport, run, deadlineMs, joinWithinMs, adopt, load, saved } = this.#options;
    const { agreement } = start;
    const place = this.#placeOf(start);
    if (!this.#blank) return { from: this.#progress.step, place, joined: agreement };
    if (!agreement) return { from: 0, place };
    if (agreement.saved !== undefined && (await saved())?.hash === agreement.saved) {
      await load();
      return { from: agreement.step, place };
    }
    if (this.#options.sharded) throw notSaved(agreement.step, this.#options.rank);
    const state = await fetchState({
      transport,
      endpoint: agreement.donor,
      run,
      generation: this.#generation,
      step: agreement.step,
      deadlineMs: agreement.saved === undefined ? deadlineMs : Math.max(deadlineMs, joinWithinMs), // the donor loads it first
      signal: this.#abandon.signal,
    });
    await adopt(state);
    return { from: agreement.step, place, joined: { evaluated: agreement.evaluated } };
  }

  async #enter(start: Start): Promise<void> {
    const { transport, run, states, stateEndpoint, wire, deadlineMs, joinWithinMs, copyState } =
      this.#options;
    const { peers, agreement, students } = start;
    const { rank, ranks } = this.#placeOf(start);
    const generation = this.#generation;
    if (agreement && agreement.newcomers > 0 && agreement.donor === stateEndpoint)
      states.offer({ run, generation, step: agreement.step }, await copyState());
    this.#checkMembership();
    const nextEndpoint = endpointOf(peers, 'student', students[(rank + 1) % ranks]!);
    const place = { run, generation, rank, size: ranks };
    const joining = {
      wire,
      deadlineMs,
      joinDeadlineMs: Math.max(deadlineMs, joinWithinMs), // another rank may fetch the state first
      connectDeadlineMs: joinWithinMs,
    };
    try {
      const ring = await openRing({ transport, inbox: this.#inbox, nextEndpoint, ...place, ...joining });
      if (this.#abandon.signal.aborted) await ring.close();
      else this.#ring = ring;
    } catch (error) {
      this.#checkMembership();
      throw agreement ? passing(error) : error;
    }
    this.#checkMembership();
  }

  /** The next ring; undefined when the run ends without one. */
  async #nextOrEnd(cause: BrineError): Promise<Start | undefined> {
    const next = this.#next(cause);
    next.catch(() => undefined); // whoever awaits it hears of it
    return Promise.race([next, this.#options.link.finished.then(() => undefined)]);
  }

  /** Waits for the next ring. */
  async #next(cause: BrineError): Promise<Start> {
    const { link, signal } = this.#options;
    await this.#awaitRendezvous(cause.message);
    const next = await link.next(signal);
    this.#generation = next.generation;
    this.#awaitingRendezvous = undefined;
    this.#abandon = new AbortController();
    if (next.agreement && !this.#blank) this.#progress = follow(this.#progress, next.agreement);
    this.#awaitRendezvousIfAbandoned(); // before this rank has come to read that it was formed
    return next;
  }

  #awaitRendezvousIfAbandoned(): void {
    if (this.#givenUp !== this.#generation) return;
    this.#awaitRendezvous('another rank was lost').catch(() => undefined); // whoever goes on awaits it
  }

  /** Once for each ring: from here on this rank stands still. */
  #awaitRendezvous(why: string): Promise<void> {
    this.#awaitingRendezvous ??= this.#leave(why);
    return this.#awaitingRendezvous;
  }

  async #leave(why: string): Promise<void> {
    const { transport, link, ranks, address, reachable } = this.#options;
    const generation = this.#generation;
    const progress = this.#progress;
    this.#abandon.abort(abandoned(generation, why));
    const old = this.#ring ?? this.#inbox;
    this.#ring = undefined;
    this.#inbox = await openRingInbox(transport, address, { size: ranks });
    const endpoint = reachable(this.#inbox.endpoint);
    const blank = this.#blank;
    const saved = blank ? await this.#options.saved() : undefined;
    await link.awaitingRendezvous({ ...progress, generation, blank, endpoint, why, saved });
    await old.close();
  }
}

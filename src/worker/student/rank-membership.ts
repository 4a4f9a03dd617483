import type { BrineError } from '../../base/errors.ts';
import { unlessAborted } from '../../base/interruption.ts';
import { bestEffort } from '../../base/promises.ts';
import { openRingInbox } from '../../ring/place.ts';
import { openRing } from '../../ring/open-ring.ts';
import type { Ring } from '../../ring/ring.ts';
import type { Wire } from '../../ring/wire.ts';
import type { Place } from '../../student/program/step-shape.ts';
import type { Collectives } from '../../student/training/collectives.ts';
import {
  isBroken,
  type Agreement,
  type RingMembership,
  type TrainProgress,
} from '../../student/training/train-progress.ts';
import type { Inbox, Transport } from '../../transport/transport.ts';
import { endpointOf } from '../../control/control-client.ts';
import type { ControlLink } from '../../control/control-link.ts';
import type { Figures, Saved, Start } from '../../control/messages.ts';
import { abandoned, follow, notSaved, passing } from './membership-faults.ts';
import { fetchState, type State, type StateServer } from './state-transfer.ts';

/**
 * Options of a rank's membership over all generations of the ring. When the ring breaks or the
 * coordinator abandons it, the rank reports its progress once, and then waits for the rendezvous.
 */
export interface RankMembershipOptions {
  readonly transport: Transport;
  readonly link: ControlLink;
  /** Identity of the recipe and the start. */
  readonly run: string;
  /** Student number, independent of the ring rank. */
  readonly rank: number;
  /** Maximum world size. */
  readonly ranks: number;
  /** Inbox of the first ring. */
  readonly inbox: Inbox;
  readonly generation: number;
  /** Wire format of gradients. */
  readonly wire: Wire;
  /** Address that inboxes bind to. */
  readonly address: string;
  readonly states: StateServer;
  /** Reachable endpoint of the state server. */
  readonly stateEndpoint: string;
  /** Converts an endpoint of this process to the form that peers can reach. */
  readonly reachable: (endpoint: string) => string;
  /** How long a neighbour may be silent, and how long other ranks may take to join, in milliseconds. */
  readonly deadlineMs: number;
  readonly joinWithinMs: number;
  /** Aborted to stop this rank. */
  readonly signal: AbortSignal;
  /** The engine's functions to copy the state and to adopt another rank's state. */
  readonly copyState: () => Promise<State>;
  readonly adopt: (state: State) => Promise<void>;
  /** Whether the optimizer state is sharded, so that no rank can adopt another's state. */
  readonly sharded: boolean;
  /** The latest checkpoint that this rank can read, and a function to load it. */
  readonly saved: () => Promise<Saved | undefined>;
  readonly load: () => Promise<void>;
  /** The rank's final report. */
  readonly results: () => Promise<Figures>;
}

/** Where a rank begins. */
export interface Beginning {
  readonly from: number;
  readonly place: Place;
  /** Set if the rank joined in mid-run with another rank's state. */
  readonly joined?: { readonly evaluated: boolean } | undefined;
}

export class RankMembership implements RingMembership, Collectives {
  readonly #options: RankMembershipOptions;
  #inbox: Inbox;
  #generation: number;
  #ring: Ring | undefined;
  #progress: TrainProgress = { step: 0, evaluated: false, summed: false };
  #blank = true;
  /** Aborted when the current ring is abandoned. */
  #abandon = new AbortController();
  #awaitingRendezvous: Promise<void> | undefined;
  /** The generation abandoned last, and the one to abandon after a step. */
  #abandonedGeneration: number | undefined;
  #resizingGeneration: number | undefined;

  constructor(options: RankMembershipOptions) {
    this.#options = options;
    this.#inbox = options.inbox;
    this.#generation = options.generation;
    options.link.onAbandon(({ generation, afterStep }) => {
      if (afterStep) this.#resizingGeneration = generation;
      else this.#abandonedGeneration = generation;
      this.#awaitRendezvousIfAbandoned();
    });
  }

  get othersWait(): boolean {
    return this.#resizingGeneration === this.#generation;
  }

  /**
   * Gets a state (from another rank or a checkpoint) and a first place in a ring, for which it
   * waits if the run continues without this rank. Undefined if the run ends before.
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

  async rendezvous(cause: BrineError): Promise<Agreement> {
    const next = await this.#next(cause);
    const { step, evaluated } = next.agreement!;
    return { step, evaluated, place: this.#placeOf(next), enter: () => this.#enter(next) };
  }

  async finish(): Promise<void> {
    const { link, signal, results } = this.#options;
    await link.done(await results());
    this.#checkMembership();
    await bestEffort(unlessAborted(link.finished, AbortSignal.any([this.#abandon.signal, signal])));
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
      this.#checkMembership(); // abandoning a ring closes it
      throw error;
    }
  }

  #checkMembership(): void {
    if (this.#abandon.signal.aborted) throw this.#abandon.signal.reason;
  }

  /** Throws RING_ABANDONED if the ring formed without this rank, which then waits for the next ring. */
  #placeOf({ students, generation }: Start): Place {
    const rank = students.indexOf(this.#options.rank);
    if (rank < 0) throw abandoned(generation, 'it formed without this rank');
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

  /** Waits for the next ring; undefined if the run ends without one. */
  async #nextOrEnd(cause: BrineError): Promise<Start | undefined> {
    const next = this.#next(cause);
    next.catch(() => undefined); // the caller handles the rejection
    return Promise.race([next, this.#options.link.finished.then(() => undefined)]);
  }

  /** Waits for the rendezvous, and adopts its generation and progress. */
  async #next(cause: BrineError): Promise<Start> {
    const { link, signal } = this.#options;
    await this.#awaitRendezvous(cause.message);
    const next = await link.next(signal);
    this.#generation = next.generation;
    this.#awaitingRendezvous = undefined;
    this.#abandon = new AbortController();
    if (next.agreement && !this.#blank) this.#progress = follow(this.#progress, next.agreement);
    this.#awaitRendezvousIfAbandoned(); // it may have been abandoned before this rank learned that it formed
    return next;
  }

  #awaitRendezvousIfAbandoned(): void {
    if (this.#abandonedGeneration !== this.#generation) return;
    this.#awaitRendezvous('another rank was lost').catch(() => undefined); // the next rendezvous awaits it
  }

  /** Leaves the ring, once per generation. */
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

/**
 * How ranks reduce gradients and update parameters. The training loop has one strategy for the
 * whole run, and no branches on it.
 */
import type { ProgramHost } from '../../engine/host.ts';
import { viewOf } from '../../tensor/layout.ts';
import type { StudentEngine } from '../program/program.ts';
import type { Buckets } from '../program/state.ts';
import { TALLY, type Collectives } from './collectives.ts';

export interface UpdateStrategy {
  /**
   * Whether ranks need each other for the whole state. If not, one rank can save it and stop
   * without the others.
   */
  readonly isSharded: boolean;
  /** Sums the buckets over all ranks, as `allReduce` does. Resolves to a digest of the sums. */
  reduce(step: number, buckets: readonly Float32Array[], exact: readonly Float32Array[]): Promise<number>;
  /** Reaches digest consensus on a reduced step, and updates the parameters. */
  commit(step: ReducedStep): Promise<void>;
  /**
   * The whole state as arrays like those of `state`, on a rank with `keeps`. All ranks of a sharded
   * run must call it. Undefined if the program has the whole state itself.
   */
  gatherState(step: number, keeps: boolean): Promise<Buckets | undefined>;
}

/** A step whose gradients are reduced, and what the loop can do with it. */
interface ReducedStep {
  readonly step: number;
  /** Hash of the reduced gradients, equal on all ranks. */
  readonly digest: number;
  /** The reduced gradients. The program borrows the buckets. */
  readonly gradients: { buckets: Buckets };
  /** Reports that this rank has the complete sum, which it can apply during recovery. */
  markSummed(): void;
  /** Throws RING_CORRUPT unless all ranks have this digest. The step then counts. */
  agree(digest: number): Promise<void>;
  /** Updates the parameters. `squares` is Σ gradient² over all shares, if sharded. */
  update(squares?: number): Promise<void>;
}

interface Rank {
  readonly host: ProgramHost<StudentEngine>;
  readonly ring: Collectives;
}

export function updateStrategy(rank: Rank, { isSharded }: { isSharded: boolean }): UpdateStrategy {
  return isSharded ? new ShardedUpdate(rank) : new ReplicatedUpdate(rank);
}

/**
 * Every rank has the whole sum and the whole optimizer state. Ranks agree on the sum, and then
 * apply it. A rank that is interrupted in between applies the sum during recovery.
 */
class ReplicatedUpdate implements UpdateStrategy {
  readonly isSharded = false;
  readonly #ring: Collectives;

  constructor({ ring }: Rank) {
    this.#ring = ring;
  }

  reduce(step: number, buckets: readonly Float32Array[], exact: readonly Float32Array[]): Promise<number> {
    return this.#ring.allReduce(step, buckets, exact);
  }

  async commit(reduced: ReducedStep): Promise<void> {
    reduced.markSummed();
    await reduced.agree(reduced.digest);
    await reduced.update();
  }

  gatherState(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

/**
 * A sharded optimizer (ZeRO stage 1: Rajbhandari et al., arXiv 1910.02054). Gradients are
 * reduce-scattered, each rank updates its own share of the parameters, and the parameters are
 * all-gathered. Ranks agree on the gathered parameters. A rank keeps 1/n of the optimizer state. The
 * share of a lost rank exists only in the latest checkpoint.
 */
class ShardedUpdate implements UpdateStrategy {
  readonly isSharded = true;
  readonly #host: ProgramHost<StudentEngine>;
  readonly #ring: Collectives;

  constructor({ host, ring }: Rank) {
    this.#host = host;
    this.#ring = ring;
  }

  reduce(step: number, buckets: readonly Float32Array[], exact: readonly Float32Array[]): Promise<number> {
    return this.#ring.reduceScatter(step, buckets, exact);
  }

  async commit(reduced: ReducedStep): Promise<void> {
    await reduced.update(await this.#squares(reduced));
    await reduced.agree(await this.#gatherParameters(reduced.step));
  }

  async gatherState(step: number, keeps: boolean): Promise<Buckets | undefined> {
    const { layout, parts } = await this.#host.call('stateShape', undefined);
    const gathered = new Map<string, Buckets>();
    for (const part of parts) {
      const kept: Buckets = [];
      for (const bucket of layout.buckets.keys()) {
        const share = await this.#host.call('stateShare', { part, bucket });
        await this.#ring.allGather(step, [share]);
        if (keeps) kept.push(share);
      }
      gathered.set(part, kept);
    }
    if (!keeps) return undefined;
    const parameters = await this.#host.call('parameters', undefined);
    const state = layout.tensors.flatMap((tensor) =>
      parts.map((part) => viewOf(tensor, gathered.get(part)!) as Float32Array<ArrayBuffer>),
    );
    return [...parameters, ...state, ...(await this.#host.call('unsharedState', undefined))];
  }

  /** Σ gradient² over all shares. */
  async #squares({ step, gradients }: ReducedStep): Promise<number> {
    const { buckets } = gradients;
    const own = await this.#host.call('squares', { buckets }, buffersOf(buckets));
    gradients.buckets = own.buckets;
    const tally = new Float32Array(TALLY);
    tally[0] = own.squares;
    await this.#ring.allReduce(step, [], [tally]);
    return tally[0];
  }

  /** All-gathers the updated parameters. Resolves to a hash of them, equal on all ranks. */
  async #gatherParameters(step: number): Promise<number> {
    const buckets = await this.#host.call('lendParameters', undefined);
    const digest = await this.#ring.allGather(step, buckets);
    await this.#host.call('takeParameters', { buckets }, buffersOf(buckets));
    return digest;
  }
}

function buffersOf(buckets: Buckets): ArrayBuffer[] {
  return buckets.map(({ buffer }) => buffer);
}

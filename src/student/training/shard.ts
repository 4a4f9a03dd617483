/**
 * A sharded optimizer (ZeRO stage 1: Rajbhandari et al., arXiv 1910.02054). Gradients are
 * reduce-scattered, each rank updates its own share of the parameters, and the parameters are
 * all-gathered. A rank keeps 1/n of the optimizer state. The share of a lost rank exists only in
 * the newest checkpoint.
 */
import type { ProgramHost } from '../../engine/host.ts';
import { viewOf } from '../../tensor/layout.ts';
import { TALLY, type BucketSum } from './duties.ts';
import type { StudentProgram } from '../program/program.ts';
import type { Buckets } from './state.ts';

interface Shared {
  readonly host: ProgramHost<StudentProgram>;
  readonly ring: BucketSum;
}

/** Σ gradient² over all shares. Moves the buckets to the program and back. */
export async function sharedSquares(
  { host, ring }: Shared,
  step: number,
  buckets: Buckets,
): Promise<{ squares: number; buckets: Buckets }> {
  const own = await host.call('squares', { buckets }, buffersOf(buckets));
  const tally = new Float32Array(TALLY);
  tally[0] = own.squares;
  await ring.allReduce(step, [], [tally]);
  return { squares: tally[0], buckets: own.buckets };
}

/** All-gathers the updated parameters. Resolves to a hash of them, equal on all ranks. */
export async function gatherParameters({ host, ring }: Shared, step: number): Promise<number> {
  const buckets = await host.call('lendParameters', undefined);
  const digest = await ring.allGather(step, buckets);
  await host.call('takeParameters', { buckets }, buffersOf(buckets));
  return digest;
}

/**
 * Gathers the whole state from all ranks, as arrays like those of `state`. Only a rank with `keeps`
 * gets it.
 */
export async function gatherState(
  { host, ring }: Shared,
  step: number,
  keeps: boolean,
): Promise<Buckets | undefined> {
  const { layout, parts } = await host.call('stateShape', undefined);
  const gathered = new Map<string, Buckets>();
  for (const part of parts) {
    const kept: Buckets = [];
    for (const bucket of layout.buckets.keys()) {
      const share = await host.call('stateShare', { part, bucket });
      await ring.allGather(step, [share]);
      if (keeps) kept.push(share);
    }
    gathered.set(part, kept);
  }
  if (!keeps) return undefined;
  const parameters = await host.call('parameters', undefined);
  const state = layout.tensors.flatMap((tensor) =>
    parts.map((part) => viewOf(tensor, gathered.get(part)!) as Float32Array<ArrayBuffer>),
  );
  return [...parameters, ...state, ...(await host.call('unsharedState', undefined))];
}

function buffersOf(buckets: Buckets): ArrayBuffer[] {
  return buckets.map(({ buffer }) => buffer);
}

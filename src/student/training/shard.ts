/**
 * An optimizer whose state is shared out over the ranks (ZeRO stage 1: Rajbhandari et al., arXiv 1910.02054): gradients are
 * reduce-scattered, each rank updates the parameters of its own share, and these are all-gathered. A rank keeps 1/n of the state; what
 * a lost rank held is in the newest checkpoint alone.
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

/** Σ gradient² over all shares, from this rank's part of the sums. Moves the buckets there and back. */
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

/** Gives every rank the parameters that the others have updated. Resolves to a hash of all, equal on all ranks. */
export async function gatherParameters({ host, ring }: Shared, step: number): Promise<number> {
  const buckets = await host.call('lendParameters', undefined);
  const digest = await ring.allGather(step, buckets);
  await host.call('takeParameters', { buckets }, buffersOf(buckets));
  return digest;
}

/** The whole state as arrays of `state`, put together by all ranks; only where `keeps` it is kept. */
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

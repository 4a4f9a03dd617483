import { scoped } from '../base/scope.ts';
import { readTokenizer } from '../data/tokenizer.ts';
import { hostThread } from '../engine/host.ts';
import type { LabelIdentity } from '../labels/identity.ts';
import { connectLeases, type LeaseClient } from '../labels/leases.ts';
import { joinCache } from '../labels/link.ts';
import { modelIdentity } from '../model/index.ts';
import type { TeacherProgram, TeacherInit } from '../teacher/program.ts';
import { runTeacher, type TeacherProgress } from '../teacher/worker.ts';
import type { Transport } from '../transport/transport.ts';
import { zmqTransport } from '../transport/zmq.ts';
import { findCheckpoint } from './find-checkpoint.ts';
import { tokenizerPath } from './prepare.ts';

/** A teacher at a label cache: its model in an engine thread, its sockets here. */
export interface TeachOptions {
  readonly transport: Transport;
  /** The cache's. */
  readonly endpoint: string;
  readonly identity: LabelIdentity;
  readonly modelFolder: string;
  /** T; when it is not known, the cache's first lease tells. */
  readonly positions?: number;
  readonly device: 'cpu' | 'cuda';
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly observe: (progress: TeacherProgress) => void;
}

/** Rows of one run of the teacher's graph, and of one lease. */
const GRAPH_ROWS = 8;
const LEASE_ROWS = 32;

/** Labels until the cache ends or the signal is given. Throws what the cache answers and what the engine throws. */
export function teach(options: TeachOptions): Promise<TeacherProgress> {
  return scoped(async (scope) => {
    const { transport, endpoint, identity, modelFolder, device, threads, signal, observe } = options;
    const leases = scope.use(await connectLeases({ transport, endpoint, identity }));
    const positions = options.positions ?? (await rowLength(leases, signal));
    if (positions === undefined) return NOTHING;
    const init: TeacherInit = {
      modelFolder,
      identity,
      rows: GRAPH_ROWS,
      positions,
      vocabulary: leases.vocabulary,
      device,
      threads,
    };
    const program = new URL('../teacher/program.js', import.meta.url);
    const host = scope.use(await hostThread<TeacherProgram>(program, init));
    return runTeacher({ leases, hosts: [host], leaseRows: LEASE_ROWS, signal, observe });
  });
}

const NOTHING: TeacherProgress = {
  rows: 0,
  tokens: 0,
  tokensPerSecond: 0,
  graphMs: 0,
  encodeMs: 0,
  idleMs: 0,
};

/** T, from a lease that is handed back; undefined when the cache ends before it has one. */
async function rowLength(leases: LeaseClient, signal: AbortSignal): Promise<number | undefined> {
  const stopped = new Promise<undefined>((resolve) =>
    signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
  const lease = await Promise.race([leases.next(1), stopped]);
  if (!lease) return undefined;
  await leases.giveBack(lease);
  return (lease.tokens[0]?.length ?? 1) - 1;
}

export interface AttachOptions {
  readonly checkpoint: string;
  readonly cache: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly observe: (text: string) => void;
}

/**
 * One more teacher for a cache that is served, at any time. The cache's tokenizer must be the checkpoint's, and its teacher must be
 * this one: else the cache refuses, naming both sides.
 */
export function attachTeacher(
  options: AttachOptions,
): Promise<{ rows: number; tokens: number; seconds: number }> {
  return scoped(async (scope) => {
    const began = performance.now();
    const modelFolder = await findCheckpoint(options.checkpoint);
    const transport = zmqTransport();
    scope.defer(() => transport.close());
    const link = await joinCache({ transport, endpoint: options.cache, role: 'observer' });
    await link.close();
    const identity: LabelIdentity = {
      ...link.welcome.identity,
      tokenizer: (await readTokenizer(tokenizerPath(modelFolder))).identity,
      teacher: await modelIdentity(modelFolder),
    };
    const { rows, tokens } = await teach({
      transport,
      endpoint: options.cache,
      identity,
      modelFolder,
      device: 'cpu',
      threads: options.threads,
      signal: options.signal,
      observe: ({ rows: done, tokensPerSecond }) =>
        options.observe(`teacher   ${done} rows · ${Math.round(tokensPerSecond)} tokens/s`),
    });
    return { rows, tokens, seconds: (performance.now() - began) / 1000 };
  });
}

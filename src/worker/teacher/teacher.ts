import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { interruptionOf, unlessAborted } from '../../base/interruption.ts';
import { scoped } from '../../base/scope.ts';
import { readTokenizerName } from '../../data/tokenizer/named.ts';
import type { LabelIdentity } from '../../labels/identity.ts';
import { connectLeases } from '../../labels/client/leases.ts';
import { joinCache } from '../../labels/protocol/link.ts';
import { fetchModel } from '../../labels/client/model-files.ts';
import { modelIdentity } from '../../model/index.ts';
import { runTeacher, type TeacherProgress } from '../../teacher/worker.ts';
import type { Transport } from '../../transport/transport.ts';
import { openTransport } from '../../recipe/addresses.ts';
import { findCheckpoint } from '../../recipe/find-checkpoint.ts';
import { unlessCancelled } from '../participation.ts';
import { tokenizerPath } from '../../inputs/prepared-data.ts';
import type { AttachReport, TeachEvent } from './teach-events.ts';
import { graphRows, LEASE_ROWS, openTeacherEngines, type EngineSettings } from './teacher-engine.ts';

/**
 * Options of a teacher connected to a label cache: models in engine threads, sockets on this
 * thread.
 */
export interface TeachOptions extends EngineSettings {
  readonly transport: Transport;
  /** Endpoints of all cache servers, or of one that knows the others. */
  readonly endpoints: readonly string[];
  readonly identity: LabelIdentity;
  readonly modelFolder: string;
  readonly signal: AbortSignal;
  /** Aborted to stop waiting for engines that still start. */
  readonly interrupt?: AbortSignal | undefined;
  /** How long the cache servers may take to answer, in milliseconds. Default as `joinCache`. */
  readonly joinMs?: number | undefined;
  readonly observe: (progress: TeacherProgress) => void;
}

/**
 * Draws labels until the cache ends or the signal is aborted. Throws the errors of cache and
 * engine, and CANCELLED by `interrupt`.
 */
export function teach(options: TeachOptions): Promise<TeacherProgress> {
  return scoped(async (scope) => {
    const { transport, endpoints, identity, signal, interrupt, joinMs, observe } = options;
    const joining = { transport, endpoints, identity, signal, ...(joinMs && { joinMs }) };
    const leases = await unlessCancelled(connectLeases(joining), signal);
    if (!leases) return NO_PROGRESS;
    scope.use(leases);
    const { positions, vocabulary } = leases;
    const starting = openTeacherEngines(scope, { ...engineOf(options), positions, vocabulary });
    const hosts = await unlessAborted(starting, interrupt, WHAT);
    const batchRows = graphRows({ positions, device: options.device });
    return runTeacher({ leases, hosts, leaseRows: LEASE_ROWS, batchRows, signal, observe });
  });
}

const NO_PROGRESS = { rows: 0, tokens: 0, graphMs: 0, encodeMs: 0, idleMs: 0, tokensPerSecond: 0 };

function engineOf({ identity, modelFolder, device, threads, engines }: TeachOptions) {
  return { identity, modelFolder, device, threads, engines }; // only values that can be sent to a thread
}

export interface AttachOptions extends EngineSettings {
  /** Local folder of the teacher's model. Without it, the model is fetched from the cache. */
  readonly checkpoint?: string | undefined;
  readonly caches: readonly string[];
  /** Folder with a teacher's secret key and the cache's public key; required if the cache uses keys. */
  readonly keys?: string | undefined;
  /** Folder for models fetched from caches. */
  readonly store: string;
  /**
   * Start of the reported seconds, in performance.now() time, where 0 is the start of the process.
   * Default: now.
   */
  readonly began?: number;
  readonly signal: AbortSignal;
  readonly observe: (event: TeachEvent) => void;
}

export type { AttachReport, TeachEvent } from './teach-events.ts';

/**
 * Attaches one more teacher to a running cache, at any time. Fetches the model from the cache
 * unless a checkpoint is given. The cache refuses a teacher with another tokenizer or other
 * weights, naming both. Throws CANCELLED soon after the signal, in every state.
 */
export function attachTeacher(options: AttachOptions): Promise<AttachReport> {
  return scoped(async (scope) => {
    const { caches, engines, signal, began = performance.now() } = options;
    const transport = await openTransport('teacher', options);
    scope.defer(() => transport.close());
    const link = scope.use(await joinCache({ transport, endpoint: caches[0]!, role: 'observer', signal }));
    const { identity } = link.welcome;
    const found =
      options.checkpoint === undefined ? fetchedModel(options, link) : findCheckpoint(options.checkpoint);
    const modelFolder = await unlessAborted(found, signal, WHAT);
    const own = await unlessAborted(ownIdentities(modelFolder, identity.tokenizer), signal, WHAT);
    await link.close();
    options.observe({ kind: 'connected', model: modelFolder, engines, caches });
    let secondsToFirst: number | null = null;
    const work = teach({
      ...options,
      transport,
      endpoints: caches,
      identity: { ...identity, ...own },
      modelFolder,
      signal,
      interrupt: signal,
      observe: ({ rows: done, tokensPerSecond }) => {
        secondsToFirst ??= (performance.now() - began) / 1000;
        options.observe({ kind: 'progress', rows: done, tokensPerSecond });
      },
    });
    const { rows, tokens } = await unlessAborted(work, signal, { ...WHAT, graceMs: GRACE_MS });
    if (signal.aborted) throw interruptionOf(signal, `the teacher, after ${rows} rows,`);
    return { rows, tokens, seconds: (performance.now() - began) / 1000, secondsToFirst };
  });
}

const WHAT = { what: 'the teacher' };
/** How long an interrupted teacher may take to deliver its current rows, in milliseconds. */
const GRACE_MS = 700;

/** Maximum size of a model fetched from a cache, in bytes. */
const MAX_MODEL_BYTES = 2 ** 40;

async function fetchedModel(
  { store, signal, observe }: AttachOptions,
  link: Awaited<ReturnType<typeof joinCache>>,
): Promise<string> {
  const folder = join(store, link.welcome.identity.teacher);
  await fetchModel({
    link,
    folder,
    mostBytes: MAX_MODEL_BYTES,
    signal,
    observe: (fetched, bytes) => observe({ kind: 'fetching', fetched, bytes }),
  });
  return folder;
}

/**
 * Identities of the checkpoint. Without a tokenizer.json, only its weights are checked. A tokenizer
 * that the cache knows by an earlier version's hash keeps that hash.
 */
async function ownIdentities(folder: string, known: string): Promise<Partial<LabelIdentity>> {
  const teacher = await modelIdentity(folder);
  if (!existsSync(tokenizerPath(folder))) return { teacher };
  const { identity, isKnownAs } = await readTokenizerName(tokenizerPath(folder));
  return { teacher, tokenizer: isKnownAs(known) ? known : identity };
}

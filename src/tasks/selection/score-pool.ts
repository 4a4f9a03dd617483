import { BrineError } from '../../base/errors.ts';
import { unlessAborted } from '../../base/interruption.ts';
import { scoped, type Scope } from '../../base/scope.ts';
import type { TokenSet } from '../../data/tokens/token-set.ts';
import { identityHash, type LabelIdentity } from '../../labels/identity.ts';
import type { ContextColumns } from '../../labels/record/context.ts';
import { tokenHash } from '../../labels/record/header.ts';
import { decodeContext } from '../../labels/record/record.ts';
import { connectLeases } from '../../labels/client/leases.ts';
import { openLmdbStore } from '../../labels/store/lmdb.ts';
import { memoryStore } from '../../labels/store/memory.ts';
import { openLabelServer } from '../../labels/server/server.ts';
import type { LabelStore } from '../../labels/store/store.ts';
import { modelIdentity } from '../../model/index.ts';
import type { ScoreRule } from '../../select/rule.ts';
import { scoreRows, scoringStopped, type ContextRecords, type RowScores } from '../../select/score.ts';
import { runTeacher } from '../../teacher/worker.ts';
import { memoryNetwork, memoryTransport } from '../../transport/memory.ts';
import { openTransport, type Access } from '../../recipe/addresses.ts';
import { offeredModel } from '../../inputs/open-labels.ts';
import { ownAddress, reachable } from '../../transport/own-address.ts';
import { graphRows, LEASE_ROWS, openTeacherEngines } from '../../worker/teacher/teacher-engine.ts';

/**
 * Options of scoring with a pool of teachers: a label server with the `context` rule, whose records
 * contain only the scorer's log-probability and rank of each true token; engines of this process as
 * teachers; and any `brine teacher` that connects.
 */
export interface PoolOptions extends Access {
  /** The folder of the scorer. */
  readonly modelFolder: string;
  readonly train: TokenSet;
  /** Engine threads of this process. */
  readonly engines: number;
  /** Threads inside one operator of an engine. */
  readonly threads: number;
  /** Address for teachers of other processes. Without it, none can connect. */
  readonly bind?: string | undefined;
  /** Folder for the records. Default: in memory, at about 5 bytes a token. */
  readonly labels?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly observe?: ((text: string) => void) | undefined;
  /** Called with the address for teachers. */
  readonly note?: ((text: string) => void) | undefined;
}

export interface ScorePoolOptions extends PoolOptions, ScoreRule {
  /** A later checkpoint; scores are then decreases of the loss. */
  readonly later?: LaterModel | undefined;
}

export interface LaterModel {
  readonly modelFolder: string;
  /** Folder for its records. Default: in memory. */
  readonly labels?: string | undefined;
}

export interface PoolScores {
  readonly scores: RowScores;
  /** Identity of the scorer. */
  readonly scorer: string;
  /** Identity of the later model, if there is one. */
  readonly later?: string;
}

/**
 * Scores all rows of a token set. The later model, if there is one, reads the rows after the scorer. Throws
 * BAD_ARGUMENT when both are the same model, CANCELLED, ADDRESS_IN_USE, the errors of describeMismatch (`labels` of
 * another scorer), and the errors of the engine.
 */
export function scoreByPool(options: ScorePoolOptions): Promise<PoolScores> {
  return scoped(async (scope) => {
    const { train, topK, statistic, later: model, signal, observe, ...pool } = options;
    if (model) await checkDiffers(pool.modelFolder, model.modelFolder);
    const early = await filledStore(scope, { ...pool, train, signal, observe });
    const later =
      model &&
      (await filledStore(scope, {
        ...pool,
        ...model,
        labels: model.labels,
        train,
        signal,
        observe: observe && ((text) => observe(`${text} · later scorer`)),
      }));
    const scores = await scoreRows({ early, later, tokens: train, topK, statistic, signal });
    return { scores, scorer: early.identity.teacher, ...(later && { later: later.identity.teacher }) };
  });
}

async function checkDiffers(early: string, later: string): Promise<void> {
  if ((await modelIdentity(early)) !== (await modelIdentity(later))) return;
  throw new BrineError(
    'BAD_ARGUMENT',
    `the scorer ${early} and the later scorer ${later} are the same model`,
    {
      hint: 'Every score would be 0. Name two checkpoints of the small model, the earlier one as scorer.',
    },
  );
}

/** The context columns of all rows of a token set, in memory, by a teacher. Throws as scoreByPool. */
export function contextsByPool(
  options: PoolOptions,
): Promise<{ contexts: ContextColumns[]; teacher: string }> {
  return scoped(async (scope) => {
    const { train } = options;
    const { store, identity } = await filledStore(scope, options);
    const hash = identityHash(identity);
    const contexts = Array.from({ length: train.rows }, (_, row) => {
      const expected = { row, identity: hash, tokenHash: tokenHash(train.read(row)) };
      return decodeContext(store.get(row)!, expected)!;
    });
    return { contexts, teacher: identity.teacher };
  });
}

async function filledStore(scope: Scope, options: PoolOptions): Promise<ContextRecords> {
  const { train, modelFolder, labels } = options;
  const identity: LabelIdentity = {
    tokenizer: train.tokenizerIdentity,
    data: train.identity,
    teacher: await modelIdentity(modelFolder),
    rule: { kind: 'context' },
  };
  const store = scope.use(
    labels === undefined
      ? memoryStore()
      : await openLmdbStore(labels, { identity, asker: `scoring by ${modelFolder}` }),
  );
  if (store.count() < train.rows) await scoped((pool) => fill(store, identity, { ...options, pool }));
  return { store, identity };
}

async function fill(
  store: LabelStore,
  identity: LabelIdentity,
  { pool, ...options }: PoolOptions & { readonly pool: Scope },
): Promise<void> {
  const { train, bind, signal, observe, note } = options;
  const network = memoryNetwork();
  const open = async (role: 'cache' | 'teacher') => {
    const transport = bind === undefined ? memoryTransport(network) : await openTransport(role, options);
    pool.defer(() => transport.close());
    return transport;
  };
  const filled = new AbortController();
  const server = pool.use(
    await openLabelServer({
      transport: await open('cache'),
      endpoint: bind ?? 'memory://*',
      store,
      identity,
      tokens: train,
      model: await offeredModel(options.modelFolder),
      demand: { length: train.rows, at: (index) => index },
      aheadRows: train.rows,
      observe: (event) => {
        if (event.kind === 'filled') filled.abort();
      },
    }),
  );
  const endpoint = reachable(server.endpoint, await ownAddress(undefined));
  if (bind !== undefined) note?.(`attach teachers with: brine teacher --cache ${endpoint}`);
  const transport = await open('teacher');
  const leases = pool.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
  const starting = openTeacherEngines(pool, {
    identity,
    modelFolder: options.modelFolder,
    positions: train.rowLength - 1,
    vocabulary: train.vocabularySize,
    engines: options.engines,
    threads: options.threads,
    device: 'cpu',
  });
  const hosts = await unlessAborted(starting, signal, { what: 'scoring' });
  await runTeacher({
    leases,
    hosts,
    leaseRows: LEASE_ROWS,
    batchRows: graphRows({ positions: train.rowLength - 1, device: 'cpu' }),
    signal: signal === undefined ? filled.signal : AbortSignal.any([filled.signal, signal]),
    observe: () => {
      const { stored, teachersAlive } = server.stats();
      observe?.(`scores    ${stored} of ${train.rows} rows · ${teachersAlive} teachers`);
    },
  });
  if (signal?.aborted) throw scoringStopped(store.count(), train.rows);
  if (!filled.signal.aborted) {
    throw new BrineError('CLOSED', `the scoring pool ended after ${store.count()} of ${train.rows} rows`, {
      hint: 'Run it again to score all rows.',
    });
  }
}

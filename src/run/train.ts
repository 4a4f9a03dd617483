import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import type { Cost, Evaluation } from '../report/comparison.ts';
import { readModelConfig } from '../model/index.ts';
import type { Transport } from '../transport/transport.ts';
import { addressOf, checkAccess, openTransport } from './addresses.ts';
import { checkParts, partsOf, teacherFolder } from './label-identity.ts';
import { evaluationsOf } from './evaluations.ts';
import { checkHardware, withHardware } from './hardware.ts';
import { predecessorOf } from './journal.ts';
import { furtherNodes, launch } from './launch.ts';
import { serveMetrics } from './metrics-server.ts';
import { checkModelTokenizer } from './model-tokenizer.ts';
import { nodeOfRole } from './node-roles.ts';
import { prepareData, preparedFolder } from './prepare.ts';
import { distils, recipeIdentity, selects, totalSteps, type Recipe } from './recipe.ts';
import { findPath, readResolved, runFolder, saveResolved } from './resolved.ts';
import { formatRoles, rolesOf, type RoleSpec } from './roles.ts';
import { scorerFolder, selectFor } from './score.ts';
import { SnapshotKeeper, type Snapshot } from './snapshot.ts';
import { RANK_ENVIRONMENT, RANK_FLAGS } from '../ring/membership.ts';
import type { Environment } from './spawn.ts';
import type { CoordinatorEvent, RunResults } from './coordinator-options.ts';

/** One run on one machine: what must be there first, then every role as a process, then what came out. */
export interface TrainOptions {
  readonly recipe: Recipe;
  /** The words that start brine. */
  readonly brine: readonly string[];
  readonly environment: Environment;
  /** Serve labels from this filled cache; no teacher is started. */
  readonly replay?: string | undefined;
  readonly resume: boolean;
  /** Addresses that other machines can reach are served without keys too. */
  readonly insecure?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly observe?: ((event: RunEvent) => void) | undefined;
  /** What the coordinator listens by; closed at the end. Default ZeroMQ. */
  readonly transport?: Transport | undefined;
  /** This machine is the first of several. */
  readonly cluster?: Cluster | undefined;
}

export interface Cluster {
  readonly nodes: number;
  /** Student ranks of each. */
  readonly ranksEach: number;
  /** Where the coordinator serves. */
  readonly port: number;
}

export type RunEvent =
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'progress'; readonly text: string }
  /** Where Prometheus finds the figures of the run. */
  | { readonly kind: 'metrics'; readonly address: string }
  /** Of its processes and its ring. */
  | { readonly kind: 'event'; readonly event: CoordinatorEvent }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot };

export interface TrainResult {
  readonly run: string;
  readonly steps: number;
  readonly validationLoss: number | undefined;
  readonly accuracy: number | undefined;
  readonly evaluations: readonly Evaluation[];
  readonly cost: Cost;
  readonly labels: {
    /** Rows of labels that the students trained on. */
    readonly rowsUsed: number;
    /** Rows that trained without a label where one was wanted: labels.onMissing is plain. */
    readonly rowsPlain: number;
    /** Rows that this run's own teachers drew, and the seconds that took them. */
    readonly rowsDrawn: number;
    readonly drawingSeconds: number;
  };
  /** SHA-256 of the final parameters. */
  readonly parameters: string;
  /** The same of every rank, to be compared: law 3. */
  readonly parameterHashes: readonly string[];
}

/** The roles of a run and how they would be started. */
export function dryRun(options: TrainOptions): { roles: RoleSpec[]; text: string } {
  const roles = rolesHere(options, addressOf(options.recipe));
  return { roles, text: formatRoles(roles) };
}

/** Throws whatever stops a run, with the run's folder as it was or with whole checkpoints in it. */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { recipe, replay, signal } = options;
  const folder = runFolder(recipe.run);
  const started = new Set(rolesFor(options, '').map(({ id }) => id.role));
  await checkAccess(recipe, ['coordinator', ...started], options.insecure);
  await checkRunFolder(options);
  await checkHardware(recipe, options.environment);
  const { cluster } = options;
  const nodes = cluster?.nodes ?? 1;
  const predecessor = await predecessorOf(folder.journal, {
    run: recipeIdentity(recipe),
    expected: [...rolesFor(options, '').map(({ id }) => id), ...furtherNodes(nodes)],
    nodes,
    port: cluster?.port,
  });
  await readModelConfig(findPath(recipe.student.model));
  if (distils(recipe) && replay === undefined) checkParts(recipe);
  await checkModels(options);
  await prepareData(
    { ...recipe.data, prepared: preparedFolder(recipe) },
    {
      signal,
      observe: (text) => options.observe?.({ kind: 'progress', text }),
    },
  );
  await checkModels(options); // a tokenizer that was trained just now is compared too
  await saveResolved(recipe);
  const selecting = selects(recipe) ? await selectFor(recipe, observing(options)) : 0;

  const { insecure } = options;
  const transport =
    options.transport ?? (await openTransport('coordinator', { keys: recipe.roles.keys, insecure }));
  const keeper = new SnapshotKeeper(recipe.roles.ranks);
  try {
    const results = await launch({
      transport,
      endpoint: predecessor?.endpoint ?? addressOf(recipe),
      run: recipeIdentity(recipe),
      joinWithinMs: recipe.roles.joinWithin * 1000,
      leastStudents: recipe.roles.ranksAtLeast,
      returnWithinMs: recipe.roles.returnWithin * 1000,
      fallsBack: recipe.roles.shardOptimizer,
      resume: options.resume,
      restarts: recipe.roles.restarts,
      opened: async (coordinator, scope) => {
        const metrics = scope.use(await serveMetrics(recipe.roles.metrics, () => coordinator.status()));
        options.observe?.({ kind: 'metrics', address: metrics.address });
      },
      generation: Math.floor(Date.now() / 1000) % 2 ** 31,
      environment: options.environment,
      roles: (coordinator) => rolesHere(options, coordinator),
      ...(cluster && {
        nodes: cluster.nodes,
        endpoint: `tcp://${recipe.roles.bind}:${cluster.port}`,
        nodeOf: (id) => nodeOfRole(id, cluster),
      }),
      logOf: folder.log,
      journal: { path: folder.journal, predecessor },
      signal,
      observe: (event) => {
        if (event.kind !== 'progress') options.observe?.({ kind: 'event', event });
        options.observe?.({ kind: 'snapshot', snapshot: keeper.after(event) });
      },
    });
    return await resultOf(recipe, results, selecting);
  } finally {
    await transport.close();
  }
}

/** The roles of all machines, those of this one with their devices and cores. */
function rolesHere(options: TrainOptions, coordinator: string): RoleSpec[] {
  const { recipe, environment, cluster } = options;
  const all = rolesFor(options, coordinator);
  const own = all.filter(({ id }) => cluster === undefined || nodeOfRole(id, cluster) === 0);
  const equipped = withHardware(own, { recipe, environment });
  return all.map((spec) => equipped[own.indexOf(spec)] ?? spec);
}

/** The roles of all machines. */
export function rolesFor(
  {
    recipe,
    brine,
    replay,
    resume,
    insecure,
  }: Pick<TrainOptions, 'recipe' | 'brine' | 'replay' | 'resume' | 'insecure'>,
  coordinator: string,
): RoleSpec[] {
  const caches = replay === undefined ? recipe.roles.caches : Math.max(1, partsOf(replay));
  return rolesOf(recipe, {
    brine,
    coordinator,
    replay,
    resume,
    insecure,
    caches,
    rankEnvironment: RANK_ENVIRONMENT,
    rankFlags: brine[0] === process.execPath ? RANK_FLAGS : [], // what starts brine in another way passes on what it likes
  });
}

/** Throws FILE_MISSING for a teacher or scorer that is not there, TOKENIZER_MISMATCH for one of another tokenizer than the data. */
async function checkModels({ recipe, replay }: TrainOptions): Promise<void> {
  if (distils(recipe) && replay === undefined)
    await checkModelTokenizer(recipe, { what: 'the teacher', folder: await teacherFolder(recipe) });
  const scorer = selects(recipe) ? await scorerFolder(recipe) : undefined;
  if (scorer !== undefined) await checkModelTokenizer(recipe, { what: 'the scorer', folder: scorer });
}

function observing({ signal, observe }: TrainOptions) {
  return { signal, observe: (text: string) => observe?.({ kind: 'progress', text }) };
}

/** A run folder is never mixed: it is new, or resumed by the same recipe. */
async function checkRunFolder({ recipe, resume }: TrainOptions): Promise<void> {
  const folder = runFolder(recipe.run);
  if (!existsSync(folder.recipe)) return;
  if (!resume) {
    throw new BrineError('FILE_EXISTS', `${recipe.run} holds a run already`, {
      hint: 'Go on with it by --resume, or name another folder with --set run=FOLDER. Nothing was changed.',
    });
  }
  const before = recipeIdentity(await readResolved(recipe.run));
  const now = recipeIdentity(recipe);
  if (before === now) return;
  throw new BrineError(
    'CONFIG_INVALID',
    `${recipe.run} was begun with the recipe ${before.slice(0, 12)}, this one is ${now.slice(0, 12)}`,
    {
      hint: `Resume with its own recipe: brine train ${folder.recipe} --resume`,
    },
  );
}

async function resultOf(recipe: Recipe, results: RunResults, selecting: number): Promise<TrainResult> {
  const students = [...results]
    .filter(([name]) => name.startsWith('student-'))
    .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([, figures]) => figures);
  const first = students[0];
  const number = (name: string) => first?.numbers[name] ?? 0;
  const sum = (role: string, name: string) =>
    [...results]
      .filter(([key]) => key.startsWith(role))
      .reduce((total, [, { numbers }]) => total + (numbers[name] ?? 0), 0);
  const evaluations = await evaluationsOf(recipe.run);
  const last = evaluations.at(-1);
  const drawingSeconds = sum('teacher-', 'busySeconds');
  return {
    run: recipe.run,
    steps: totalSteps(recipe),
    validationLoss: last?.loss,
    accuracy: last?.accuracy,
    evaluations,
    cost: {
      seconds: number('seconds'),
      labelling: drawingSeconds,
      waiting: number('waitSeconds'),
      selecting,
    },
    labels: {
      rowsUsed: sum('student-', 'labelRows'),
      rowsPlain: sum('student-', 'plainRows'),
      rowsDrawn: sum('teacher-', 'rows'),
      drawingSeconds,
    },
    parameters: first?.words['parameters'] ?? '',
    parameterHashes: students.map(({ words }) => words['parameters'] ?? ''),
  };
}

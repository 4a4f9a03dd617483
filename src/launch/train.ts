import { scoped } from '../base/scope.ts';
import { tcpEndpoint } from '../transport/endpoint.ts';
import type { Transport } from '../transport/transport.ts';
import { addressOf, openTransport } from '../recipe/addresses.ts';
import { partitionsOf } from '../inputs/label-rule.ts';
import { evaluationsOf } from './evaluations.ts';
import { withFixedPaths } from '../recipe/fixed-paths.ts';
import { withHardware } from './processes/hardware.ts';
import {
  predecessorOf,
  readCoordinatorState,
  stateFileAt,
  type CoordinatorState,
} from '../coordinator/state-file.ts';
import { furtherNodes, launch } from './launch.ts';
import { claimRun, type RunClaim } from './claim-run.ts';
import { serveMetrics } from './metrics-server.ts';
import { checkModelTokenizers } from '../inputs/model-tokenizer.ts';
import { nodeOfRole } from './nodes/node-roles.ts';
import { bindFor, ownAddress } from '../transport/own-address.ts';
import { preconditions, requireAll, type Precondition } from './preconditions.ts';
import { preparedFolder } from '../inputs/prepared-data.ts';
import { prepareData } from '../inputs/prepare.ts';
import { recipeIdentity, selects, totalSteps, withReplay, type Recipe } from '../recipe/recipe.ts';
import { planOf } from '../recipe/recipe-plan.ts';
import { runFolder, saveResolved } from '../recipe/run-folder.ts';
import { checkFound, checkRunFolder, findRun } from './ready-run.ts';
import { comparesTeacher } from '../student/rules/teaching.ts';
import type { Resume } from '../worker/resume/resumption.ts';
import { formatRoles, rolesOf, type RoleSpec } from './processes/roles.ts';
import { measureTeacherFor } from '../tasks/measure-teacher.ts';
import { selectFor } from '../tasks/selection/select.ts';
import type { RunEvent, TrainResult } from './run-events.ts';
import { SnapshotKeeper, Warnings, type RoleWarning, type Snapshot } from '../control/snapshot.ts';
import { RANK_ENVIRONMENT, RANK_FLAGS } from '../ring/place.ts';
import type { Environment } from './processes/spawn.ts';
import type { Tracking } from './tracking/mlflow-client.ts';
import { tracked } from './tracking/tracked.ts';
import { watchMissing } from '../control/waiting.ts';
import type { RunResults } from '../control/coordinator-events.ts';

export type { RunEvent, TrainResult } from './run-events.ts';

/** Options of a run on one machine, or of the head of a run on several. */
export interface TrainOptions {
  readonly recipe: Recipe;
  /** Command that starts brine. */
  readonly brine: readonly string[];
  readonly environment: Environment;
  /** Serve labels from this filled cache and start no teacher. */
  readonly replay?: string | undefined;
  readonly resume: Resume;
  /** Also serve without keys at addresses that other machines can reach. */
  readonly insecure?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly observe?: ((event: RunEvent) => void) | undefined;
  /** Transport of the coordinator, closed at the end of the run. Default ZeroMQ. */
  readonly transport?: Transport | undefined;
  /** Where parameters, metrics and status of the run are sent. */
  readonly track?: Tracking | undefined;
  /** Set on the head of a run on several machines. */
  readonly cluster?: Cluster | undefined;
}

export interface Cluster {
  readonly nodes: number;
  /** Student ranks on each machine. */
  readonly ranksEach: number;
  /** Address of the coordinator, as other machines reach it. */
  readonly host: string;
  readonly port: number;
}

/** Lists the roles of a run and their commands. */
export function dryRun(options: TrainOptions): { roles: RoleSpec[]; text: string } {
  const roles = rolesHere(options, addressOf(options.recipe));
  return { roles, text: formatRoles(roles) };
}

/**
 * Name of the check that only a dry run does on its own: a run needs the result of the search in
 * its folder.
 */
const RUN_FOLDER = 'run folder';

/** Lists the checks that the head does before a run starts. */
export function conditionsOf(options: TrainOptions): Precondition[] {
  const { cluster, resume } = options;
  const recipe = withFixedPaths(withReplay(options.recipe, options.replay));
  const started = new Set(rolesFor(options, '').map(({ id }) => id.role));
  const own = {
    roles: ['coordinator', ...started] as const,
    ranksHere: cluster?.ranksEach ?? recipe.roles.ranks,
  };
  return [
    { name: RUN_FOLDER, check: () => checkRunFolder(recipe, { resume, isLed: false }) },
    ...preconditions({ ...options, recipe, ...own }),
  ];
}

/**
 * Trains a run from start to end. Throws the error that stops it; the run folder is then unchanged
 * or contains complete checkpoints. Throws FILE_EXISTS while another process leads a run there.
 */
export function train(given: TrainOptions): Promise<TrainResult> {
  return scoped(async (scope) => {
    const recipe = withFixedPaths(withReplay(given.recipe, given.replay));
    const options = { ...given, recipe };
    const waits = (text: string) => given.observe?.({ kind: 'note', text: `run       ${text}` });
    const claim = scope.use(
      await claimRun(recipe.run, { signal: given.signal, ...(given.resume === 'auto' && { waits }) }),
    );
    try {
      return await trainClaimed(options, claim);
    } catch (error) {
      const cause = claim.signal.aborted ? claim.signal.reason : error;
      claim.failed(cause);
      throw cause;
    }
  });
}

/** Checks everything that the run needs before it writes anything. */
async function trainClaimed(given: TrainOptions, claim: RunClaim): Promise<TrainResult> {
  const folder = runFolder(given.recipe.run);
  const { cluster } = given;
  const nodes = cluster?.nodes ?? 1;
  const predecessor = predecessorOf(await readCoordinatorState(folder.stateFile), {
    run: recipeIdentity(given.recipe),
    expected: [...rolesFor(given, '').map(({ id }) => id), ...furtherNodes(nodes)],
    nodes,
    port: cluster?.port,
  });
  const found = await findRun(given.recipe, { resume: given.resume, isLed: predecessor !== undefined });
  const { recipe } = found;
  const signal = given.signal ? AbortSignal.any([given.signal, claim.signal]) : claim.signal;
  const options = { ...given, recipe, signal };
  await requireAll(conditionsOf(options).filter(({ name }) => name !== RUN_FOLDER));
  const say = (text: string) => options.observe?.({ kind: 'note', text });
  const { note } = await prepareData(
    { ...recipe.data, prepared: preparedFolder(recipe) },
    { ...observing(options), withoutCorpus: true },
  );
  await checkModelTokenizers(recipe); // again: prepareData may have trained the tokenizer just now
  if (note !== undefined) say(note);
  for (const line of await checkFound(found)) say(`run       ${line}`);
  await saveResolved(recipe);
  const tracking = { tracking: options.track, recipe, note: (text: string) => say(`tracking  ${text}`) };
  return tracked(tracking, () => trainPrepared(options, { claim, predecessor }));
}

/** Trains with prepared data and a saved recipe. */
async function trainPrepared(
  options: TrainOptions,
  { claim, predecessor }: { claim: RunClaim; predecessor: CoordinatorState | undefined },
): Promise<TrainResult> {
  const { recipe, cluster, insecure, signal } = options;
  const folder = runFolder(recipe.run);
  const say = (text: string) => options.observe?.({ kind: 'note', text });
  if (comparesTeacher(planOf(recipe))) await measureTeacherFor(recipe, observing(options));
  const selecting = selects(recipe) ? await selectFor(recipe, observing(options)) : 0;
  const transport =
    options.transport ?? (await openTransport('coordinator', { keys: recipe.roles.keys, insecure }));
  const keeper = new SnapshotKeeper(recipe.roles.ranks);
  const warnings = new Warnings();
  const warn = ({ name, text }: RoleWarning) => say(`trouble   ${name} · ${text}`);
  let firstStep = 0;
  try {
    const results = await launch({
      transport,
      endpoint: predecessor?.endpoint ?? addressOf(recipe),
      run: recipeIdentity(recipe),
      joinWithinMs: recipe.roles.joinWithin * 1000,
      leastStudents: recipe.roles.ranksAtLeast,
      returnWithinMs: recipe.roles.returnWithin * 1000,
      fallsBack: recipe.roles.shardOptimizer,
      resume: options.resume !== false,
      restarts: recipe.roles.restarts,
      opened: async (coordinator, scope) => {
        const { metrics: port, metricsBind } = recipe.roles;
        const metrics = scope.use(await serveMetrics(port, () => coordinator.status(), metricsBind));
        options.observe?.({ kind: 'metrics', address: metrics.address });
        const tell = (waiting: Snapshot['waiting']) =>
          options.observe?.({ kind: 'snapshot', snapshot: keeper.waitFor(waiting) });
        scope.use(watchMissing(() => coordinator.status(), tell));
      },
      generation: Math.floor(Date.now() / 1000) % 2 ** 31,
      environment: options.environment,
      roles: (coordinator) => rolesHere(options, coordinator),
      ...(cluster && {
        nodes: cluster.nodes,
        endpoint: tcpEndpoint(bindFor(recipe.roles.bind, await ownAddress(cluster.host)), cluster.port),
        host: cluster.host,
        nodeOf: (id) => nodeOfRole(id, cluster),
      }),
      logOf: folder.log,
      stateFile: { storage: stateFileAt(folder.stateFile), predecessor },
      signal,
      observe: (event) => {
        if (event.kind === 'started' || event.kind === 'succeeded') claim.begun();
        if (event.kind === 'started') firstStep = event.step;
        for (const warning of warnings.newIn(event)) warn(warning);
        if (event.kind !== 'progress') options.observe?.({ kind: 'event', event });
        options.observe?.({ kind: 'snapshot', snapshot: keeper.after(event) });
      },
    });
    for (const [name, figures] of results) warnings.newOf(name, figures).forEach(warn);
    return { firstStep, ...(await resultOf(recipe, results, selecting)) };
  } finally {
    await transport.close();
  }
}

/** Builds the roles of all machines; those of this machine get their devices and cores. */
function rolesHere(options: TrainOptions, coordinator: string): RoleSpec[] {
  const { recipe, environment, cluster } = options;
  const all = rolesFor(options, coordinator);
  const own = all.filter(({ id }) => cluster === undefined || nodeOfRole(id, cluster) === 0);
  const equipped = withHardware(own, { recipe, environment });
  return all.map((spec) => equipped[own.indexOf(spec)] ?? spec);
}

/** Builds the roles of all machines, without devices and cores. */
export function rolesFor(
  options: Pick<TrainOptions, 'recipe' | 'brine' | 'replay' | 'insecure'>,
  coordinator: string,
): RoleSpec[] {
  const { recipe, brine, insecure } = options;
  const replay = options.replay ?? recipe.labels?.replay;
  const caches = replay === undefined ? recipe.roles.caches : Math.max(1, partitionsOf(replay));
  return rolesOf(recipe, {
    brine,
    coordinator,
    replay,
    insecure,
    caches,
    rankEnvironment: RANK_ENVIRONMENT,
    rankFlags: brine[0] === process.execPath ? RANK_FLAGS : [], // another program would not understand Node's flags
  });
}

function observing({ signal, observe }: TrainOptions) {
  return { signal, observe: (text: string) => observe?.({ kind: 'progress', text }) };
}

async function resultOf(
  recipe: Recipe,
  results: RunResults,
  selecting: number,
): Promise<Omit<TrainResult, 'firstStep'>> {
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

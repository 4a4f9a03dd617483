import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import { listCheckpoints } from '../student/checkpoint/checkpoint.ts';
import { readCoordinatorState, type CoordinatorState } from './state-file.ts';
import { isAlive, ownProcess } from '../base/process/process-identity.ts';
import { distils } from '../recipe/recipe.ts';
import { readResolved, runFolder } from '../recipe/run-folder.ts';

/** Endpoints of an active run. */
export interface LiveAddresses {
  readonly coordinator: string;
  /** The servers of its label cache, by partition. */
  readonly caches: readonly string[];
  /** Its key folder. */
  readonly keys: string | undefined;
}

/**
 * Read the endpoints of an active run from its folder. Throws FILE_MISSING without a run, CLOSED when the run has
 * ended or not started, and, with `labels`, CACHE_GONE when its cache is not serving.
 */
export async function findCoordinator(
  run: string,
  { labels = false }: { labels?: boolean } = {},
): Promise<LiveAddresses> {
  const folder = runFolder(run);
  if (!existsSync(folder.recipe)) {
    const what = existsSync(run)
      ? `${run} is not a run folder: it has no recipe.yaml`
      : `there is no run folder ${run}`;
    throw new BrineError('FILE_MISSING', what, {
      hint: 'Name the folder that the recipe sets as "run:", such as runs/nano-salt.',
    });
  }
  const recipe = await readResolved(run);
  const stateFile = await readCoordinatorState(folder.stateFile);
  if (!stateFile) throw notRunning(run, (await listCheckpoints(folder.checkpoints)).at(-1)?.step);
  const coordinator = addressHere(run, stateFile);
  if (labels && !distils(recipe)) {
    throw new BrineError('BAD_ARGUMENT', `no phase of the run ${run} distils, so it uses no labels`, {
      hint: 'Name another run, or a label cache with --cache ADDRESS.',
    });
  }
  const caches = stateFile.roles
    .filter(({ role, endpoint }) => role === 'cache' && endpoint !== '')
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ endpoint }) => onThisMachine(endpoint));
  if (labels && caches.length === 0) {
    throw new BrineError('CACHE_GONE', `the label cache of ${run} is not being served`, {
      hint: `Run brine status ${run}, and try again when it shows the cache.`,
    });
  }
  return { coordinator, caches, keys: recipe.roles.keys };
}

/** The coordinator's endpoint as seen from this machine. Throws CLOSED when it cannot be reached. */
function addressHere(run: string, { head, endpoint }: CoordinatorState): string {
  if (isAlive(head)) return onThisMachine(endpoint);
  const isElsewhere = bootOf(head.began) !== bootOf(ownProcess().began);
  const isReachable = !/^tcp:\/\/(0\.0\.0\.0|\*|127\.|localhost|\[::1?\])/.test(endpoint);
  if (isElsewhere && isReachable) return endpoint;
  if (isElsewhere) {
    throw new BrineError('CLOSED', `the head of the run ${run} is on another machine, at ${endpoint} there`, {
      hint: 'Run the command on that machine, or give its host name: --coordinator tcp://HOST:PORT.',
    });
  }
  throw new BrineError('CLOSED', `the head of the run ${run}, process ${head.pid}, has died`, {
    hint: `Resume the run: brine train ${runFolder(run).recipe} --resume`,
  });
}

/** Replace a wildcard address by loopback. */
function onThisMachine(endpoint: string): string {
  return endpoint
    .replace(/^tcp:\/\/(0\.0\.0\.0|\*)(?=:\d+$)/, 'tcp://127.0.0.1')
    .replace(/^tcp:\/\/\[::\](?=:\d+$)/, 'tcp://[::1]');
}

/** The boot id in a process's start time. */
function bootOf(began: string): string {
  return began.slice(0, began.lastIndexOf(':'));
}

function notRunning(run: string, step: number | undefined): BrineError {
  const where = step === undefined ? 'it has no checkpoint yet' : `its latest checkpoint is of step ${step}`;
  return new BrineError('CLOSED', `the run ${run} has no coordinator now: ${where}`, {
    hint:
      step === undefined
        ? 'The coordinator starts after the data is prepared. Try again when the run trains.'
        : `The run has ended or was stopped. Evaluate it with brine eval ${run}, or resume it with brine train ${runFolder(run).recipe} --resume`,
  });
}

import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import { listCheckpoints } from '../student/checkpoint/checkpoint.ts';
import { readCoordinatorState, type CoordinatorState } from './state-file.ts';
import { isAlive, ownProcess } from '../base/process/process-identity.ts';
import { distils } from '../recipe/recipe.ts';
import { readResolved, runFolder } from '../recipe/run-folder.ts';

/** Where the processes of a run that goes on serve, as its folder says. */
export interface LiveAddresses {
  readonly coordinator: string;
  /** The servers of its label cache, in their order. */
  readonly caches: readonly string[];
  /** The folder of its keys. */
  readonly keys: string | undefined;
}

/**
 * Reads them from a run folder. Throws FILE_MISSING when there is no run, CLOSED when it has ended or has not begun to train, and
 * CACHE_GONE for `labels` of a run that has no cache yet.
 */
export async function findCoordinator(
  run: string,
  { labels = false }: { labels?: boolean } = {},
): Promise<LiveAddresses> {
  const folder = runFolder(run);
  if (!existsSync(folder.recipe)) {
    const what = existsSync(run)
      ? `${run} is no run folder: it has no recipe.yaml`
      : `there is no run folder ${run}`;
    throw new BrineError('FILE_MISSING', what, {
      hint: 'Name the folder that the recipe gives as "run:", such as runs/nano-salt.',
    });
  }
  const recipe = await readResolved(run);
  const stateFile = await readCoordinatorState(folder.stateFile);
  if (!stateFile) throw notRunning(run, (await listCheckpoints(folder.checkpoints)).at(-1)?.step);
  const coordinator = addressHere(run, stateFile);
  if (labels && !distils(recipe)) {
    throw new BrineError('BAD_ARGUMENT', `no phase of the run ${run} distils: it wants no labels`, {
      hint: 'Name another run, or a label cache with --cache ADDRESS.',
    });
  }
  const caches = stateFile.roles
    .filter(({ role, endpoint }) => role === 'cache' && endpoint !== '')
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ endpoint }) => onThisMachine(endpoint));
  if (labels && caches.length === 0) {
    throw new BrineError('CACHE_GONE', `the label cache of ${run} is not served yet, or not any more`, {
      hint: `Look at brine status ${run}, and try again once it has a line for the cache.`,
    });
  }
  return { coordinator, caches, keys: recipe.roles.keys };
}

/** The coordinator's address as this machine reaches it. Throws CLOSED where that cannot be. */
function addressHere(run: string, { head, endpoint }: CoordinatorState): string {
  if (isAlive(head)) return onThisMachine(endpoint);
  const isElsewhere = bootOf(head.began) !== bootOf(ownProcess().began);
  const isReachable = !/^tcp:\/\/(0\.0\.0\.0|\*|127\.|localhost|\[::1?\])/.test(endpoint);
  if (isElsewhere && isReachable) return endpoint;
  if (isElsewhere) {
    throw new BrineError('CLOSED', `the run ${run} is led on another machine, at ${endpoint} there`, {
      hint: 'Run the command on that machine, or give the address with its name: --coordinator tcp://HOST:PORT.',
    });
  }
  throw new BrineError('CLOSED', `the head of the run ${run}, process ${head.pid}, has died`, {
    hint: `Go on with it: brine train ${runFolder(run).recipe} --resume`,
  });
}

/** What is bound on all devices is reached by loopback. */
function onThisMachine(endpoint: string): string {
  return endpoint
    .replace(/^tcp:\/\/(0\.0\.0\.0|\*)(?=:\d+$)/, 'tcp://127.0.0.1')
    .replace(/^tcp:\/\/\[::\](?=:\d+$)/, 'tcp://[::1]');
}

/** Names of processes begin with the boot of their machine. */
function bootOf(began: string): string {
  return began.slice(0, began.lastIndexOf(':'));
}

function notRunning(run: string, step: number | undefined): BrineError {
  const where = step === undefined ? 'it has no checkpoint yet' : `its newest checkpoint is of step ${step}`;
  return new BrineError('CLOSED', `no coordinator serves the run ${run} now: ${where}`, {
    hint:
      step === undefined
        ? 'While data are being prepared nobody serves it yet. Try again when it trains.'
        : `It has ended, or was stopped: look at it with brine eval ${run}, or go on with brine train ${runFolder(run).recipe} --resume`,
  });
}

import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { findCoordinator } from '../coordinator/find-coordinator.ts';
import { attachTeacher, type AttachOptions, type AttachReport } from '../worker/teacher/teacher.ts';

/** Options of `brine teacher`: give either `run` or `caches`. */
export interface LabelOptions extends Omit<AttachOptions, 'caches'> {
  /** Run folder of an active run: its caches, and its keys unless others are given. */
  readonly run?: string | undefined;
  /** Addresses of all cache servers. */
  readonly caches?: readonly string[] | undefined;
}

/**
 * Draws labels for the cache of a run, or for a cache at given addresses, until all are stored or the
 * cache ends. Throws BAD_ARGUMENT without a cache, and as findCoordinator and attachTeacher.
 */
export async function drawLabels({ run, caches, keys, ...options }: LabelOptions): Promise<AttachReport> {
  const found = run === undefined ? undefined : await findCoordinator(run, { labels: true });
  const addresses = caches ?? found?.caches ?? [];
  if (addresses.length === 0) {
    throw new BrineError('BAD_ARGUMENT', 'a teacher needs a run folder or the addresses of a label cache', {
      hint: 'Give one of them: the folder of an active run, or the addresses that brine status shows.',
    });
  }
  return attachTeacher({ ...options, caches: addresses, keys: keys ?? found?.keys });
}

/**
 * Folder for models fetched from caches, by the XDG base directory specification. A user without a home
 * folder uses that of temporary files.
 */
export function modelStore(environment: Readonly<Record<string, string | undefined>> = {}): string {
  return join(environment['XDG_CACHE_HOME'] || join(home(), '.cache'), 'brine', 'models');
}

function home(): string {
  try {
    return homedir() || tmpdir();
  } catch {
    return tmpdir();
  }
}

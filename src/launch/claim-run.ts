import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asBrineError, type BrineError } from '../base/errors.ts';
import { runFolder } from '../recipe/run-folder.ts';
import { lockFolder, lockUnlessTouched } from '../base/files/folder-lock.ts';
import { bestEffort } from '../base/promises.ts';

/**
 * This process's exclusive claim to lead a run in a run folder. It lasts from before the first read
 * of the folder until the last process of the run has exited.
 */
export interface RunClaim {
  /** Aborted when another process takes the folder over; the reason is the error to report. */
  readonly signal: AbortSignal;
  /** Marks the run as training: from now on, its files are kept even if it fails. */
  begun(): void;
  /** Records the error that ended the run. */
  failed(error: unknown): void;
  /**
   * Releases the folder. Removes the files of a failed start, except prepared data and logs that
   * contain the cause.
   */
  close(): Promise<void>;
}

/**
 * Locks a run folder for this process. With `waits`, waits until the lock of a dead machine
 * expires, because a scheduler may restart the run on another machine. Throws FILE_EXISTS, which
 * names the process that leads a run there, and FILE_UNWRITABLE.
 */
export async function claimRun(
  run: string,
  { waits, signal }: { waits?: ((text: string) => void) | undefined; signal?: AbortSignal | undefined } = {},
): Promise<RunClaim> {
  const folder = runFolder(run);
  const lost = new AbortController();
  const isNew = !existsSync(folder.recipe) && !existsSync(folder.checkpoints);
  const before = new Set(await readdir(run).catch(() => []));
  const options = {
    path: folder.lock,
    what: run,
    does: 'trains',
    lost: (error: BrineError) => lost.abort(error),
  };
  const lock = waits ? await lockUnlessTouched(options, { waits, signal }) : await lockFolder(options);
  let isBegun = !isNew;
  let cause: BrineError | undefined;
  return {
    signal: lost.signal,
    begun: () => {
      isBegun = true;
    },
    failed: (error) => {
      cause = asBrineError(error);
    },
    close: async () => {
      if (!isBegun && cause) await clear(run, { before, cause });
      await lock.close();
    },
  };
}

/**
 * Files that a start writes. Prepared data is not listed: it may have taken hours, and is verified
 * before it is used again.
 */
const WRITTEN = [
  'recipe.yaml',
  'coordinator.json',
  'selection.json',
  'held-out-teacher.json',
  'scores.safetensors',
  'mlflow.json',
  'metrics',
  'tensorboard',
  'checkpoints',
  'labels',
];

/** Error codes whose cause is in a log. */
const EXPLAINED_BY_LOGS = new Set(['INTERNAL', 'ROLE_FAILED', 'JOIN_TIMEOUT', 'ENGINE_FAILED', 'DEADLINE']);

async function clear(
  run: string,
  { before, cause }: { before: ReadonlySet<string>; cause: BrineError },
): Promise<void> {
  const logs = EXPLAINED_BY_LOGS.has(cause.code) ? [] : [basename(dirname(runFolder(run).log('any')))];
  const isOurs = (name: string) => [...WRITTEN, ...logs].includes(name) || /^labels\.\d+$/.test(name);
  const made = (await readdir(run).catch(() => [])).filter((name) => !before.has(name));
  for (const name of made.filter(isOurs))
    await bestEffort(rm(join(run, name), { recursive: true, force: true }));
}

import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asBrineError, type BrineError } from '../base/errors.ts';
import { runFolder } from '../recipe/run-folder.ts';
import { lockFolder, lockUnlessTouched } from '../base/files/folder-lock.ts';

/** A run folder that this process alone leads a run in, from before it looks at anything there until the last process of the run is gone. */
export interface RunClaim {
  /** Aborted when another process has taken the folder, with the error that says so. */
  readonly signal: AbortSignal;
  /** The run trains: what is in the folder stays, whatever comes. */
  begun(): void;
  /** What ended the run. */
  failed(error: unknown): void;
  /** Lets go of the folder; a start that failed leaves nothing there but prepared data. */
  close(): Promise<void>;
}

/**
 * With `waits`, a lock of another machine that died is waited out, as a scheduler needs it that starts a run on the next one. Throws FILE_EXISTS,
 * naming the process that leads a run there, and FILE_UNWRITABLE.
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

/** What a start writes. Text that was prepared is kept: it may have taken hours, and is compared before it is used again. */
const WRITTEN = [
  'recipe.yaml',
  'coordinator.json',
  'selection.json',
  'metrics',
  'tensorboard',
  'checkpoints',
  'labels',
];

/** Failures whose cause stands in a log. */
const EXPLAINED_BY_LOGS = new Set(['INTERNAL', 'ROLE_FAILED', 'JOIN_TIMEOUT', 'ENGINE_FAILED', 'DEADLINE']);

async function clear(
  run: string,
  { before, cause }: { before: ReadonlySet<string>; cause: BrineError },
): Promise<void> {
  const logs = EXPLAINED_BY_LOGS.has(cause.code) ? [] : [basename(dirname(runFolder(run).log('any')))];
  const isOurs = (name: string) => [...WRITTEN, ...logs].includes(name) || /^labels\.\d+$/.test(name);
  const made = (await readdir(run).catch(() => [])).filter((name) => !before.has(name));
  for (const name of made.filter(isOurs))
    await rm(join(run, name), { recursive: true, force: true }).catch(() => undefined);
}

import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { BrineError } from '../errors.ts';
import { unwritable } from './files.ts';
import { ownProcess } from '../process/process-identity.ts';
import { localObserver } from './local-observer.ts';
import {
  LOCK_OWNER,
  lockState,
  ownerText,
  TOUCH_EVERY_MS,
  type LockObservation,
  type LockOwner,
  type LockState,
} from './lock-state.ts';
import { bestEffort, orUndefined } from '../promises.ts';

/**
 * Lock files that name the one process that may write to a folder. A lock file appears atomically with its content,
 * as a hard link to a written file, so only one of several processes acquires it. A second lock guards the
 * replacement of a stale lock.
 */
export interface LockOptions {
  /** Path of the lock file; missing parent folders are created. */
  readonly path: string;
  /** Name of the locked thing in error messages, such as the run folder. */
  readonly what: string;
  /** What this process does with it: "trains", "prepares it". */
  readonly does: string;
  /** Called once if another process has taken over the lock because this one did not touch it in time. */
  readonly lost?: ((error: BrineError) => void) | undefined;
}

export interface FolderLock {
  /** Removes the lock, and those folders created for it that are empty. */
  close(): Promise<void>;
}

/** Acquires a lock. Throws FILE_EXISTS, naming the owner, if the lock is held, and FILE_UNWRITABLE. */
export async function lockFolder(options: LockOptions): Promise<FolderLock> {
  const path = resolve(options.path);
  const made = await makeFolder(path);
  try {
    const owner = self(options.does);
    await acquire(path, owner, options.what);
    return keep(path, { ...options, owner, made });
  } catch (error) {
    await removeEmpty(dirname(path), made);
    throw error;
  }
}

interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly waits: (text: string) => void;
}

/** As lockFolder, but waits until the lock is free. Calls `waits` once with the owner. Also throws CANCELLED. */
export async function lockWhenFree(options: LockOptions, { signal, waits }: Waiting): Promise<FolderLock> {
  for (let isReported = false; ; isReported = true) {
    try {
      return await lockFolder(options);
    } catch (error) {
      if (!(error instanceof LockHeld)) throw error;
      if (!isReported) waits(error.message);
      await untilNextLook(error, options, signal);
    }
  }
}

/**
 * As lockFolder, but if the owner is not visible from this machine, waits for it to touch the lock: throws
 * FILE_EXISTS at the next touch, and takes over if none comes in time. Calls `waits` once. Also throws CANCELLED.
 */
export async function lockUnlessTouched(
  options: LockOptions,
  { signal, waits }: Waiting,
): Promise<FolderLock> {
  for (let before = Infinity; ;) {
    try {
      return await lockFolder(options);
    } catch (error) {
      if (!(error instanceof LockHeld) || error.leftMs === undefined || error.leftMs > before) throw error;
      if (before === Infinity)
        waits(`${error.message}; waiting ${Math.ceil(error.leftMs / 1000)} s for a sign of life`);
      before = error.leftMs;
      await untilNextLook(error, options, signal);
    }
  }
}

const POLL_MS = 200;

async function untilNextLook(held: LockHeld, { what }: LockOptions, signal?: AbortSignal): Promise<void> {
  await setTimeout(POLL_MS, undefined, { signal }).catch(() => {
    throw new BrineError('CANCELLED', `the wait for ${what} was stopped`, { hint: held.message });
  });
}

/** The owner of the lock at a path; undefined if the lock is free or stale. */
export async function lockHolder(path: string): Promise<LockOwner | undefined> {
  const observation = await observe(path);
  if (!observation || lockState(observation, localObserver()).kind === 'stale') return undefined;
  return observation.owner;
}

/** FILE_EXISTS for a lock that another process owns. */
export class LockHeld extends BrineError {
  readonly owner: LockOwner | undefined;
  /** Milliseconds without a touch until an owner on another machine counts as gone; undefined for a live owner. */
  readonly leftMs: number | undefined;

  constructor({ what, path, observation, state }: Refusal) {
    const { owner } = observation;
    super('FILE_EXISTS', `${what} is in use by ${ownerText(owner)}`, { hint: hintOf(path, state) });
    this.owner = owner;
    this.leftMs = state.kind === 'unknown' ? state.leftMs : undefined;
  }
}

interface Refusal {
  readonly what: string;
  readonly path: string;
  readonly observation: LockObservation;
  readonly state: LockState;
}

function hintOf(path: string, state: LockState): string {
  if (state.kind !== 'unknown') return 'Wait until it ends, or end it (SIGTERM). Nothing was changed.';
  const seconds = Math.ceil(state.leftMs / 1000);
  return `This machine cannot see whether it still runs. If it does not touch the lock for ${seconds} s more, the same command takes over. If you know that it has ended, remove ${path}.`;
}

async function acquire(path: string, owner: LockOwner, what: string): Promise<void> {
  const ready = `${path}.${owner.id}`;
  try {
    await writeFile(ready, `${JSON.stringify(owner)}\n`);
    for (;;) {
      if (await claim(ready, path)) return;
      const observation = await observe(path, ready);
      if (!observation) continue; // released in between
      const state = lockState(observation, localObserver());
      if (state.kind !== 'stale') throw new LockHeld({ what, path, observation, state });
      if (await replace({ path, ready, stale: observation.owner?.id, owner, what })) return;
    }
  } catch (cause) {
    if (cause instanceof BrineError) throw cause;
    throw unwritable(path, cause);
  } finally {
    await bestEffort(rm(ready, { force: true }));
  }
}

/** Creates the lock file; false if it exists already. */
async function claim(ready: string, path: string): Promise<boolean> {
  try {
    await link(ready, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!NO_LINKS.has(codeOf(error))) throw error;
  }
  try {
    await writeFile(path, await readFile(ready), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Error codes of file systems without hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

interface Replacement {
  readonly path: string;
  readonly ready: string;
  /** Id of the stale lock. */
  readonly stale: string | undefined;
  readonly owner: LockOwner;
  readonly what: string;
}

/** Replaces a stale lock under a guard lock, since two processes may find it stale. False if another was faster. */
async function replace({ path, ready, stale, owner, what }: Replacement): Promise<boolean> {
  const guard = `${path}.failover`;
  await acquire(guard, { ...owner, id: randomUUID() }, what);
  try {
    const now = await observe(path);
    if (!now || now.owner?.id !== stale) return false;
    await rename(ready, path);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

function keep(
  path: string,
  { owner, made, what, lost }: LockOptions & { owner: LockOwner; made: string | undefined },
): FolderLock {
  const touch = async () => {
    const now = await observe(path);
    if (now?.owner?.id === owner.id) return write(path, owner);
    if (!now) return writeFile(path, `${JSON.stringify(owner)}\n`, { flag: 'wx' }); // the folder was cleared
    clearInterval(timer);
    lost?.(new LockHeld({ what, path, observation: now, state: { kind: 'held' } }));
  };
  let touching: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    touching = orUndefined(touch()); // a disk that is full for a while must not end the run
  }, TOUCH_EVERY_MS);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await touching;
      const now = await observe(path);
      if (now?.owner?.id === owner.id) await rm(path, { force: true });
      await removeEmpty(dirname(path), made);
    },
  };
}

/** Rewrites the lock in place, so that the file system's clock sets its modification time. */
async function write(path: string, owner: LockOwner): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(`${JSON.stringify(owner)}\n`, 0);
  } finally {
    await file.close();
  }
}

/** Reads a lock; undefined if there is none. `clock` is a file that was written just now. */
async function observe(path: string, clock?: string): Promise<LockObservation | undefined> {
  try {
    const file = await open(path, 'r'); // open makes NFS revalidate the modification time
    try {
      const { mtimeMs } = await file.stat();
      const text = await file.readFile('utf8');
      const now = clock === undefined ? Date.now() : (await stat(clock)).mtimeMs;
      return { owner: ownerOf(text), silentMs: now - mtimeMs };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function ownerOf(text: string): LockOwner | undefined {
  try {
    return LOCK_OWNER.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function self(does: string): LockOwner {
  const { host, namespace } = localObserver();
  const since = new Date().toISOString();
  return { format: 'brine-lock-1', id: randomUUID(), ...ownProcess(), host, namespace, since, does };
}

/** Creates the lock's folder and returns the topmost folder that was created. Throws FILE_UNWRITABLE. */
async function makeFolder(path: string): Promise<string | undefined> {
  try {
    return await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Removes a folder and its parents up to `first`, stopping at one that is not empty. */
async function removeEmpty(folder: string, first: string | undefined): Promise<void> {
  if (first === undefined) return;
  try {
    for (let at = folder; at.startsWith(first); at = dirname(at)) await rmdir(at);
  } catch {
    // It contains something.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

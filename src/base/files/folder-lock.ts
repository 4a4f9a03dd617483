import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { BrineError } from '../errors.ts';
import { unwritable } from './files.ts';
import { ownProcess, processBegan } from '../process/process-identity.ts';
import {
  bootOf,
  LOCK_OWNER,
  lockFate,
  ownerText,
  TOUCH_EVERY_MS,
  type LockFate,
  type LockOwner,
  type LockSighting,
  type Onlooker,
} from './lock-fate.ts';

/**
 * A file that names the one process that may write to a folder. It comes into being with its content (a hard link to a file that is written),
 * so that of several processes one gets it. A lock whose owner is gone is replaced under a lock of its own.
 */
export interface LockOptions {
  /** Of the lock file; missing folders above it are made. */
  readonly path: string;
  /** What is locked, for errors, such as the run folder. */
  readonly what: string;
  /** What this process does with it: "trains", "prepares it". */
  readonly does: string;
  /** Called once when another process has taken the lock, because this one was silent for too long. */
  readonly lost?: ((error: BrineError) => void) | undefined;
}

export interface FolderLock {
  /** Removes the lock, and the folders that were made for it as far as they are empty. */
  close(): Promise<void>;
}

/** Throws FILE_EXISTS, naming who holds the lock, and FILE_UNWRITABLE. */
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

/** As lockFolder, but waits for the owner's end. `waits` is called once, with who holds it. Throws CANCELLED as well. */
export async function lockWhenFree(
  options: LockOptions,
  { signal, waits }: { signal?: AbortSignal | undefined; waits: (text: string) => void },
): Promise<FolderLock> {
  for (let said = false; ; said = true) {
    try {
      return await lockFolder(options);
    } catch (error) {
      if (!(error instanceof LockHeld)) throw error;
      if (!said) waits(error.message);
      await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => {
        throw new BrineError('CANCELLED', `the wait for ${options.what} was stopped`, {
          hint: error.message,
        });
      });
    }
  }
}

/**
 * As lockFolder, but where the owner cannot be seen from here it waits for its next sign: throws FILE_EXISTS as soon as there is one, and takes over
 * when none comes. `waits` is called once.
 */
export async function lockUnlessTouched(
  options: LockOptions,
  { signal, waits }: { signal?: AbortSignal | undefined; waits: (text: string) => void },
): Promise<FolderLock> {
  for (let before = Infinity; ;) {
    try {
      return await lockFolder(options);
    } catch (error) {
      if (!(error instanceof LockHeld) || error.leftMs === undefined || error.leftMs > before) throw error;
      if (before === Infinity)
        waits(`${error.message}; ${Math.ceil(error.leftMs / 1000)} s are waited for a sign of it`);
      before = error.leftMs;
      await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => {
        throw new BrineError('CANCELLED', `the wait for ${options.what} was stopped`, {
          hint: error.message,
        });
      });
    }
  }
}

const LOOK_EVERY_MS = 200;

/** Who holds a lock at a path; undefined when nobody does. */
export async function lockHolder(path: string): Promise<LockOwner | undefined> {
  const sighting = await sight(path);
  if (!sighting || lockFate(sighting, onlooker()).kind === 'gone') return undefined;
  return sighting.owner;
}

/** The process of a lock, and why it cannot be had. */
export class LockHeld extends BrineError {
  readonly owner: LockOwner | undefined;
  /** The silence after which an owner that cannot be seen counts as gone; undefined of one that lives. */
  readonly leftMs: number | undefined;

  constructor({ what, path, sighting, fate }: Refusal) {
    const { owner } = sighting;
    super('FILE_EXISTS', `${what} is in use by ${ownerText(owner)}`, { hint: hintOf(path, fate) });
    this.owner = owner;
    this.leftMs = fate.kind === 'unseen' ? fate.leftMs : undefined;
  }
}

interface Refusal {
  readonly what: string;
  readonly path: string;
  readonly sighting: LockSighting;
  readonly fate: LockFate;
}

function hintOf(path: string, fate: LockFate): string {
  if (fate.kind !== 'unseen') return 'Wait for its end, or end it (SIGTERM). Nothing was changed.';
  const seconds = Math.ceil(fate.leftMs / 1000);
  return `Whether it still runs cannot be seen from here. If it gives no sign for ${seconds} s more, the same command takes over; if you know that it has gone, remove ${path}.`;
}

async function acquire(path: string, owner: LockOwner, what: string): Promise<void> {
  const ready = `${path}.${owner.id}`;
  try {
    await writeFile(ready, `${JSON.stringify(owner)}\n`);
    for (;;) {
      if (await claim(ready, path)) return;
      const sighting = await sight(path, ready);
      if (!sighting) continue; // released in between
      const fate = lockFate(sighting, onlooker());
      if (fate.kind !== 'gone') throw new LockHeld({ what, path, sighting, fate });
      if (await replace({ path, ready, stale: sighting.owner?.id, owner, what })) return;
    }
  } catch (cause) {
    if (cause instanceof BrineError) throw cause;
    throw unwritable(path, cause);
  } finally {
    await rm(ready, { force: true }).catch(() => undefined);
  }
}

/** False when there is a lock already. */
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

/** Of file systems without hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

interface Replacement {
  readonly path: string;
  readonly ready: string;
  /** The id of the lock whose owner is gone. */
  readonly stale: string | undefined;
  readonly owner: LockOwner;
  readonly what: string;
}

/** Under a lock of its own, since two processes may find the same owner gone. False when another was faster. */
async function replace({ path, ready, stale, owner, what }: Replacement): Promise<boolean> {
  const guard = `${path}.failover`;
  await acquire(guard, { ...owner, id: randomUUID() }, what);
  try {
    const now = await sight(path);
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
    const now = await sight(path);
    if (now?.owner?.id === owner.id) return write(path, owner);
    if (!now) return writeFile(path, `${JSON.stringify(owner)}\n`, { flag: 'wx' }); // somebody cleared the folder
    clearInterval(timer);
    lost?.(new LockHeld({ what, path, sighting: now, fate: { kind: 'held' } }));
  };
  let touching: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    touching = touch().catch(() => undefined); // a disk that is full for a while is no reason to end
  }, TOUCH_EVERY_MS);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await touching;
      const now = await sight(path);
      if (now?.owner?.id === owner.id) await rm(path, { force: true });
      await removeEmpty(dirname(path), made);
    },
  };
}

/** In place: the file system's clock marks it. */
async function write(path: string, owner: LockOwner): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(`${JSON.stringify(owner)}\n`, 0);
  } finally {
    await file.close();
  }
}

/** Undefined when there is no lock. `clock` is a file that was written just now. */
async function sight(path: string, clock?: string): Promise<LockSighting | undefined> {
  try {
    const file = await open(path, 'r'); // opening makes NFS look for the newest times
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
  const { host, namespace } = onlooker();
  const since = new Date().toISOString();
  return { format: 'brine-lock-1', id: randomUUID(), ...ownProcess(), host, namespace, since, does };
}

function onlooker(): Onlooker {
  const boot = bootOf(ownProcess().began);
  return { host: hostname(), namespace: namespaceOf(), boot, processBegan };
}

function namespaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** The first folder that had to be made for the lock. Throws FILE_UNWRITABLE. */
async function makeFolder(path: string): Promise<string | undefined> {
  try {
    return await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Removes a folder and those above it, up to `first`, as far as they are empty. */
async function removeEmpty(folder: string, first: string | undefined): Promise<void> {
  if (first === undefined) return;
  for (let at = folder; at.startsWith(first); at = dirname(at)) {
    const removed = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

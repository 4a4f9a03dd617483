import { z, type Z } from '../zod.ts';

/** Content of a lock file: the process that owns a folder. */
export const LOCK_OWNER = z.object({
  format: z.literal('brine-lock-1'),
  /** Unique id of this lock. */
  id: z.string(),
  pid: z.int(),
  /** Start of the process as `processBegan` returns it; begins with the machine's boot id. */
  began: z.string(),
  host: z.string(),
  /** PID namespace; processes of another one (a container) on the same host are not visible. */
  namespace: z.string(),
  /** ISO 8601. */
  since: z.string(),
  /** What the process does with the folder, such as "trains". */
  does: z.string(),
});

export type LockOwner = Readonly<Z.infer<typeof LOCK_OWNER>>;

/** The machine and namespace that examine a lock. */
export interface LockObserver {
  readonly host: string;
  readonly namespace: string;
  /** Id of the current boot, as in `began`. */
  readonly boot: string;
  /** Start of a local process; "" if there is no process with that id. */
  readonly processBegan: (pid: number) => string;
}

export interface LockObservation {
  /** Undefined if the file cannot be parsed as a lock. */
  readonly owner: LockOwner | undefined;
  /** Milliseconds since the owner last touched the file, by the file system's clock. */
  readonly silentMs: number;
}

export type LockState =
  | { readonly kind: 'held' }
  /** The owner is not visible from here, and counts as gone if it does not touch the lock for another `leftMs`. */
  | { readonly kind: 'unknown'; readonly leftMs: number }
  | { readonly kind: 'stale' };

/** Interval at which an owner touches its lock. */
export const TOUCH_EVERY_MS = 10_000;
/** Time without a touch after which an invisible owner counts as gone: nine missed touches. */
export const SILENCE_MS = 90_000;

/**
 * Decides whether a lock still has an owner. A process of the same machine and namespace is identified by process
 * id and start, which detects reused process ids and reboots. For other machines and containers only the time of
 * the last touch decides. It also decides if the boot id differs, since another machine may have the same host name.
 */
export function lockState({ owner, silentMs }: LockObservation, here: LockObserver): LockState {
  if (owner && owner.began !== '' && owner.host === here.host && owner.namespace === here.namespace) {
    const began = here.processBegan(owner.pid);
    if (began === owner.began) return { kind: 'held' };
    if (bootOf(owner.began) === here.boot) return { kind: 'stale' };
  }
  return silentMs >= SILENCE_MS ? { kind: 'stale' } : { kind: 'unknown', leftMs: SILENCE_MS - silentMs };
}

/** The boot id in a value of `processBegan`. */
export function bootOf(began: string): string {
  return began.split(':')[0] ?? '';
}

/** Describes an owner: "process 4711 on node-3, which trains since 2026-01-02T03:04:05Z". */
export function ownerText(owner: LockOwner | undefined): string {
  if (!owner) return 'an unidentified process (its lock file is unreadable)';
  const since = owner.since.replace(/\.\d+Z$/, 'Z');
  return `process ${owner.pid} on ${owner.host}, which ${owner.does} since ${since}`;
}

import { z } from '../schema.ts';

/** Who holds a folder, as its lock file says. */
export const LOCK_OWNER = z.object({
  format: z.literal('brine-lock-1'),
  /** Names this lock: no other has the same. */
  id: z.string(),
  pid: z.int(),
  /** When that process began, as `processBegan` says; begins with the machine's boot. */
  began: z.string(),
  host: z.string(),
  /** Processes of another namespace (a container) on the same host cannot be seen. */
  namespace: z.string(),
  /** ISO 8601. */
  since: z.string(),
  /** What the process does with the folder, such as "trains". */
  does: z.string(),
});

export type LockOwner = Readonly<z.infer<typeof LOCK_OWNER>>;

/** The machine that looks at a lock. */
export interface Onlooker {
  readonly host: string;
  readonly namespace: string;
  /** Names the time since the machine was booted, as in `began`. */
  readonly boot: string;
  /** When a process of this machine began; "" when there is none of that number. */
  readonly processBegan: (pid: number) => string;
}

export interface LockSighting {
  /** Undefined when the file cannot be read as a lock. */
  readonly owner: LockOwner | undefined;
  /** How long ago its owner last touched the file, in milliseconds, both times by the file system's clock. */
  readonly silentMs: number;
}

export type LockFate =
  | { readonly kind: 'held' }
  /** Its owner cannot be seen from here: it counts as gone after so much more silence, in milliseconds. */
  | { readonly kind: 'unseen'; readonly leftMs: number }
  | { readonly kind: 'gone' };

/** An owner touches its lock this often. */
export const TOUCH_EVERY_MS = 10_000;
/** The silence after which an owner that cannot be seen counts as gone: nine touches were missed. */
export const SILENCE_MS = 90_000;

/**
 * Whether a lock still has an owner: pure. On its own machine a process is found by number and start, so that a number that was given to
 * another process since, and a reboot, are noticed. One of another machine or container is known by its touches alone. A host of this name
 * that was booted again may be another machine of the same name: its silence decides too.
 */
export function lockFate({ owner, silentMs }: LockSighting, here: Onlooker): LockFate {
  if (owner && owner.began !== '' && owner.host === here.host && owner.namespace === here.namespace) {
    const began = here.processBegan(owner.pid);
    if (began === owner.began) return { kind: 'held' };
    if (bootOf(owner.began) === here.boot) return { kind: 'gone' };
  }
  return silentMs >= SILENCE_MS ? { kind: 'gone' } : { kind: 'unseen', leftMs: SILENCE_MS - silentMs };
}

/** The boot in what `processBegan` says. */
export function bootOf(began: string): string {
  return began.split(':')[0] ?? '';
}

/** For people: "process 4711 on node-3, which trains since 2026-01-02T03:04:05Z". */
export function ownerText(owner: LockOwner | undefined): string {
  if (!owner) return 'a process that has not said who it is';
  const since = owner.since.replace(/\.\d+Z$/, 'Z');
  return `process ${owner.pid} on ${owner.host}, which ${owner.does} since ${since}`;
}

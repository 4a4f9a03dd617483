/**
 * Checks that only this process's user can read a secret file. A secret mounted by an orchestrator may also be
 * readable by a group of the process: Kubernetes assigns the files of a Secret to root and the pod's fsGroup, and
 * widens the mode 0400 to 0440.
 */

/** Mode and owner of a file, as returned by stat. */
export interface Ownership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface Identity {
  /** Effective user. */
  readonly uid: number;
  /** Effective and supplementary groups. */
  readonly groups: readonly number[];
}

const ROOT = 0;
const GROUP_READS = 0o040;
const GROUP_CHANGES = 0o030;
const OTHERS = 0o007;
const ANY_WRITES = 0o222;

/** Describes which other users can read or change a secret, with its mode; undefined if the secret is protected. */
export function exposedTo({ mode, uid, gid }: Ownership, process: Identity): string | undefined {
  const octal = (mode & 0o777).toString(8).padStart(3, '0');
  if ((mode & OTHERS) !== 0) return `everybody on this machine (mode ${octal})`;
  if ((mode & (GROUP_READS | GROUP_CHANGES)) === 0) return undefined;
  const forGroup = uid === ROOT && process.groups.includes(gid) && (mode & GROUP_CHANGES) === 0;
  // For root with group root, read-only files look like a mount; writable ones were left exposed by a user.
  const mounted = forGroup && (process.uid !== ROOT || gid !== ROOT || (mode & ANY_WRITES) === 0);
  return mounted ? undefined : `its group ${gid} (mode ${octal}, owner ${uid})`;
}

/** User and groups of this process; root on systems without users. */
export function thisProcess(): Identity {
  const groups = [...(process.getgroups?.() ?? []), ...(process.getegid ? [process.getegid()] : [])];
  return { uid: process.geteuid?.() ?? ROOT, groups };
}

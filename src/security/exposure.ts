/**
 * Who can read a secret beside the process that it is for. Its owner alone may, by the mode; or, for a secret that an orchestrator
 * mounts for a user other than root, a group that the process is in: Kubernetes gives files of a Secret to root and to the pod's
 * fsGroup, and widens the mode 0400 to 0440 for that group to read them.
 */

/** Of a file, as stat gives it. */
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

/** The words for those who may read or change a secret that is not theirs, with its mode; undefined when it is kept as it should be. */
export function exposedTo({ mode, uid, gid }: Ownership, process: Identity): string | undefined {
  const octal = (mode & 0o777).toString(8).padStart(3, '0');
  if ((mode & OTHERS) !== 0) return `everybody on this machine (mode ${octal})`;
  if ((mode & (GROUP_READS | GROUP_CHANGES)) === 0) return undefined;
  const forGroup = uid === ROOT && process.groups.includes(gid) && (mode & GROUP_CHANGES) === 0;
  // Root's own files among root's own group: those that nobody may write are as a mount shows them; others a person has left so.
  const mounted = forGroup && (process.uid !== ROOT || gid !== ROOT || (mode & ANY_WRITES) === 0);
  return mounted ? undefined : `others: its group ${gid} (mode ${octal}, owner ${uid})`;
}

/** Of this process; systems without users have one. */
export function thisProcess(): Identity {
  const groups = [...(process.getgroups?.() ?? []), ...(process.getegid ? [process.getegid()] : [])];
  return { uid: process.geteuid?.() ?? ROOT, groups };
}

/** Doctor's checks of the environment: the folder for temporary files, and the limit of open files. */
import { readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asBrineError } from '../base/errors.ts';
import { bytesText } from '../base/quantities.ts';
import { temporaryFault, temporaryFolder } from '../base/files/temporary-folder.ts';

/** Result of one check of this machine. Checks try the real thing instead of comparing versions. */
export interface Finding {
  readonly name: string;
  /** `absent`: something optional is missing, which is not a fault. */
  readonly state: 'good' | 'absent' | 'broken';
  readonly detail: string;
  /** How to fix a broken or absent part. */
  readonly hint: string;
}

/** Bytes of the text sample that a tokenizer is trained on. */
const MIN_TEMPORARY = 1e8;
/** A run of two ranks opens up to 160 files in one process. */
const MIN_DESCRIPTORS = 512;

/** Writes a file to TMPDIR and checks the free space there. */
export async function temporaryFiles(): Promise<Finding> {
  try {
    const folder = await temporaryFolder('brine-doctor-');
    try {
      await writeFile(join(folder, 'file'), Buffer.alloc(1 << 20)).catch((cause: unknown) => {
        throw temporaryFault(cause);
      });
      const { bavail, bsize } = await statfs(folder);
      return roomIn(tmpdir(), bavail * bsize);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    const { message, hint } = asBrineError(error);
    return { name: 'TMPDIR', state: 'broken', detail: message, hint };
  }
}

/** Checks whether the free bytes suffice. Pure. */
export function roomIn(folder: string, free: number): Finding {
  const isEnough = free >= MIN_TEMPORARY;
  return {
    name: 'TMPDIR',
    state: isEnough ? 'good' : 'broken',
    detail: `${folder}, ${bytesText(free)} free`,
    hint: isEnough ? '' : `Free 0.1 GB at TMPDIR=${folder}, or set TMPDIR to a folder with more space.`,
  };
}

/** Checks the limit of open files of this process. */
export async function descriptors(): Promise<Finding> {
  return openFiles(await readFile('/proc/self/limits', 'utf8').catch(() => ''));
}

/**
 * Checks the limit of open files in the text of /proc/PID/limits. Pure. Node raises its soft limit
 * to the hard limit.
 */
export function openFiles(limits: string): Finding {
  const [, most] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  const count = most === 'unlimited' ? Infinity : Number(most);
  if (most === undefined || Number.isNaN(count))
    return { name: 'descriptors', state: 'absent', detail: 'the limit of open files is unknown', hint: '' };
  const isEnough = count >= MIN_DESCRIPTORS;
  return {
    name: 'descriptors',
    state: isEnough ? 'good' : 'broken',
    detail: `limit of ${most} open files`,
    hint: isEnough ? '' : `Allow at least ${MIN_DESCRIPTORS} open files: ulimit -n 4096.`,
  };
}

/** What doctor finds of the process's environment: the folder for temporary files, and how many files may be open. */
import { readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asBrineError } from '../base/errors.ts';
import { bytesText } from '../base/quantities.ts';
import { temporaryFault, temporaryFolder } from '../base/files/temporary-folder.ts';
import type { Finding } from './doctor.ts';

/** Bytes: the sample of text that a vocabulary is trained on. */
const LEAST_TEMPORARY = 1e8;
/** A run of two ranks opens up to 160 files in one process. */
const LEAST_DESCRIPTORS = 512;

/** Tries TMPDIR with a file. */
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

/** Pure: whether so many free bytes are enough. */
export function roomIn(folder: string, free: number): Finding {
  const isEnough = free >= LEAST_TEMPORARY;
  return {
    name: 'TMPDIR',
    state: isEnough ? 'good' : 'broken',
    detail: `${folder}, ${bytesText(free)} free`,
    hint: isEnough ? '' : `Free 0.1 GB at TMPDIR=${folder}, or set TMPDIR to a folder with room.`,
  };
}

export async function descriptors(): Promise<Finding> {
  return openFiles(await readFile('/proc/self/limits', 'utf8').catch(() => ''));
}

/** Pure: what /proc/PID/limits says of open files. Node raises its soft limit to the hard one. */
export function openFiles(limits: string): Finding {
  const [, most] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  const count = most === 'unlimited' ? Infinity : Number(most);
  if (most === undefined || Number.isNaN(count))
    return { name: 'descriptors', state: 'absent', detail: 'the limit is not known', hint: '' };
  const isEnough = count >= LEAST_DESCRIPTORS;
  return {
    name: 'descriptors',
    state: isEnough ? 'good' : 'broken',
    detail: `${most} files may be open in a process`,
    hint: isEnough ? '' : `Allow ${LEAST_DESCRIPTORS} open files at least: ulimit -n 4096.`,
  };
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrineError, messageOf } from '../errors.ts';
import { roomAt } from './files.ts';

/** Creates a new folder in TMPDIR; the caller removes it. Throws ENVIRONMENT_BROKEN with the value of TMPDIR. */
export async function temporaryFolder(prefix: string): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), prefix));
  } catch (cause) {
    throw temporaryFault(cause);
  }
}

/** Wraps the error of a temporary file, from the file system or a library, as ENVIRONMENT_BROKEN. */
export function temporaryFault(cause: unknown): BrineError {
  const why = messageOf(cause);
  const room = /ENOSPC|EDQUOT|no space left|quota/i.test(why) ? roomAt(join(tmpdir(), 'file')) : '';
  return new BrineError(
    'ENVIRONMENT_BROKEN',
    `temporary files cannot be written to TMPDIR=${tmpdir()}: ${why}${room}`,
    { hint: 'Set TMPDIR to an existing, writable folder with free space, such as TMPDIR=/tmp.', cause },
  );
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrineError, messageOf } from '../errors.ts';
import { roomAt } from './files.ts';

/** Makes a folder of its own for temporary files, where TMPDIR says. Throws ENVIRONMENT_BROKEN, naming TMPDIR. The caller removes it. */
export async function temporaryFolder(prefix: string): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), prefix));
  } catch (cause) {
    throw temporaryFault(cause);
  }
}

/** ENVIRONMENT_BROKEN for what the file system, or a library, says of a temporary file. */
export function temporaryFault(cause: unknown): BrineError {
  const why = messageOf(cause);
  const room = /ENOSPC|EDQUOT|no space left|quota/i.test(why) ? roomAt(join(tmpdir(), 'file')) : '';
  return new BrineError(
    'ENVIRONMENT_BROKEN',
    `temporary files cannot be written to TMPDIR=${tmpdir()}: ${why}${room}`,
    { hint: 'Set TMPDIR to a folder that exists, may be written, and has room, such as TMPDIR=/tmp.', cause },
  );
}

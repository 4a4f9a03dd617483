import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { HEADER_BYTES } from './token-shard.ts';

/** SHA-256 of all that follows the header of a shard, streamed. */
export async function hashRows(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { start: HEADER_BYTES })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

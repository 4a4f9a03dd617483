import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { HEADER_BYTES } from './token-shard.ts';

/** SHA-256 of the content of a shard after its header, streamed. */
export async function hashRows(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { start: HEADER_BYTES })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

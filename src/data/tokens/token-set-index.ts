import { sha256 } from '../../base/checksum.ts';
import { z } from '../../base/schema.ts';

/** The name of the index of a token set's folder. */
export const INDEX_NAME = 'tokens.json';

const count = (): z.ZodNumber => z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** More than any tokenizer has ids, or any model positions: what is sized by a row or a vocabulary is sized before it is read. */
const MOST_EXTENT = 2 ** 24;
const hash = (): z.ZodString => z.string().regex(/^[0-9a-f]{64}$/);

export const TOKEN_SET_INDEX = z.strictObject({
  version: z.literal(1),
  identity: hash(),
  tokenizer: hash(),
  vocabularySize: count().min(1).max(MOST_EXTENT),
  rows: count(),
  rowLength: count().min(2).max(MOST_EXTENT),
  idBytes: z.union([z.literal(2), z.literal(4)]),
  rowsPerShard: count().min(1),
  shards: z.array(
    z.strictObject({ file: z.string().regex(/^[\w-]+\.bin$/), rows: count().min(1), content: hash() }),
  ),
});

export type TokenSetIndex = z.infer<typeof TOKEN_SET_INDEX>;

/** The identity of a token set: what its rows are and what tokenizer made them, wherever the folder lies. */
export function tokenSetIdentity(index: Omit<TokenSetIndex, 'identity'>): string {
  const { tokenizer, vocabularySize, rows, rowLength, idBytes, shards } = index;
  const contents = shards.map(({ rows: inShard, content }) => `${inShard} ${content}`);
  return sha256(
    ['brine tokens 1', tokenizer, vocabularySize, rows, rowLength, idBytes, ...contents].join('\n'),
  );
}

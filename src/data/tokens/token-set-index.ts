import { sha256 } from '../../base/checksum.ts';
import { z, type Z } from '../../base/zod.ts';

/** File name of a token set's index. */
export const INDEX_NAME = 'tokens.json';

const count = (): Z.ZodNumber => z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** Above any real vocabulary or row length. Allocations depend on these sizes before rows are read. */
const MAX_EXTENT = 2 ** 24;
const hash = (): Z.ZodString => z.string().regex(/^[0-9a-f]{64}$/);

export const TOKEN_SET_INDEX = z.strictObject({
  version: z.literal(1),
  identity: hash(),
  tokenizer: hash(),
  vocabularySize: count().min(1).max(MAX_EXTENT),
  rows: count(),
  rowLength: count().min(2).max(MAX_EXTENT),
  idBytes: z.union([z.literal(2), z.literal(4)]),
  rowsPerShard: count().min(1),
  shards: z.array(
    z.strictObject({ file: z.string().regex(/^[\w-]+\.bin$/), rows: count().min(1), content: hash() }),
  ),
});

export type TokenSetIndex = Z.infer<typeof TOKEN_SET_INDEX>;

/** Identity of a token set: a hash of its rows and its tokenizer, independent of the path. */
export function tokenSetIdentity(index: Omit<TokenSetIndex, 'identity'>): string {
  const { tokenizer, vocabularySize, rows, rowLength, idBytes, shards } = index;
  const contents = shards.map(({ rows: inShard, content }) => `${inShard} ${content}`);
  return sha256(
    ['brine tokens 1', tokenizer, vocabularySize, rows, rowLength, idBytes, ...contents].join('\n'),
  );
}

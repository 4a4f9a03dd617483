import { bytesText } from '../base/quantities.ts';
import { scoped } from '../base/scope.ts';
import { BrineError } from '../base/errors.ts';
import { openRecord } from '../labels/record/header.ts';
import { identityHash, ruleText } from '../labels/identity.ts';
import {
  openCaches,
  existingPartitions,
  recordsOf,
  rowsIn,
  type CacheWatch,
  type OpenCache,
} from './open.ts';

/** Totals of label caches of one identity. */
export interface CacheStats {
  readonly identity: string;
  readonly tokenizer: string;
  readonly data: string;
  readonly teacher: string;
  readonly rule: string;
  /** Totals over all folders. */
  readonly rows: number;
  readonly bytes: number;
  readonly positions: number;
  readonly bytesPerToken: number;
  /** Records that cannot be parsed; the other figures exclude them. */
  readonly damaged: number;
  readonly folders: readonly FolderStats[];
}

export interface FolderStats {
  readonly folder: string;
  readonly rows: number;
  readonly bytes: number;
  readonly positions: number;
  readonly damaged: number;
  /** Existing partitions of this cache: 0 is the folder itself, i is FOLDER.i beside it. */
  readonly parts: readonly number[];
}

/**
 * Computes the totals of label caches. Throws FILE_MISSING, FILE_DAMAGED, CANCELLED, and the
 * mismatches of describeMismatch.
 */
export function cacheStats({
  folders,
  ...watch
}: CacheWatch & { readonly folders: readonly string[] }): Promise<CacheStats> {
  return scoped(async (scope) => {
    const { identity, caches } = await openCaches(folders, scope);
    const total = rowsIn(caches);
    let seen = 0;
    const count = () => {
      seen += 1;
      if (seen % 1024 === 0) watch.observe?.(`stats     ${seen} of ${total} rows`);
    };
    const counted: FolderStats[] = [];
    for (const cache of caches) counted.push(await statsOf(cache, count, watch));
    const sum = (of: (stats: FolderStats) => number) => counted.reduce((all, stats) => all + of(stats), 0);
    const [bytes, positions] = [sum((stats) => stats.bytes), sum((stats) => stats.positions)];
    const { tokenizer, data, teacher, rule } = identity;
    return {
      identity: identityHash(identity),
      tokenizer,
      data,
      teacher,
      rule: ruleText(rule),
      rows: sum((stats) => stats.rows),
      bytes,
      positions,
      bytesPerToken: positions > 0 ? bytes / positions : 0,
      damaged: sum((stats) => stats.damaged),
      folders: counted,
    };
  });
}

async function statsOf(
  { folder, store }: OpenCache,
  count: () => void,
  watch: CacheWatch,
): Promise<FolderStats> {
  const stats = { rows: 0, bytes: 0, positions: 0, damaged: 0 };
  for await (const { record } of recordsOf(store, watch)) {
    count();
    try {
      stats.positions += openRecord(record).header.positions;
      stats.bytes += record.length;
      stats.rows += 1;
    } catch (error) {
      if (!(error instanceof BrineError)) throw error;
      stats.damaged += 1;
    }
  }
  return { folder, ...stats, parts: await existingPartitions(folder) };
}

/** Formats the totals as text. */
export function statsText(stats: CacheStats): string {
  const { rows, positions, bytes, bytesPerToken, damaged, folders } = stats;
  const size = `${rows} of ${positions} positions, ${bytesText(bytes)}, ${bytesPerToken.toFixed(1)} bytes a token`;
  return [
    `labels     ${stats.identity}`,
    `tokenizer  ${stats.tokenizer}`,
    `data       ${stats.data}`,
    `teacher    ${stats.teacher}`,
    `rule       ${stats.rule}`,
    `rows       ${size}`,
    ...(damaged > 0 ? [`damaged    ${damaged} records; run brine cache verify`] : []),
    ...folders
      .filter(({ parts }) => parts.length > 1)
      .map(
        ({ folder, parts }) => `partitions ${parts.join(' ')} of ${folder}; counted here: ${folders.length}`,
      ),
  ].join('\n');
}

import { BrineError } from '../base/errors.ts';
import { scoped, type Scope } from '../base/scope.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import { openRecord, tokenHash } from '../labels/record/header.ts';
import { identityHash, refuseMismatch, type LabelIdentity } from '../labels/identity.ts';
import { checkPlausible } from '../labels/record/plausible.ts';
import { checkRecord, decodeContext, decodeRecord } from '../labels/record/record.ts';
import {
  differingRecords,
  openCaches,
  recordsOf,
  rowsIn,
  sameBytes,
  throwIfCancelled,
  type CacheWatch,
  type OpenCache,
  type StoredRecord,
} from './open.ts';
import { VerifyFaults, Sample, type VerifyFault } from './faults.ts';
import { redrawRows } from './redraw.ts';
import { openData } from '../inputs/prepared-data.ts';

export interface VerifyOptions extends CacheWatch {
  readonly folders: readonly string[];
  /** A prepared folder. Every record is compared with the token ids of its row. */
  readonly data?: string | undefined;
  /** The checkpoint that drew the labels. A sample of rows is drawn again. Requires `data`. */
  readonly teacher?: string | undefined;
  /** Number of rows to draw again. Default 64. */
  readonly sample?: number | undefined;
  /** Seed of the sample. Default 1. */
  readonly seed?: number | undefined;
  /** Threads of the teacher. Default 2. */
  readonly threads?: number | undefined;
  /** Deletes records that are damaged or misaligned, so that a teacher draws them again. */
  readonly repair?: boolean | undefined;
}

export interface VerifyReport {
  /** Records read, including faulty ones. */
  readonly rows: number;
  /** Positions of the intact records. */
  readonly positions: number;
  /** Rows drawn again by the teacher. */
  readonly redrawn: number;
  readonly faults: number;
  readonly first: readonly VerifyFault[];
  /** Deleted faulty records. */
  readonly repaired: number;
}

/**
 * Verifies every record: checksums, row, identity and all columns. Counts faults and continues.
 * Fault codes: LABEL_DAMAGED, LABEL_MISALIGNED (drawn for other token ids), LABEL_CONFLICT
 * (different bytes in another folder or from the teacher). Throws FILE_MISSING, FILE_DAMAGED,
 * CANCELLED, BAD_ARGUMENT, and the mismatches of describeMismatch for data and teacher.
 */
export function verifyCache(options: VerifyOptions): Promise<VerifyReport> {
  return scoped(async (scope) => {
    const { folders, data, teacher, sample = 64, seed = 1, repair = false } = options;
    if (teacher !== undefined && data === undefined) {
      throw new BrineError(
        'BAD_ARGUMENT',
        `the teacher ${teacher} cannot draw labels without the token rows`,
        {
          hint: 'Give the prepared data with --data.',
        },
      );
    }
    const { identity, caches } = await openCaches(folders, scope, { readOnly: !repair });
    const train = data === undefined ? undefined : await tokensOf(data, identity, scope);
    const notes = new VerifyFaults();
    const sampled = new Sample(teacher === undefined ? 0 : sample, seed);
    const [total, name] = [rowsIn(caches), identityHash(identity)];
    let [rows, positions] = [0, 0];
    for (const [at, { folder, store }] of caches.entries()) {
      const others = caches.slice(0, at);
      for await (const stored of recordsOf(store, options)) {
        const found = notes.watch(folder, stored.row, () => {
          positions += checkStored(stored, { name, rule: identity.rule, train });
          const other = others.find((cache) => cache.store.has(stored.row));
          if (other && !sameBytes(other.store.get(stored.row)!, stored.record))
            throw differingRecords(stored.row, other.folder, folder);
        });
        if (!found) sampled.offer({ store, folder, row: stored.row });
        rows += 1;
        if (rows % 256 === 0) options.observe?.(`verify    ${rows} of ${total} rows · ${notes.count} faults`);
      }
    }
    if (teacher !== undefined && train !== undefined) {
      await redrawRows(sampled.kept, { ...options, identity, train, teacher, notes });
    }
    const repaired = repair ? await deleteFaulty(caches, notes, options) : 0;
    const redrawn = teacher === undefined ? 0 : sampled.kept.length;
    return { rows, positions, redrawn, faults: notes.count, first: notes.first, repaired };
  });
}

/** Formats the report as text. */
export function verifyText({ rows, positions, redrawn, faults, first, repaired }: VerifyReport): string {
  const drawn = redrawn > 0 ? `, ${redrawn} drawn again by the teacher` : '';
  const sum = faults === 0 ? 'all intact' : `${faults} faulty${repaired > 0 ? `, ${repaired} deleted` : ''}`;
  return [
    `${rows} rows, ${positions} positions${drawn}: ${sum}`,
    ...first.map(({ folder, row, code, message }) => `  ${folder} row ${row}: ${code} ${message}`),
    ...(faults > first.length ? [`  … and ${faults - first.length} more`] : []),
  ].join('\n');
}

/** Returns the error of a report with remaining faults; undefined when none remain. */
export function verifyFailure({ faults, first, repaired, rows }: VerifyReport): BrineError | undefined {
  const left = first.find(({ code }) => code === 'LABEL_CONFLICT') ?? first[0];
  if (faults === repaired || left === undefined) return undefined;
  const hint =
    left.code === 'LABEL_CONFLICT'
      ? 'Before you use the cache, find out whether the teacher, its device or the records are wrong.'
      : 'Delete them with --repair and let a teacher draw them again, or restore the folder from a copy.';
  return new BrineError(
    left.code,
    `${faults - repaired} of ${rows} records are faulty, such as row ${left.row}: ${left.message}`,
    { hint },
  );
}

/** Opens the token set of the labels. Throws DATA_MISMATCH, TOKENIZER_MISMATCH. */
async function tokensOf(data: string, identity: LabelIdentity, scope: Scope): Promise<TokenSet> {
  const { train } = scope.use(await openData(data));
  refuseMismatch(
    { name: 'the label cache', identity },
    {
      name: `the data at ${data}`,
      identity: { ...identity, tokenizer: train.tokenizerIdentity, data: train.identity },
    },
  );
  return train;
}

interface Checks {
  /** The identityHash of the labels. */
  readonly name: string;
  readonly rule: LabelIdentity['rule'];
  readonly train: TokenSet | undefined;
}

/**
 * Decodes a whole record and returns its number of positions. Throws LABEL_DAMAGED,
 * LABEL_MISALIGNED.
 */
function checkStored({ row, record }: StoredRecord, { name, rule, train }: Checks): number {
  if (train !== undefined && row >= train.rows) {
    throw new BrineError(
      'LABEL_MISALIGNED',
      `row ${row} does not exist: the data set has ${train.rows} rows`,
      {
        hint: 'Delete it with --repair.',
      },
    );
  }
  const ids = train === undefined ? openRecord(record).header.tokenHash : tokenHash(train.read(row));
  const expected = {
    row,
    identity: name,
    tokenHash: ids,
    positions: train && train.rowLength - 1,
    vocabulary: train?.vocabularySize,
  };
  const { positions } = checkRecord(record, expected);
  checkPlausible(record, expected);
  const rest = rule.kind === 'context' ? decodeContext(record, expected) : decodeRecord(record, expected);
  if (rest === undefined) {
    throw new BrineError('LABEL_DAMAGED', 'a label record has no context columns', {
      hint: 'Delete it with --repair.',
    });
  }
  return positions;
}

async function deleteFaulty(
  caches: readonly OpenCache[],
  { deletable }: VerifyFaults,
  { signal }: CacheWatch,
): Promise<number> {
  let deleted = 0;
  for (const { folder, store } of caches) {
    const rows = deletable.get(folder) ?? [];
    for (let at = 0; at < rows.length; at += DELETE_BATCH) {
      throwIfCancelled(signal);
      const some = rows.slice(at, at + DELETE_BATCH);
      await Promise.all(some.map((row) => store.delete(row)));
      deleted += some.length;
    }
  }
  return deleted;
}

const DELETE_BATCH = 1024;

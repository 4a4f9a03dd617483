import { BrineError } from '../base/errors.ts';
import { scoped } from '../base/scope.ts';
import { writeParquet, type ParquetColumn } from '../data/write-parquet.ts';
import type { ContextColumns } from '../labels/record/context.ts';
import { openRecord } from '../labels/record/header.ts';
import { identityHash, ruleText, type LabelIdentity } from '../labels/identity.ts';
import { decodeContext, decodeRecord, type RowLabels } from '../labels/record/record.ts';
import { isDuplicate } from './merge.ts';
import { openCaches, recordsOf, rowsIn, type CacheWatch, type StoredRecord } from './open.ts';

export interface ExportOptions extends CacheWatch {
  readonly folders: readonly string[];
  /** Path of the parquet file. An older file is replaced atomically. */
  readonly out: string;
}

export interface ExportReport {
  readonly out: string;
  /** Number of token rows. */
  readonly rows: number;
  /** Number of rows of the parquet file. */
  readonly positions: number;
}

/** One parquet row a position. Columns that a record lacks are null. */
const COLUMNS: readonly ParquetColumn[] = [
  { name: 'row', type: 'INT64' },
  { name: 'position', type: 'INT32' },
  { name: 'ids', type: 'INT32', list: true },
  { name: 'weights', type: 'FLOAT', list: true },
  { name: 'remaining', type: 'FLOAT' },
  { name: 'true_log_prob', type: 'FLOAT' },
  { name: 'true_rank', type: 'INT32' },
  { name: 'entropy', type: 'FLOAT' },
];

/** Size of a row group. */
const GROUP_POSITIONS = 65_536;
const GROUP_IDS = 1_048_576;

/**
 * Exports label caches of one identity to a parquet file: row, position, ids and weights (lists),
 * remaining, true_log_prob, true_rank, entropy. The file's metadata contains the identity. Throws
 * like mergeCaches, except FILE_EXISTS, and FILE_UNWRITABLE.
 */
export function exportCaches({ folders, out, ...watch }: ExportOptions): Promise<ExportReport> {
  return scoped(async (scope) => {
    const { identity, caches } = await openCaches(folders, scope);
    const total = rowsIn(caches);
    let [rows, positions] = [0, 0];
    await writeParquet(out, { columns: COLUMNS, metadata: metadataOf(identity) }, async (write) => {
      let group = new RowGroup();
      for (const [at, cache] of caches.entries()) {
        for await (const stored of recordsOf(cache.store, watch)) {
          if (isDuplicate(stored, cache, caches.slice(0, at))) continue;
          positions += group.add(decoded(stored, identity, cache.folder));
          rows += 1;
          if (rows % 64 === 0) watch.observe?.(`export    ${rows} of ${total} rows`);
          if (group.isFull) {
            await write(group.columns);
            group = new RowGroup();
          }
        }
      }
      await write(group.columns);
    });
    return { out, rows, positions };
  });
}

function metadataOf(identity: LabelIdentity): Readonly<Record<string, string>> {
  return {
    'brine.labels': identityHash(identity),
    'brine.tokenizer': identity.tokenizer,
    'brine.data': identity.data,
    'brine.teacher': identity.teacher,
    'brine.rule': ruleText(identity.rule),
  };
}

interface DecodedRow {
  readonly row: number;
  readonly positions: number;
  readonly labels: RowLabels | undefined;
  readonly context: ContextColumns | undefined;
}

/** Decodes a record. Throws LABEL_DAMAGED, naming the folder. */
function decoded({ row, record }: StoredRecord, identity: LabelIdentity, folder: string): DecodedRow {
  try {
    const { tokenHash, hasLabels, positions } = openRecord(record).header;
    const expected = { row, identity: identityHash(identity), tokenHash };
    if (!hasLabels) return { row, positions, labels: undefined, context: decodeContext(record, expected) };
    const labels = decodeRecord(record, expected);
    return { row, positions, labels, context: labels.context };
  } catch (error) {
    if (!(error instanceof BrineError)) throw error;
    throw new BrineError(error.code, `row ${row} of ${folder}: ${error.message}`, {
      hint: `Delete damaged records with: brine cache verify ${folder} --repair`,
      cause: error,
    });
  }
}

class RowGroup {
  readonly #rows: bigint[] = [];
  readonly #positions: number[] = [];
  readonly #ids: (number[] | null)[] = [];
  readonly #weights: (number[] | null)[] = [];
  readonly #remaining: (number | null)[] = [];
  readonly #trueLogProb: (number | null)[] = [];
  readonly #trueRank: (number | null)[] = [];
  readonly #entropy: (number | null)[] = [];
  #idCount = 0;

  /** The columns, in the order of COLUMNS. */
  get columns() {
    return [
      this.#rows,
      this.#positions,
      this.#ids,
      this.#weights,
      this.#remaining,
      this.#trueLogProb,
      this.#trueRank,
      this.#entropy,
    ];
  }

  get isFull(): boolean {
    return this.#rows.length >= GROUP_POSITIONS || this.#idCount >= GROUP_IDS;
  }

  /** Adds a row and returns its number of positions. */
  add({ row, positions, labels, context }: DecodedRow): number {
    const number = BigInt(row);
    for (let t = 0; t < positions; t += 1) {
      this.#rows.push(number);
      this.#positions.push(t);
      this.#ids.push(labels ? listOf(labels.ids, labels.offsets, t) : null);
      this.#weights.push(labels ? listOf(labels.weights, labels.offsets, t) : null);
      this.#remaining.push(labels?.remaining?.[t] ?? null);
      this.#trueLogProb.push(context?.trueLogProb[t] ?? null);
      this.#trueRank.push(context?.trueRank[t] ?? null);
      this.#entropy.push(context?.entropy[t] ?? null);
    }
    this.#idCount += labels?.ids.length ?? 0;
    return positions;
  }
}

/** The values of one position. */
function listOf(values: Uint32Array | Float32Array, offsets: Uint32Array, position: number): number[] {
  const list: number[] = [];
  for (let i = offsets[position]!; i < offsets[position + 1]!; i += 1) list.push(values[i]!);
  return list;
}

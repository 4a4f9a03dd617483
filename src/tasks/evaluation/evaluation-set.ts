import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import type { Scope } from '../../base/scope.ts';
import { readCorpus } from '../../data/corpus/corpus-pass.ts';
import { openCorpus } from '../../data/corpus/corpus.ts';
import type { FaultSummary } from '../../data/corpus/document.ts';
import { readingFor } from '../../data/prepare/prepare-options.ts';
import { TRAIN, VALIDATION } from '../../data/prepare/prepared-names.ts';
import { encodedBatches } from '../../data/tokenizer/encoding.ts';
import type { Tokenizer } from '../../data/tokenizer/tokenizer.ts';
import { INDEX_NAME } from '../../data/tokens/token-set-index.ts';
import { openTokenSet, type TokenSet } from '../../data/tokens/token-set.ts';
import { openData } from '../../inputs/prepared-data.ts';
import { RowPacker, tokenSetRows, type EvaluationRow } from './evaluation-row.ts';

/** Held-out text, as rows of ids. */
export interface EvaluationSet {
  /** The name in reports. */
  readonly name: string;
  readonly path: string;
  /** T */
  readonly positions: number;
  /** Tokenizer of the rows. */
  readonly tokenizerIdentity: string;
  readonly vocabularySize: number;
  /** Number of rows; undefined if it is unknown before all rows are read. */
  readonly total: number | undefined;
  /** The rows, once. */
  readonly rows: () => AsyncIterable<EvaluationRow> | Iterable<EvaluationRow>;
  /** The names of the sources that rows mention. */
  readonly sources: () => readonly string[];
  /** Broken records so far; undefined for token sets. */
  readonly faults: () => FaultSummary | undefined;
}

/** A set that a user names. */
export interface NamedData {
  readonly name: string;
  /** A prepared folder, the folder of a token set, or a corpus. */
  readonly path: string;
}

/** Whether a path has token shards: a prepared folder or the folder of a token set. */
export function hasTokens(path: string): boolean {
  return [INDEX_NAME, join(TRAIN, INDEX_NAME), join(VALIDATION, INDEX_NAME)].some((name) =>
    existsSync(join(path, name)),
  );
}

/**
 * Opens the validation rows of a prepared folder, or a token set. Throws FILE_MISSING, SHARD_DAMAGED.
 */
export async function openTokens(
  scope: Scope,
  { name, path }: NamedData,
  limit: number | undefined,
): Promise<EvaluationSet> {
  const set = scope.use(
    existsSync(join(path, INDEX_NAME)) ? await openTokenSet(path) : await validationOf(scope, path),
  );
  const total = Math.min(limit ?? set.rows, set.rows);
  return {
    name,
    path,
    positions: set.rowLength - 1,
    tokenizerIdentity: set.tokenizerIdentity,
    vocabularySize: set.vocabularySize,
    total,
    rows: () => tokenSetRows(set, total),
    sources: () => [],
    faults: () => undefined,
  };
}

async function validationOf(scope: Scope, path: string): Promise<TokenSet> {
  const { validation } = scope.use(await openData(path));
  if (validation !== undefined) return validation;
  throw new BrineError('FILE_MISSING', `${path} has no validation rows: it was prepared with validation 0`, {
    hint: 'Prepare data with the same tokenizer and with validation rows (data.validation: 2%), and pass it with --data.',
  });
}

export interface CorpusOptions {
  readonly tokenizer: Tokenizer;
  /** T */
  readonly positions: number;
  /** Maximum number of rows, from the first. */
  readonly limit: number | undefined;
  /** Field or column with the text. */
  readonly textField: string;
  readonly signal: AbortSignal | undefined;
}

/** Opens a corpus, which is tokenized while it is read. Its sources are its files. Throws as openCorpus. */
export async function openCorpusSet(
  { name, path }: NamedData,
  options: CorpusOptions,
): Promise<EvaluationSet> {
  const { tokenizer, positions, limit = Infinity, textField, signal } = options;
  const corpus = await openCorpus(path);
  const reading = readingFor({ textField, invalidText: 'refuse' });
  const sources = new Map<string, number>();
  const numberOf = (source: string) => {
    const known = sources.get(source);
    if (known !== undefined) return known;
    sources.set(source, sources.size);
    return sources.size - 1;
  };
  async function* rows(): AsyncGenerator<EvaluationRow> {
    const packer = new RowPacker({ positions, endOfText: tokenizer.endOfText });
    let left = limit;
    const pieces = readCorpus(corpus, Infinity, reading);
    for await (const { segments, ids } of encodedBatches(pieces, tokenizer, signal)) {
      for (const [at, { source, ends }] of segments.entries()) {
        for (const row of packer.add(ids[at]!, { source: numberOf(source), ends })) {
          if (left <= 0) return;
          left -= 1;
          yield row;
        }
      }
    }
    if (left > 0) yield* packer.end();
  }
  return {
    name,
    path,
    positions,
    tokenizerIdentity: tokenizer.identity,
    vocabularySize: tokenizer.vocabularySize,
    total: undefined,
    rows,
    sources: () => [...sources.keys()],
    faults: () => reading.faults.summary(),
  };
}

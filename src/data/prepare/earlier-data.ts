import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { writeFileWhole } from '../../base/files/files.ts';
import { bestEffort } from '../../base/promises.ts';
import { openCorpus, type Corpus } from '../corpus/corpus.ts';
import { readFileTexts, corpusChange } from '../corpus/corpus-change.ts';
import { joinedSummaries, mutable } from '../corpus/skipped-files.ts';
import { readingFor, type PrepareOptions } from './prepare-options.ts';
import { FILES_NAME, REPORT_NAME } from './prepared-names.ts';
import { reportJson, type PreparedContent, type PrepareReport } from './prepare-report.ts';
import { TOKENIZER_NAME } from './prepared-names.ts';
import { isWhole, wouldOverwrite } from './prepared-folder.ts';

/** The CONFIG_INVALID error of a run without corpus and prepared data. */
export function noCorpus(): BrineError {
  return new BrineError(
    'CONFIG_INVALID',
    'data.corpus is missing: the recipe names no corpus, and there is no prepared data',
    {
      hint: 'Name a file or folder with text, such as --set data.corpus=books/ (docs/data.md lists the supported formats).',
    },
  );
}

/**
 * Opens the corpus, or returns the report of existing prepared data if the corpus is missing. Throws
 * CONFIG_INVALID if no corpus is named and no data is prepared.
 */
export async function openOrPrepared(
  { corpus, out, missingCorpus = 'refuse' }: PrepareOptions,
  before: PreparedContent | undefined,
): Promise<Corpus | PrepareReport> {
  const prepared = async (note?: string): Promise<PrepareReport | undefined> => {
    if (!before || missingCorpus === 'refuse' || !(await isWhole(out, before))) return undefined;
    return { ...before, folder: out, reused: true, note };
  };
  if (corpus === undefined) {
    const found = await prepared();
    if (found) return found;
    throw noCorpus();
  }
  try {
    return await openCorpus(corpus);
  } catch (error) {
    const missing =
      error instanceof BrineError && (error.code === 'CORPUS_MISSING' || error.code === 'CORPUS_EMPTY');
    const found = missing
      ? await prepared(
          `cannot read the corpus ${corpus}: using the data in ${out}, prepared from ${before?.corpus.name}`,
        )
      : undefined;
    if (found) return found;
    throw error;
  }
}

/**
 * Replaces a missing tokenizer by the copy in the prepared folder, if existing prepared data may be
 * used.
 */
export function withPreparedTokenizer(options: PrepareOptions): {
  readonly options: PrepareOptions;
  readonly note?: string;
} {
  const { tokenizer, out, missingCorpus } = options;
  const kept = join(out, TOKENIZER_NAME);
  if (tokenizer === undefined || missingCorpus !== 'use prepared') return { options };
  if (existsSync(tokenizer) || !existsSync(kept) || !existsSync(join(out, REPORT_NAME))) return { options };
  const note = `the tokenizer ${tokenizer} is missing: using its copy in ${out}`;
  return { options: { ...options, tokenizer: kept }, note };
}

/**
 * Returns the existing report if a touched, moved or renamed corpus still has the same text, with the
 * corpus's present name and skipped files. Throws FILE_EXISTS if the text changed and `overwrite` is
 * not set.
 */
export async function reusableReport(
  corpus: Corpus,
  before: PreparedContent,
  options: PrepareOptions,
): Promise<PreparedContent | undefined> {
  const { maxBytes, sampleBytes } = before.options;
  let files;
  try {
    files = await readFileTexts(join(options.out, FILES_NAME));
  } catch {
    return undefined; // the caller prepares again and compares tokens
  }
  const reading = readingFor(before.options);
  const limits = { maxBytes: maxBytes ?? Infinity, sampleBytes };
  const change = await corpusChange(corpus, { files, sample: before.corpus.sample }, { limits, reading });
  if (change !== undefined && options.overwrite) return undefined;
  if (change !== undefined)
    throw wouldOverwrite(`the corpus ${corpus.name} changed since ${options.out} was prepared: ${change}`);
  const skipped = joinedSummaries(corpus.skipped, reading.skipped?.summary());
  const { name, stamp } = corpus;
  const now = {
    ...before,
    corpus: { ...before.corpus, name, stamp, files: corpus.files.length, leftOut: mutable(skipped) },
  };
  // Saves the next start this pass. A shared folder may be read-only.
  await bestEffort(writeFileWhole(join(options.out, REPORT_NAME), reportJson(now)));
  return now;
}

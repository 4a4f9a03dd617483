import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { writeFileWhole } from '../../base/files/files.ts';
import { openCorpus, type Corpus } from '../corpus/corpus.ts';
import { readFileTexts, textChange } from '../corpus/same-corpus.ts';
import { joinedSummaries, mutable } from '../corpus/left-out.ts';
import { readingFor, type PrepareOptions } from './prepare-options.ts';
import { FILES_NAME, REPORT_NAME } from './prepared-names.ts';
import { reportJson, type PreparedContent, type PrepareReport } from './prepare-report.ts';
import { TOKENIZER_NAME } from './prepared-names.ts';
import { isWhole, wouldOverwrite } from './prepared-folder.ts';

/** CONFIG_INVALID: nothing says what to prepare. */
export function noCorpus(): BrineError {
  return new BrineError(
    'CONFIG_INVALID',
    'the recipe names no corpus, and no data is prepared: data.corpus is missing',
    {
      hint: 'Name a file or folder of text, such as --set data.corpus=books/ (docs/data.md says what is read).',
    },
  );
}

/** The corpus, or what is prepared of one that is not there. Throws CONFIG_INVALID where no corpus is named and none is prepared. */
export async function openOrPrepared(
  { corpus, out, goneCorpus = 'refuse' }: PrepareOptions,
  before: PreparedContent | undefined,
): Promise<Corpus | PrepareReport> {
  const prepared = async (note?: string): Promise<PrepareReport | undefined> => {
    if (!before || goneCorpus === 'refuse' || !(await isWhole(out, before))) return undefined;
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
    const gone =
      error instanceof BrineError && (error.code === 'CORPUS_MISSING' || error.code === 'CORPUS_EMPTY');
    const found = gone
      ? await prepared(
          `the corpus ${corpus} cannot be read: going on with the data that ${out} holds of ${before?.corpus.name}`,
        )
      : undefined;
    if (found) return found;
    throw error;
  }
}

/**
 * A tokenizer that is not there any more stands in the folder that was prepared with it. Only where prepared data may stand for what it was made
 * from.
 */
export function withTokenizerThere(options: PrepareOptions): {
  readonly options: PrepareOptions;
  readonly note?: string;
} {
  const { tokenizer, out, goneCorpus } = options;
  const kept = join(out, TOKENIZER_NAME);
  if (tokenizer === undefined || goneCorpus !== 'use prepared') return { options };
  if (existsSync(tokenizer) || !existsSync(kept) || !existsSync(join(out, REPORT_NAME))) return { options };
  const note = `the tokenizer ${tokenizer} is not there: going on with the one that ${out} was prepared with`;
  return { options: { ...options, tokenizer: kept }, note };
}

/**
 * The report of what is prepared, if a corpus that was touched, moved or renamed still has that text: it then says what the corpus is called
 * now, and what of it is left out. Throws FILE_EXISTS where the text changed and may not be replaced.
 */
export async function sameText(
  corpus: Corpus,
  before: PreparedContent,
  options: PrepareOptions,
): Promise<PreparedContent | undefined> {
  const { maxBytes, sampleBytes } = before.options;
  let files;
  try {
    files = await readFileTexts(join(options.out, FILES_NAME));
  } catch {
    return undefined; // prepared again, and compared by its tokens
  }
  const reading = readingFor(before.options);
  const limits = { maxBytes: maxBytes ?? Infinity, sampleBytes };
  const change = await textChange(corpus, { files, sample: before.corpus.sample }, { limits, reading });
  if (change !== undefined && options.overwrite) return undefined;
  if (change !== undefined)
    throw wouldOverwrite(`the corpus ${corpus.name} changed since ${options.out} was prepared: ${change}`);
  const leftOut = joinedSummaries(corpus.leftOut, reading.leftOut?.summary());
  const { name, stamp } = corpus;
  const now = {
    ...before,
    corpus: { ...before.corpus, name, stamp, files: corpus.files.length, leftOut: mutable(leftOut) },
  };
  // Only saves the next start this pass: a folder that others share may be read-only.
  await writeFileWhole(join(options.out, REPORT_NAME), reportJson(now)).catch(() => undefined);
  return now;
}

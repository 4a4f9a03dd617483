import { BrineError } from '../../base/errors.ts';
import { Faults, type Reading } from '../corpus/document.ts';
import { rejectForeignFile } from '../tokenizer/foreign-tokenizer.ts';
import { SkippedFiles } from '../corpus/skipped-files.ts';
import type { ContentOptions } from './prepare-report.ts';
import { checkVocabulary } from '../tokenizer/tokenizer-training.ts';
import { readUntrustedTokenizer } from '../tokenizer/tokenizer-trial.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export interface PrepareOptions {
  /**
   * A file, a folder, or 'node_modules' for the demo's corpus. If undefined, only existing prepared
   * data can be used.
   */
  readonly corpus: string | undefined;
  /** Handling of a missing corpus if `out` has data prepared with the same settings. Default refuse. */
  readonly missingCorpus?: 'refuse' | 'use prepared';
  /** Output folder. */
  readonly out: string;
  /** Positions T of the model. Rows have T + 1 ids. */
  readonly positions: number;
  /** Vocabulary size of the tokenizer to train; unused if `tokenizer` is given. */
  readonly vocabulary?: number;
  /** A Hugging Face tokenizer.json to use instead of training one. */
  readonly tokenizer?: string | undefined;
  /** Its end-of-text token. Default: from the files next to it, otherwise a known name. */
  readonly endOfText?: string | undefined;
  /** Share of all ids for validation, from 0 (no validation set) to 0.5. */
  readonly validation?: number;
  /** Maximum bytes of text, in the order of the corpus. */
  readonly maxBytes?: number | undefined;
  readonly textField?: string;
  readonly invalidText?: 'refuse' | 'skip';
  /** Maximum bytes of text for training the tokenizer. */
  readonly sampleBytes?: number;
  /** Whether to replace existing prepared data with other content. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Contents {
  readonly content: ContentOptions;
  /** The given tokenizer, if any. */
  readonly tokenizer: Tokenizer | undefined;
}

/**
 * Resolves all options that decide the content, except the corpus. Throws BAD_ARGUMENT,
 * TOKENIZER_INVALID.
 */
export async function contentOptions(options: PrepareOptions): Promise<Contents> {
  const { positions, validation = 0.02, maxBytes, endOfText, signal } = options;
  const vocabulary = options.vocabulary ?? 4096;
  if (options.tokenizer === undefined) checkVocabulary(vocabulary);
  else await rejectForeignFile(options.tokenizer);
  const between = (what: string, value: number, [least, most]: readonly [number, number]): void => {
    if (value >= least && value <= most) return;
    throw new BrineError('BAD_ARGUMENT', `${what} is ${value}, but must be from ${least} to ${most}`, {
      hint: `Set it to a value from ${least} to ${most}.`,
    });
  };
  between('the validation share', validation, [0, 0.5]);
  between('the number of tokens per row', positions, [1, 1 << 20]);
  between('the size limit in bytes', maxBytes ?? 1, [1, Number.MAX_SAFE_INTEGER]);
  const tokenizer =
    options.tokenizer === undefined
      ? undefined
      : await readUntrustedTokenizer(options.tokenizer, { signal, endOfText });
  const content = {
    maxBytes: maxBytes ?? null,
    vocabulary: tokenizer === undefined ? vocabulary : null,
    tokenizer: tokenizer?.identity ?? null,
    endOfText: tokenizer?.endOfTextToken ?? null,
    positions,
    validation,
    textField: options.textField ?? 'text',
    invalidText: options.invalidText ?? ('refuse' as const),
    sampleBytes: options.sampleBytes ?? 64 * 1024 * 1024,
  };
  return { content, tokenizer };
}

/** A Reading with all counters at zero. */
export function readingFor(content: Pick<ContentOptions, 'textField' | 'invalidText'>): Reading {
  const { textField, invalidText } = content;
  return { faults: new Faults(), textField, invalidText, storedBytes: 0, skipped: new SkippedFiles() };
}

import { BrineError } from '../../base/errors.ts';
import { Faults, type Reading } from '../corpus/document.ts';
import { refuseForeignTokenizer } from '../tokenizer/foreign-tokenizer.ts';
import { LeftOut } from '../corpus/left-out.ts';
import type { ContentOptions } from './prepare-report.ts';
import { checkVocabulary } from '../tokenizer/tokenizer-training.ts';
import { readStrangeTokenizer } from '../tokenizer/tokenizer-trial.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export interface PrepareOptions {
  /** A file, a folder, or 'node_modules' for the demo's corpus. None: only what is prepared already can be used. */
  readonly corpus: string | undefined;
  /** What becomes of a corpus that is not there while `out` holds it prepared, with the same settings. Default refuse. */
  readonly goneCorpus?: 'refuse' | 'use prepared';
  /** The folder to make. */
  readonly out: string;
  /** T: what the model sees at once. Rows have one id more. */
  readonly positions: number;
  /** Ids of the tokenizer to train; not used when `tokenizer` is given. */
  readonly vocabulary?: number;
  /** A Hugging Face tokenizer.json to take instead of training one. */
  readonly tokenizer?: string | undefined;
  /** The token of that tokenizer that ends a text. Default: what the files beside it say, else a known name. */
  readonly endOfText?: string | undefined;
  /** Share of all ids that goes to validation, 0 (no validation set) to 0.5. */
  readonly validation?: number;
  /** Take no more text than this, in bytes, in the corpus's order. */
  readonly maxBytes?: number | undefined;
  readonly textField?: string;
  readonly invalidText?: 'refuse' | 'skip';
  /** How much text the tokenizer is trained on at most, in bytes. */
  readonly sampleBytes?: number;
  /** Replace an earlier preparation of other content. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Contents {
  readonly content: ContentOptions;
  /** The one that was given. */
  readonly tokenizer: Tokenizer | undefined;
}

/** Everything that decides the content, apart from the corpus. Throws BAD_ARGUMENT, TOKENIZER_INVALID. */
export async function contentOptions(options: PrepareOptions): Promise<Contents> {
  const { positions, validation = 0.02, maxBytes, endOfText, signal } = options;
  const vocabulary = options.vocabulary ?? 4096;
  if (options.tokenizer === undefined) checkVocabulary(vocabulary);
  else await refuseForeignTokenizer(options.tokenizer);
  const between = (what: string, value: number, [least, most]: readonly [number, number]): void => {
    if (value >= least && value <= most) return;
    throw new BrineError('BAD_ARGUMENT', `${what} is ${value}: it must be from ${least} to ${most}`, {
      hint: 'Correct it.',
    });
  };
  between('the share of validation', validation, [0, 0.5]);
  between('the tokens a row', positions, [1, 1 << 20]);
  between('the limit in bytes', maxBytes ?? 1, [1, Number.MAX_SAFE_INTEGER]);
  const tokenizer =
    options.tokenizer === undefined
      ? undefined
      : await readStrangeTokenizer(options.tokenizer, { signal, endOfText });
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

/** A reading that has counted nothing yet. */
export function readingFor(content: Pick<ContentOptions, 'textField' | 'invalidText'>): Reading {
  const { textField, invalidText } = content;
  return { faults: new Faults(), textField, invalidText, storedBytes: 0, leftOut: new LeftOut() };
}

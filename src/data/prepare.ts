import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { writeFileWhole, writeFolderWhole } from '../base/files.ts';
import { readCorpus, sampleCorpus } from './corpus-pass.ts';
import { openCorpus, type Corpus } from './corpus.ts';
import { Faults, type Reading } from './document.ts';
import { encodedBatches } from './encoding.ts';
import { Packer } from './packing.ts';
import {
  REPORT_NAME,
  type ContentOptions,
  type PreparedContent,
  type PrepareReport,
} from './prepare-report.ts';
import {
  earlierPreparation,
  isWhole,
  sameContent,
  sameOptions,
  TOKENIZER_NAME,
  TRAIN,
  VALIDATION,
  wouldOverwrite,
} from './prepared-folder.ts';
import { checkVocabulary, trainTokenizer } from './tokenizer-training.ts';
import { readStrangeTokenizer } from './tokenizer-trial.ts';
import type { Tokenizer } from './tokenizer.ts';
import { TOKENIZER_CONFIG_NAME, tokenizerConfig } from './tokenizer/config-files.ts';
import { LossCount, type LossSummary } from './tokenizer/loss-count.ts';
import { TokenSetWriter } from './token-set-writer.ts';

export interface PrepareOptions {
  /** A file, a folder, or 'node_modules' for the demo's corpus. */
  readonly corpus: string;
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

export type PrepareEvent =
  | { readonly kind: 'corpus'; readonly files: number; readonly storedBytes: number }
  | { readonly kind: 'tokenizer'; readonly vocabularySize: number; readonly seconds: number }
  | {
      readonly kind: 'progress';
      /** Stored bytes read of all, or of `maxBytes`: 0 … 1. */
      readonly share: number;
      readonly bytes: number;
      readonly documents: number;
      readonly rows: number;
      readonly faults: number;
      readonly bytesPerSecond: number;
    };

/**
 * Corpus → tokenizer, training and validation token sets, and a report, in one folder made whole by rename. An
 * identical preparation that is already there is kept. Whatever fails, what was there before is unchanged. Throws
 * BAD_ARGUMENT, CORPUS_*, TEXT_INVALID, TOKENIZER_INVALID, FILE_EXISTS, FILE_UNWRITABLE, CANCELLED.
 */
export async function prepare(
  options: PrepareOptions,
  observe: (event: PrepareEvent) => void = () => undefined,
): Promise<PrepareReport> {
  const { content, tokenizer } = await contentOptions(options);
  const corpus = await openCorpus(options.corpus);
  const storedBytes = corpus.files.reduce((sum, file) => sum + file.bytes, 0);
  observe({ kind: 'corpus', files: corpus.files.length, storedBytes });
  const before = earlierPreparation(options.out, content, {
    overwrite: options.overwrite ?? false,
    tokenizer,
  });
  const same = before?.corpus.fingerprint === corpus.fingerprint && sameOptions(before.options, content);
  if (before && same && (await isWhole(options.out, before))) {
    return { ...before, folder: options.out, reused: true };
  }
  let report: PreparedContent | undefined;
  await writeFolderWhole(options.out, async (folder) => {
    report = await fill(folder, { options, content, tokenizer, corpus, storedBytes, observe });
    if (before && !options.overwrite && !sameContent(before, report)) throw wouldOverwrite(options.out);
  });
  if (!report) throw new BrineError('INTERNAL', 'nothing was prepared', { hint: 'Report this.' });
  return { ...report, folder: options.out, reused: false };
}

interface Work {
  readonly options: PrepareOptions;
  readonly content: ContentOptions;
  /** The one that the options name. */
  readonly tokenizer: Tokenizer | undefined;
  readonly corpus: Corpus;
  readonly storedBytes: number;
  readonly observe: (event: PrepareEvent) => void;
}

async function fill(folder: string, work: Work): Promise<PreparedContent> {
  const { options, content, corpus, observe } = work;
  const begun = performance.now();
  const tokenizer = work.tokenizer ?? (await trainedTokenizer(options, content, corpus));
  const { vocabularySize, identity, endOfText, json } = tokenizer;
  observe({ kind: 'tokenizer', vocabularySize, seconds: secondsSince(begun) });
  await writeFileWhole(join(folder, TOKENIZER_NAME), json);
  await writeFileWhole(join(folder, TOKENIZER_CONFIG_NAME), tokenizerConfig(tokenizer.endOfTextToken));

  const shape = { rowLength: content.positions + 1, vocabularySize, tokenizer: identity };
  const train = new TokenSetWriter(join(folder, TRAIN), shape);
  const validation = content.validation > 0 ? new TokenSetWriter(join(folder, VALIDATION), shape) : undefined;
  try {
    const packer = new Packer(
      { train, validation },
      { share: content.validation, endOfText, rowLength: shape.rowLength },
    );
    const read = await encodeCorpus(work, tokenizer, { packer, train, validation });
    checkEnough({ train, validation, faults: read.faults.total }, content, options.corpus);
    const sides = {
      train: { ...pick(await train.finish()), ids: packer.ids.train, leftOver: train.waiting },
      validation: validation && {
        ...pick(await validation.finish()),
        ids: packer.ids.validation,
        leftOver: validation.waiting,
      },
    };
    const { fingerprint, binaryFiles, emptyFiles } = corpus;
    const report: PreparedContent = {
      version: 1,
      options: content,
      corpus: {
        fingerprint,
        files: corpus.files.length,
        binaryFiles,
        emptyFiles,
        documents: read.documents,
        bytes: read.bytes,
      },
      faults: { ...read.faults, byReason: { ...read.faults.byReason }, first: [...read.faults.first] },
      tokenizer: { identity, vocabularySize, endOfText, ...(read.lost && { lost: read.lost }) },
      train: sides.train,
      validation: sides.validation ?? null,
      seconds: secondsSince(begun),
    };
    await writeFileWhole(join(folder, REPORT_NAME), `${JSON.stringify(report, undefined, 2)}\n`);
    return report;
  } finally {
    await train.abandon();
    await validation?.abandon();
  }
}

function readingFor(content: ContentOptions): Reading {
  const { textField, invalidText } = content;
  return { faults: new Faults(), textField, invalidText, storedBytes: 0 };
}

async function trainedTokenizer(
  options: PrepareOptions,
  content: ContentOptions,
  corpus: Corpus,
): Promise<Tokenizer> {
  const limits = { maxBytes: content.maxBytes ?? Infinity, sampleBytes: content.sampleBytes };
  const sample = sampleCorpus(corpus, limits, readingFor(content));
  return trainTokenizer(sample, content.vocabulary ?? 0, { signal: options.signal });
}

interface Read {
  readonly documents: number;
  readonly bytes: number;
  readonly faults: ReturnType<Faults['summary']>;
  /** What the tokenizer has no token for; undefined when nothing. */
  readonly lost: LossSummary | undefined;
}

async function encodeCorpus(
  work: Work,
  tokenizer: Tokenizer,
  sinks: { packer: Packer; train: TokenSetWriter; validation: TokenSetWriter | undefined },
): Promise<Read> {
  const { content, corpus, storedBytes, observe, options } = work;
  const reading = readingFor(content);
  const maxBytes = content.maxBytes ?? Infinity;
  const begun = performance.now();
  let documents = 0;
  let bytes = 0;
  const lost = new LossCount(tokenizer);
  const pieces = readCorpus(corpus, maxBytes, reading);
  for await (const batch of encodedBatches(pieces, tokenizer, options.signal)) {
    await lost.add(batch.segments, batch.ids);
    for (const [index, segment] of batch.segments.entries()) {
      bytes += segment.bytes;
      if (segment.ends) documents++;
      await sinks.packer.append(batch.ids[index] ?? new Uint32Array(0), segment.ends);
    }
    observe({
      kind: 'progress',
      share: Math.min(1, Math.max(reading.storedBytes / storedBytes, bytes / maxBytes)),
      bytes,
      documents,
      rows: sinks.train.rows + (sinks.validation?.rows ?? 0),
      faults: reading.faults.summary().total,
      bytesPerSecond: bytes / secondsSince(begun),
    });
  }
  return { documents, bytes, faults: reading.faults.summary(), lost: lost.summary() };
}

function checkEnough(
  made: { train: TokenSetWriter; validation: TokenSetWriter | undefined; faults: number },
  content: ContentOptions,
  corpus: string,
): void {
  const { train, validation, faults } = made;
  if (train.rows > 0 && (!validation || validation.rows > 0)) return;
  const broken = faults > 0 ? ` (${faults} broken lines were left out)` : '';
  if (train.rows === 0 && train.waiting === 0) {
    throw new BrineError('CORPUS_EMPTY', `the corpus ${corpus} holds no readable text${broken}`, {
      hint: `Check that records have their text in "${content.textField}".`,
    });
  }
  const side = train.rows === 0 ? 'training' : 'validation';
  throw new BrineError(
    'CORPUS_TOO_SMALL',
    `the corpus ${corpus} does not fill one ${side} row of ${content.positions} tokens${broken}`,
    { hint: 'Give more text or shorter rows, or another share for validation (0 for none).' },
  );
}

interface Contents {
  readonly content: ContentOptions;
  readonly tokenizer: Tokenizer | undefined;
}

async function contentOptions(options: PrepareOptions): Promise<Contents> {
  const { corpus, positions, validation = 0.02, maxBytes, endOfText, signal } = options;
  const vocabulary = options.vocabulary ?? 4096;
  if (options.tokenizer === undefined) checkVocabulary(vocabulary);
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
    corpus,
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

function pick({ identity, rows }: { identity: string; rows: number }): { identity: string; rows: number } {
  return { identity, rows };
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000;
}

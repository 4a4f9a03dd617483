import { join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { writeFileWhole, writeFolderWhole } from '../../base/files/files.ts';
import { readCorpus, sampleCorpus } from '../corpus/corpus-pass.ts';
import type { Corpus } from '../corpus/corpus.ts';
import { fileTextsToJson } from '../corpus/corpus-change.ts';
import { hashed, TextTally, type FileText } from '../corpus/text-tally.ts';
import type { FaultSummary } from '../corpus/document.ts';
import { openOrPrepared, reusableReport, withPreparedTokenizer } from './earlier-data.ts';
import { encodedBatches } from '../tokenizer/encoding.ts';
import { joinedSummaries, mutable, type SkippedSummary } from '../corpus/skipped-files.ts';
import { Packer } from '../tokens/packing.ts';
import { RowSourceCounter, writeRowSources } from '../tokens/row-sources.ts';
import { checkRows, noText } from './prepare-faults.ts';
import { contentOptions, readingFor, type PrepareOptions } from './prepare-options.ts';
import { FILES_NAME, REPORT_NAME } from './prepared-names.ts';
import {
  reportJson,
  type ContentOptions,
  type PreparedContent,
  type PrepareReport,
} from './prepare-report.ts';
import { TOKENIZER_NAME, TRAIN, VALIDATION } from './prepared-names.ts';
import {
  existingPreparation,
  hasRowSources,
  isWhole,
  sameContent,
  sameOptions,
  wouldOverwrite,
} from './prepared-folder.ts';
import { trainTokenizer } from '../tokenizer/tokenizer-training.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { TOKENIZER_CONFIG_NAME, tokenizerConfig } from '../tokenizer/config-files.ts';
import { EncodingLossCounter, type EncodingLossSummary } from '../tokenizer/encoding-loss-counter.ts';
import { TokenSetWriter } from '../tokens/token-set-writer.ts';

export type PrepareEvent =
  | { readonly kind: 'corpus'; readonly files: number; readonly storedBytes: number }
  | { readonly kind: 'tokenizer'; readonly vocabularySize: number; readonly seconds: number }
  | {
      readonly kind: 'progress';
      /** Fraction of the stored bytes or of `maxBytes` read so far, 0 … 1. */
      readonly share: number;
      readonly bytes: number;
      readonly documents: number;
      readonly rows: number;
      readonly faults: number;
      readonly bytesPerSecond: number;
    };

/**
 * Prepares a corpus: writes tokenizer, training and validation token sets and a report into one folder,
 * atomically. Identical existing data is kept. A failure leaves the existing folder unchanged. Throws
 * BAD_ARGUMENT, CORPUS_*, TEXT_INVALID, TOKENIZER_INVALID, FILE_EXISTS, FILE_UNWRITABLE, CANCELLED.
 */
export async function prepare(
  given: PrepareOptions,
  observe: (event: PrepareEvent) => void = () => undefined,
): Promise<PrepareReport> {
  const { options, note } = withPreparedTokenizer(given);
  const { content, tokenizer } = await contentOptions(options);
  const before = existingPreparation(options.out, content, {
    overwrite: options.overwrite ?? false,
    tokenizer,
  });
  const opened = await openOrPrepared(options, before);
  if ('folder' in opened) return { ...opened, note: joinedNotes(note, opened.note) };
  const corpus = opened;
  const storedBytes = corpus.files.reduce((sum, file) => sum + file.bytes, 0);
  observe({ kind: 'corpus', files: corpus.files.length, storedBytes });
  if (before && sameOptions(before.options, content)) {
    const same =
      before.corpus.stamp === corpus.stamp ? before : await reusableReport(corpus, before, options);
    // Earlier versions did not write the sources of the rows; --overwrite adds them.
    const isComplete = !options.overwrite || (await hasRowSources(options.out, before));
    if (same && isComplete && (await isWhole(options.out, before)))
      return { ...same, folder: options.out, reused: true, note };
  }
  let report: PreparedContent | undefined;
  await writeFolderWhole(options.out, async (folder) => {
    report = await fill(folder, { options, content, tokenizer, corpus, storedBytes, observe });
    if (before && !options.overwrite && !sameContent(before, report))
      throw wouldOverwrite(`${options.out} contains prepared data with other content`);
  });
  if (!report) throw new BrineError('INTERNAL', 'nothing was prepared', { hint: 'Report this.' });
  return { ...report, folder: options.out, reused: false, note };
}

interface Work {
  readonly options: PrepareOptions;
  readonly content: ContentOptions;
  /** The given tokenizer, if any. */
  readonly tokenizer: Tokenizer | undefined;
  readonly corpus: Corpus;
  readonly storedBytes: number;
  readonly observe: (event: PrepareEvent) => void;
}

async function fill(folder: string, work: Work): Promise<PreparedContent> {
  const { options, content, corpus, observe } = work;
  const begun = performance.now();
  const { tokenizer, sample } = work.tokenizer
    ? { tokenizer: work.tokenizer, sample: null }
    : await trainedTokenizer(options, content, corpus);
  const { vocabularySize, identity, endOfText, json } = tokenizer;
  observe({ kind: 'tokenizer', vocabularySize, seconds: secondsSince(begun) });
  await writeFileWhole(join(folder, TOKENIZER_NAME), json);
  await writeFileWhole(join(folder, TOKENIZER_CONFIG_NAME), tokenizerConfig(tokenizer.endOfTextToken));

  const shape = { rowLength: content.positions + 1, vocabularySize, tokenizer: identity };
  const train = new TokenSetWriter(join(folder, TRAIN), shape);
  const validation = content.validation > 0 ? new TokenSetWriter(join(folder, VALIDATION), shape) : undefined;
  const sources = new RowSourceCounter(shape.rowLength);
  try {
    const packer = new Packer(
      { train, validation, sources },
      { share: content.validation, endOfText, rowLength: shape.rowLength },
    );
    const read = await encodeCorpus(work, tokenizer, { packer, train, validation });
    checkRows({ train, validation, faults: read.faults }, content, corpus.name);
    const sides = {
      train: { ...pick(await train.finish()), ids: packer.ids.train, leftOver: train.waiting },
      validation: validation && {
        ...pick(await validation.finish()),
        ids: packer.ids.validation,
        leftOver: validation.waiting,
      },
    };
    const report: PreparedContent = {
      version: 2,
      options: content,
      corpus: {
        name: corpus.name,
        stamp: corpus.stamp,
        sample,
        files: corpus.files.length,
        leftOut: mutable(read.skipped),
        documents: read.documents,
        bytes: read.bytes,
      },
      faults: { ...read.faults, byReason: { ...read.faults.byReason }, first: [...read.faults.first] },
      tokenizer: { identity, vocabularySize, endOfText, ...(read.lost && { lost: read.lost }) },
      train: sides.train,
      validation: sides.validation ?? null,
      seconds: secondsSince(begun),
    };
    await writeRowSources(join(folder, TRAIN), { data: report.train.identity, runs: sources.runs });
    await writeFileWhole(join(folder, FILES_NAME), fileTextsToJson(read.files));
    await writeFileWhole(join(folder, REPORT_NAME), reportJson(report));
    return report;
  } finally {
    await train.abandon();
    await validation?.abandon();
  }
}

async function trainedTokenizer(
  options: PrepareOptions,
  content: ContentOptions,
  corpus: Corpus,
): Promise<{ tokenizer: Tokenizer; sample: string | null }> {
  const limits = { maxBytes: content.maxBytes ?? Infinity, sampleBytes: content.sampleBytes };
  let sample: string | null = null;
  const reading = readingFor(content);
  const texts = hashed(sampleCorpus(corpus, limits, reading), (hash) => (sample = hash));
  const { signal } = options;
  try {
    return { tokenizer: await trainTokenizer(texts, content.vocabulary ?? 0, { signal }), sample };
  } catch (error) {
    if (!(error instanceof BrineError) || error.code !== 'CORPUS_EMPTY') throw error;
    throw noText(corpus.name, reading.faults.summary(), content);
  }
}

interface Read {
  readonly documents: number;
  readonly bytes: number;
  readonly faults: FaultSummary;
  readonly skipped: SkippedSummary;
  readonly files: readonly FileText[];
  /** Text that the tokenizer cannot represent; undefined if there is none. */
  readonly lost: EncodingLossSummary | undefined;
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
  const tally = new TextTally();
  const lost = new EncodingLossCounter(tokenizer);
  const pieces = readCorpus(corpus, maxBytes, reading, tally);
  for await (const batch of encodedBatches(pieces, tokenizer, options.signal)) {
    await lost.add(batch.segments, batch.ids);
    for (const [index, segment] of batch.segments.entries()) {
      bytes += segment.bytes;
      if (segment.ends) documents++;
      await sinks.packer.append(batch.ids[index] ?? new Uint32Array(0), segment);
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
  const skipped = joinedSummaries(corpus.skipped, reading.skipped?.summary());
  const faults = reading.faults.summary();
  return { documents, bytes, faults, skipped, files: tally.files(), lost: lost.summary() };
}

function joinedNotes(...notes: readonly (string | undefined)[]): string | undefined {
  const all = notes.filter((note) => note !== undefined);
  return all.length === 0 ? undefined : all.join('; ');
}

function pick({ identity, rows }: { identity: string; rows: number }): { identity: string; rows: number } {
  return { identity, rows };
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000;
}

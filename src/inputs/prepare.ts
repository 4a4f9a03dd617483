import { basename, dirname, join, resolve } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { prepare, type PrepareEvent } from '../data/prepare/prepare.ts';
import type { PrepareReport } from '../data/prepare/prepare-report.ts';
import { skippedText } from '../data/corpus/skipped-files.ts';
import { bytesText, countText, secondsText } from '../base/quantities.ts';
import { lockWhenFree, type FolderLock } from '../base/files/folder-lock.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** Prepared data of a run. Runs with the same `data` block share it. */
export interface PreparedData {
  readonly folder: string;
  readonly figures: object;
  /** A summary line, and lines for skipped text. */
  readonly text: string;
  /** A note to show before the run continues. */
  readonly note: string | undefined;
}

export interface PrepareDataOptions {
  /** Replace prepared data with other content. */
  readonly overwrite?: boolean;
  /** Use existing prepared data when the corpus is missing. */
  readonly withoutCorpus?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly observe?: (line: string) => void;
}

/**
 * Prepare the data of a run. Throws as `prepare`; existing data is then unchanged. When several runs need the
 * same folder, one prepares it and the others wait.
 */
export async function prepareData(
  data: Recipe['data'],
  options: PrepareDataOptions = {},
): Promise<PreparedData> {
  const lock = await lockPrepared(data.prepared ?? 'data', options);
  try {
    return await prepareLocked(data, options);
  } finally {
    await lock?.close();
  }
}

/**
 * Lock a prepared folder. Undefined when the folder is read-only: its data must exist then. Throws
 * CANCELLED.
 */
async function lockPrepared(
  folder: string,
  { signal, observe }: PrepareDataOptions,
): Promise<FolderLock | undefined> {
  const whole = resolve(folder);
  const path = join(dirname(whole), `.${basename(whole)}.lock`);
  try {
    return await lockWhenFree(
      { path, what: folder, does: 'prepares it' },
      { signal, waits: (text) => observe?.(`data      ${text}: waiting for it`) },
    );
  } catch (error) {
    if (error instanceof BrineError && error.code === 'FILE_UNWRITABLE') return undefined;
    throw error;
  }
}

async function prepareLocked(
  data: Recipe['data'],
  { signal, observe, overwrite = false, withoutCorpus = false }: PrepareDataOptions,
): Promise<PreparedData> {
  const folder = data.prepared ?? 'data';
  const report = await prepare(
    {
      corpus: data.corpus,
      out: folder,
      positions: data.row,
      validation: data.validation,
      tokenizer: data.tokenizer,
      endOfText: data.endOfText,
      maxBytes: data.limit,
      textField: data.textField,
      invalidText: data.invalidText,
      missingCorpus: withoutCorpus ? 'use prepared' : 'refuse',
      signal,
      overwrite,
      ...(data.tokenizer === undefined && { vocabulary: data.vocabulary }),
    },
    (event) => observe?.(progressText(event)),
  );
  return {
    folder,
    figures: {
      folder,
      reused: report.reused,
      corpus: report.corpus,
      faults: report.faults,
      ...(report.note !== undefined && { note: report.note }),
      tokenizer: report.tokenizer,
      train: report.train,
      validation: report.validation,
      seconds: report.seconds,
    },
    text: reportText(report),
    note: report.note,
  };
}

function progressText(event: PrepareEvent): string {
  if (event.kind === 'corpus') return `corpus    ${event.files} files · ${bytesText(event.storedBytes)}`;
  if (event.kind === 'tokenizer')
    return `tokenizer ${countText(event.vocabularySize)} ids · ${secondsText(event.seconds)}`;
  const { share, documents, rows, bytesPerSecond } = event;
  return `tokens    ${Math.round(share * 100)}% · ${countText(documents)} documents · ${countText(rows)} rows · ${bytesText(bytesPerSecond)}/s`;
}

function reportText({
  corpus,
  faults,
  tokenizer,
  train,
  validation,
  reused,
  seconds,
  folder,
}: PrepareReport): string {
  const size = `${corpus.documents} documents, ${bytesText(corpus.bytes)}, ${tokenizer.vocabularySize} ids`;
  const rows = `${train.rows} training rows, ${validation?.rows ?? 0} validation rows`;
  const first = faults.first.map(({ source, line, reason }) => `\n  ${source}:${line}: ${reason}`).join('');
  const broken =
    faults.total > 0
      ? `\n${faults.total} broken ${faults.total === 1 ? 'line was' : 'lines were'} skipped:${first}`
      : '';
  const leftOut = corpus.leftOut.total > 0 ? `\n${skippedText(corpus.leftOut)}` : '';
  return `${folder}: ${size}; ${rows}; ${reused ? 'already prepared' : secondsText(seconds)}${leftOut}${broken}${lostText(tokenizer)}`;
}

/** Lines about text that the tokenizer could not encode. */
function lostText({ lost }: PrepareReport['tokenizer']): string {
  if (!lost) return '';
  const lines = [
    lost.dropped > 0 && `${lost.dropped} characters without a token were dropped`,
    lost.unknown > 0 && `${lost.unknown} ids are the tokenizer's unknown token, for text without a token`,
    ...lost.first.map(({ source, line, text }) => `  ${source}:${line}: ${text}`),
  ];
  return lines.map((line) => (line === false ? '' : `\n${line}`)).join('');
}

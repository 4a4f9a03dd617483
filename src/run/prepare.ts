import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { prepare, type PrepareEvent } from '../data/prepare.ts';
import { TOKENIZER_NAME, TRAIN, VALIDATION } from '../data/prepared-folder.ts';
import { parseReport, REPORT_NAME, type PrepareReport } from '../data/prepare-report.ts';
import { leftOutText } from '../data/left-out.ts';
import { readTokenizer } from '../data/tokenizer.ts';
import { openTokenSet, type TokenSet } from '../data/token-set.ts';
import { Scope } from '../base/scope.ts';
import { bytesText, countText, secondsText } from '../base/quantities.ts';
import { lockWhenFree, type FolderLock } from './lock/folder-lock.ts';
import type { Recipe } from './recipe.ts';

/** The text of a run: prepared once, kept by every run that says the same about it. */
export interface PreparedData {
  readonly folder: string;
  readonly figures: object;
  /** One line for people, and lines for what was left out. */
  readonly text: string;
  /** What a run should say before it goes on. */
  readonly note: string | undefined;
}

export interface PrepareDataOptions {
  /** Replace an earlier preparation of other content. */
  readonly overwrite?: boolean;
  /** Go on with what is prepared already where the corpus is not there. */
  readonly withoutCorpus?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly observe?: (line: string) => void;
}

/** The tokenizer.json that the data of a recipe has, or will have by data.tokenizer; undefined where one is yet to be trained. */
export function dataTokenizerPath(recipe: Pick<Recipe, 'run' | 'data'>): string | undefined {
  const prepared = tokenizerPath(preparedFolder(recipe));
  if (recipe.data.tokenizer !== undefined) return recipe.data.tokenizer;
  return existsSync(prepared) ? prepared : undefined;
}

/** Where the data of a recipe lies, or will. */
export function preparedFolder({ run, data }: Pick<Recipe, 'run' | 'data'>): string {
  return data.prepared ?? join(run, 'data');
}

export function tokenizerPath(folder: string): string {
  return join(folder, TOKENIZER_NAME);
}

/** The id that ends the texts of a prepared folder, as its report says. Throws FILE_DAMAGED, and FILE_MISSING where there is none. */
export async function endOfTextOf(folder: string): Promise<number> {
  const path = join(folder, REPORT_NAME);
  if (!existsSync(path)) return (await readTokenizer(tokenizerPath(folder))).endOfText;
  return parseReport(await readFile(path, 'utf8'), path).tokenizer.endOfText;
}

/**
 * Throws whatever `prepare` throws; what was there before is then unchanged. Of several runs that need the same folder one prepares it, and the
 * others wait for it and find it there.
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

/** Undefined where nothing can be written: the data must be there then. Throws CANCELLED. */
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
      goneCorpus: withoutCorpus ? 'use prepared' : 'refuse',
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

export interface OpenData {
  readonly train: TokenSet;
  /** Undefined when the data was prepared without: data.validation is 0. */
  readonly validation: TokenSet | undefined;
  close(): Promise<void>;
}

/** The training and validation rows of a prepared folder. The caller closes. Throws FILE_MISSING, SHARD_DAMAGED. */
export async function openData(folder: string): Promise<OpenData> {
  const scope = new Scope();
  try {
    const train = scope.use(await openTokenSet(join(folder, TRAIN)));
    const validation = existsSync(join(folder, VALIDATION))
      ? scope.use(await openTokenSet(join(folder, VALIDATION)))
      : undefined;
    return { train, validation, close: () => scope.close() };
  } catch (error) {
    await scope.close();
    throw error;
  }
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
  const rows = `${train.rows} rows to train on, ${validation?.rows ?? 0} to validate`;
  const first = faults.first.map(({ source, line, reason }) => `\n  ${source}:${line}: ${reason}`).join('');
  const broken =
    faults.total > 0
      ? `\n${faults.total} broken ${faults.total === 1 ? 'line was' : 'lines were'} left out:${first}`
      : '';
  const leftOut = corpus.leftOut.total > 0 ? `\n${leftOutText(corpus.leftOut)}` : '';
  return `${folder}: ${size}; ${rows}; ${reused ? 'was there already' : secondsText(seconds)}${leftOut}${broken}${lostText(tokenizer)}`;
}

/** What the tokenizer could not say, a line each. */
function lostText({ lost }: PrepareReport['tokenizer']): string {
  if (!lost) return '';
  const lines = [
    lost.dropped > 0 && `${lost.dropped} characters that the tokenizer has no token for were left out`,
    lost.unknown > 0 &&
      `${lost.unknown} ids are the tokenizer's unknown token: it has no other for that text`,
    ...lost.first.map(({ source, line, text }) => `  ${source}:${line}: ${text}`),
  ];
  return lines.map((line) => (line === false ? '' : `\n${line}`)).join('');
}

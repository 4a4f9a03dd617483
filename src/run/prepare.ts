import { basename, dirname, join, resolve } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { prepare, type PrepareEvent } from '../data/prepare.ts';
import { TOKENIZER_NAME, TRAIN, VALIDATION } from '../data/prepared-folder.ts';
import type { PrepareReport } from '../data/prepare-report.ts';
import { openTokenSet, type TokenSet } from '../data/token-set.ts';
import { Scope } from '../base/scope.ts';
import { lockWhenFree, type FolderLock } from './lock/folder-lock.ts';
import type { Recipe } from './recipe.ts';

/** The text of a run: prepared once, kept by every run that says the same about it. */
export interface PreparedData {
  readonly folder: string;
  readonly figures: object;
  /** One line for people. */
  readonly text: string;
}

export interface PrepareDataOptions {
  /** Replace an earlier preparation of other content. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly observe?: (line: string) => void;
}

/** Where the data of a recipe lies, or will. */
export function preparedFolder({ run, data }: Pick<Recipe, 'run' | 'data'>): string {
  return data.prepared ?? join(run, 'data');
}

export function tokenizerPath(folder: string): string {
  return join(folder, TOKENIZER_NAME);
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
  { signal, observe, overwrite = false }: PrepareDataOptions,
): Promise<PreparedData> {
  const folder = data.prepared ?? 'data';
  const report = await prepare(
    {
      corpus: data.corpus,
      out: folder,
      positions: data.row,
      validation: data.validation,
      tokenizer: data.tokenizer,
      maxBytes: data.limit,
      signal,
      overwrite,
      ...(data.tokenizer === undefined && { vocabulary: data.vocabulary }),
    },
    (event) => observe?.(progressText(event)),
  );
  const { first: _, ...faults } = report.faults;
  return {
    folder,
    figures: {
      folder,
      reused: report.reused,
      corpus: report.corpus,
      faults,
      tokenizer: report.tokenizer,
      train: report.train,
      validation: report.validation,
      seconds: report.seconds,
    },
    text: reportText(report),
  };
}

/** The training and validation rows of a prepared folder. The caller closes. Throws FILE_MISSING, SHARD_DAMAGED. */
export async function openData(
  folder: string,
): Promise<{ train: TokenSet; validation: TokenSet; close(): Promise<void> }> {
  const scope = new Scope();
  try {
    const train = scope.use(await openTokenSet(join(folder, TRAIN)));
    const validation = scope.use(await openTokenSet(join(folder, VALIDATION)));
    return { train, validation, close: () => scope.close() };
  } catch (error) {
    await scope.close();
    throw error;
  }
}

function progressText(event: PrepareEvent): string {
  if (event.kind === 'corpus') return `corpus    ${event.files} files · ${megabytes(event.storedBytes)}`;
  if (event.kind === 'tokenizer')
    return `tokenizer ${event.vocabularySize} ids · ${event.seconds.toFixed(1)} s`;
  const { share, documents, rows, bytesPerSecond } = event;
  return `tokens    ${Math.round(share * 100)}% · ${documents} documents · ${rows} rows · ${megabytes(bytesPerSecond)}/s`;
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
  const size = `${corpus.documents} documents, ${megabytes(corpus.bytes)}, ${tokenizer.vocabularySize} ids`;
  const rows = `${train.rows} rows to train on, ${validation?.rows ?? 0} to validate`;
  const first = faults.first.map(({ source, line, reason }) => `\n  ${source}:${line}: ${reason}`).join('');
  const broken = faults.total > 0 ? `\n${faults.total} broken lines were left out:${first}` : '';
  return `${folder}: ${size}; ${rows}; ${reused ? 'was there already' : `${seconds.toFixed(1)} s`}${broken}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

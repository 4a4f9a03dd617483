import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepare, type PrepareEvent } from '../data/prepare.ts';
import { TOKENIZER_NAME, TRAIN, VALIDATION } from '../data/prepared-folder.ts';
import { parseReport, REPORT_NAME, type PrepareReport } from '../data/prepare-report.ts';
import { readTokenizer } from '../data/tokenizer.ts';
import { openTokenSet, type TokenSet } from '../data/token-set.ts';
import { Scope } from '../base/scope.ts';
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

/** The id that ends the texts of a prepared folder, as its report says. Throws FILE_DAMAGED, and FILE_MISSING where there is none. */
export async function endOfTextOf(folder: string): Promise<number> {
  const path = join(folder, REPORT_NAME);
  if (!existsSync(path)) return (await readTokenizer(tokenizerPath(folder))).endOfText;
  return parseReport(await readFile(path, 'utf8'), path).tokenizer.endOfText;
}

/** Throws whatever `prepare` throws; what was there before is then unchanged. */
export async function prepareData(
  data: Recipe['data'],
  { signal, observe, overwrite = false }: PrepareDataOptions = {},
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
  const lost = lostText(tokenizer);
  return `${folder}: ${size}; ${rows}; ${reused ? 'was there already' : `${seconds.toFixed(1)} s`}${broken}${lost}`;
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

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

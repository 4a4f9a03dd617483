import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Scope } from '../base/scope.ts';
import { REPORT_NAME, TOKENIZER_NAME, TRAIN, VALIDATION } from '../data/prepare/prepared-names.ts';
import { parseReport } from '../data/prepare/prepare-report.ts';
import { readRowSources, type RowSources } from '../data/tokens/row-sources.ts';
import { openTokenSet, type TokenSet } from '../data/tokens/token-set.ts';
import type { Recipe } from '../recipe/recipe.ts';

/**
 * Path of the data's tokenizer.json: data.tokenizer, or that of the prepared data. Undefined while it
 * is not trained yet.
 */
export function dataTokenizerPath(recipe: Pick<Recipe, 'run' | 'data'>): string | undefined {
  const prepared = tokenizerPath(preparedFolder(recipe));
  if (recipe.data.tokenizer !== undefined) return recipe.data.tokenizer;
  return existsSync(prepared) ? prepared : undefined;
}

/** The folder of a recipe's prepared data. */
export function preparedFolder({ run, data }: Pick<Recipe, 'run' | 'data'>): string {
  return data.prepared ?? join(run, 'data');
}

export function tokenizerPath(folder: string): string {
  return join(folder, TOKENIZER_NAME);
}

/** Read the end-of-text id of a prepared folder from its report. Throws FILE_DAMAGED and FILE_MISSING. */
export async function endOfTextOf(folder: string): Promise<number> {
  const path = join(folder, REPORT_NAME);
  if (!existsSync(path)) {
    const { readTokenizer } = await import('../data/tokenizer/tokenizer.ts'); // loaded lazily: few processes need it
    return (await readTokenizer(tokenizerPath(folder))).endOfText;
  }
  return parseReport(await readFile(path, 'utf8'), path).tokenizer.endOfText;
}

export interface OpenData {
  readonly train: TokenSet;
  /** Undefined when data.validation is 0. */
  readonly validation: TokenSet | undefined;
  close(): Promise<void>;
}

/**
 * Open the training and validation rows of a prepared folder. The caller closes them. Throws
 * FILE_MISSING, SHARD_DAMAGED.
 */
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

/**
 * Read the sources of the training rows of a prepared folder. Throws FILE_MISSING for data of an earlier version,
 * FILE_DAMAGED, DATA_MISMATCH.
 */
export function trainSources(folder: string, train: TokenSet): Promise<RowSources> {
  return readRowSources(join(folder, TRAIN), train);
}

import type { TokenSet } from '../data/tokens/token-set.ts';
import { checkModelFolder, modelKind, readModelConfig } from '../model/index.ts';
import { readCausalModel, tooFewIds, tryOnnxFolder } from '../teacher/onnx-outputs.ts';
import { teacherFolder } from './label-identity.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { scorerFolder } from '../recipe/scorer.ts';
import { existsSync } from 'node:fs';
import { readTokenizerName } from '../data/tokenizer/named.ts';
import { dataTokenizerPath } from './prepared-data.ts';
import { checkSameVocabulary } from './vocabulary.ts';

/**
 * Checks, before a run begins, that a model can read its rows: a checkpoint by its configuration and the headers of its files, an exported model by
 * one batch of its own, on the CPU. What is exported for a device alone is tried by its teacher. Throws TOKENIZER_INVALID, and what openOnnxForward and readModelFolder
 * throw of such a model.
 */
export async function checkUsableModel(folder: string, recipe: Recipe): Promise<void> {
  const { data, roles } = recipe;
  if ((await modelKind(folder)) === 'checkpoint') return checkModelFolder(folder);
  if (roles.device !== 'cpu') return;
  const tokenizer = dataTokenizerPath(recipe);
  const isHere = tokenizer !== undefined && existsSync(tokenizer); // machines behind the head need prepared data alone
  const known = isHere ? await readTokenizerName(tokenizer) : undefined;
  const rows = { positions: data.row, vocabulary: known?.vocabularySize };
  await tryOnnxFolder(folder, rows, { threads: roles.threads, device: 'cpu' });
}

/**
 * Checks that a checkpoint or an exported model has the tokenizer of a token set, and knows its ids. Returns how many ids it knows, as far as it
 * says. Throws TOKENIZER_MISMATCH, CONFIG_INVALID, GRAPH_INVALID.
 */
export async function checkReads(
  folder: string,
  data: { readonly name: string; readonly set: TokenSet },
): Promise<number | undefined> {
  if ((await modelKind(folder)) === 'checkpoint') {
    const config = await readModelConfig(folder);
    await checkSameVocabulary(folder, config, data);
    return config.vocabularySize;
  }
  const { path, extent } = await readCausalModel(folder);
  const { vocabularySize } = data.set;
  if (extent !== undefined && extent < vocabularySize) throw tooFewIds(path, extent, vocabularySize);
  await checkSameVocabulary(folder, { vocabularySize }, data);
  return extent;
}

/** Throws FILE_MISSING when the teacher was not trained yet, and as checkUsableModel. */
export async function checkTeacher(recipe: Recipe): Promise<void> {
  await checkUsableModel(await teacherFolder(recipe), recipe);
}

/** Throws as scorerFolder and checkUsableModel. */
export async function checkScorer(recipe: Recipe): Promise<void> {
  const folder = await scorerFolder(recipe);
  if (folder !== undefined) await checkUsableModel(folder, recipe);
}

import type { TokenSet } from '../data/tokens/token-set.ts';
import { checkModelFolder, modelKind, readModelConfig } from '../model/index.ts';
import { readCausalModel, tooFewIds, tryOnnxFolder } from '../teacher/onnx-outputs.ts';
import { teacherFolder } from './label-identity.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { findScorers } from '../recipe/selection/scorer.ts';
import { existsSync } from 'node:fs';
import { readTokenizerName } from '../data/tokenizer/named.ts';
import { dataTokenizerPath } from './prepared-data.ts';
import { checkSameVocabulary } from './vocabulary.ts';

/**
 * Check before a run starts that a model can process its rows: a checkpoint by its configuration and file
 * headers, an exported model by one batch on the CPU. With another device, the teacher tests the model itself.
 * Throws TOKENIZER_INVALID, and as openOnnxForward and readModelFolder.
 */
export async function checkUsableModel(folder: string, recipe: Recipe): Promise<void> {
  const { data, roles } = recipe;
  if ((await modelKind(folder)) === 'checkpoint') return checkModelFolder(folder);
  if (roles.device !== 'cpu') return;
  const tokenizer = dataTokenizerPath(recipe);
  const isHere = tokenizer !== undefined && existsSync(tokenizer); // other machines need only the prepared data
  const known = isHere ? await readTokenizerName(tokenizer) : undefined;
  const rows = { positions: data.row, vocabulary: known?.vocabularySize };
  await tryOnnxFolder(folder, rows, { threads: roles.threads, device: 'cpu' });
}

/**
 * Check that a checkpoint or an exported model has the tokenizer of a token set and covers its ids. Returns the
 * model's vocabulary size, if declared. Throws TOKENIZER_MISMATCH, CONFIG_INVALID, GRAPH_INVALID.
 */
export async function checkReads(
  folder: string,
  data: { readonly name: string; readonly set: Pick<TokenSet, 'vocabularySize' | 'tokenizerIdentity'> },
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

/** Check the teacher of a recipe. Throws FILE_MISSING for an untrained teacher, and as checkUsableModel. */
export async function checkTeacher(recipe: Recipe): Promise<void> {
  await checkUsableModel(await teacherFolder(recipe), recipe);
}

/** Check the scorers of a recipe. Throws as findScorers and checkUsableModel. */
export async function checkScorers(recipe: Recipe): Promise<void> {
  for (const { folder } of await findScorers(recipe)) await checkUsableModel(folder, recipe);
}

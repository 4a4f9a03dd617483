/** Checks that the teacher and the scorers of a run have the tokenizer of its data. */
import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import { readTokenizerName, type TokenizerName } from '../data/tokenizer/named.ts';
import { modelKind, readModelConfig } from '../model/index.ts';
import { readCausalModel, tooFewIds } from '../teacher/onnx-outputs.ts';
import { teacherFolder } from './label-identity.ts';
import { dataTokenizerPath, tokenizerPath } from './prepared-data.ts';
import { distils, type Recipe, selects } from '../recipe/recipe.ts';
import { findScorers } from '../recipe/selection/scorer.ts';

/**
 * Compare a model with the tokenizer of the prepared data, or with data.tokenizer. Does nothing while the
 * run's tokenizer is not trained yet. An exported model that does not declare its vocabulary size is tested by
 * checkUsableModel. Throws TOKENIZER_MISMATCH with both sides, FILE_MISSING, TOKENIZER_INVALID, and as
 * readCausalModel.
 */
export async function checkModelTokenizer(
  recipe: Pick<Recipe, 'run' | 'data'>,
  { what, folder }: { readonly what: string; readonly folder: string },
): Promise<void> {
  const path = dataTokenizerPath(recipe);
  if (path === undefined) return;
  const data = await readTokenizerName(path);
  const own = tokenizerPath(folder);
  if (existsSync(own))
    checkSame({ what, path: own, name: await readTokenizerName(own) }, { path, name: data });
  if ((await modelKind(folder)) === 'onnx') {
    const { path: graph, extent } = await readCausalModel(folder);
    if (extent !== undefined && extent < data.vocabularySize)
      throw tooFewIds(graph, extent, data.vocabularySize);
    return;
  }
  const { vocabularySize } = await readModelConfig(folder);
  if (vocabularySize >= data.vocabularySize) return;
  throw new BrineError(
    'TOKENIZER_MISMATCH',
    `${what} ${folder} has ${vocabularySize} token ids, the tokenizer ${path} has ${data.vocabularySize}`,
    { hint: 'Use a model that was trained with this tokenizer, or resize its embeddings first.' },
  );
}

/**
 * Check the teacher and the scorers of a run; a replay has no teacher. Throws FILE_MISSING for a missing model,
 * and as checkModelTokenizer.
 */
export async function checkModelTokenizers(recipe: Recipe): Promise<void> {
  if (distils(recipe) && recipe.labels?.replay === undefined)
    await checkModelTokenizer(recipe, { what: 'the teacher', folder: await teacherFolder(recipe) });
  const scorers = selects(recipe) ? await findScorers(recipe) : [];
  for (const scorer of scorers) await checkModelTokenizer(recipe, scorer);
}

function checkSame(
  model: { readonly what: string; readonly path: string; readonly name: TokenizerName },
  data: { readonly path: string; readonly name: TokenizerName },
): void {
  const [theirs, ours] = [model.name.identity, data.name.identity];
  if (theirs === ours) return;
  throw new BrineError(
    'TOKENIZER_MISMATCH',
    `${model.what} has the tokenizer ${theirs.slice(0, 12)} (${model.path}), the data has ${ours.slice(0, 12)} (${data.path})`,
    {
      hint: `Prepare the data with that tokenizer (--set data.tokenizer=${model.path}, and another data.prepared), or use a model that was trained with the data's tokenizer.`,
    },
  );
}

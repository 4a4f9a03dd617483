import type { TokenSet } from '../../data/tokens/token-set.ts';
import { readSelection } from '../../select/manifest.ts';
import type { Recipe } from '../recipe.ts';
import { runFolder } from '../run-folder.ts';

/** Read the row numbers that `rows: selected` refers to. Throws FILE_MISSING, FILE_DAMAGED, DATA_MISMATCH. */
export async function readSelectedRows(recipe: Recipe, train: TokenSet): Promise<readonly number[]> {
  const path = recipe.selection?.manifest ?? runFolder(recipe.run).selection;
  const { rows } = await readSelection(path, { data: train.identity, rows: train.rows });
  return rows;
}

import { allRows, listedRows } from '../data/tokens/batches.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import type { DataOrder, Plan } from '../student/training/plan.ts';
import { selects, type Recipe } from './recipe.ts';
import { readSelectedRows } from './selected-rows.ts';

/** Convert a recipe's plan to the training loop's type. */
export function planOf(recipe: Recipe): Plan {
  return recipe.plan.map(({ distil, plain, rows, weight, fade, over }) =>
    distil === undefined
      ? { kind: 'plain', steps: plain ?? 0, rows }
      : { kind: 'distil', steps: distil, rows, weight, fade, over },
  );
}

/** The data order of a run; every role computes the same. Throws as readSelectedRows. */
export async function dataOrderOf(recipe: Recipe, train: TokenSet): Promise<DataOrder> {
  const all = allRows(train.rows);
  const selected = selects(recipe)
    ? listedRows(await readSelectedRows(recipe, train), train.rows)
    : undefined;
  return {
    plan: planOf(recipe),
    seed: recipe.batch.seed,
    batchRows: recipe.batch.rows,
    pools: { all, selected },
  };
}

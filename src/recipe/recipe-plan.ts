import { allRows, listedRows } from '../data/tokens/batches.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import type { DataOrder, Plan } from '../student/training/plan.ts';
import { selects, type Recipe } from './recipe.ts';
import { readSelectedRows } from './selected-rows.ts';

/** What a recipe means by its plan, in the student room's terms. */
export function planOf(recipe: Recipe): Plan {
  return recipe.plan.map(({ distil, plain, rows, weight, fade, over }) =>
    distil === undefined
      ? { kind: 'plain', steps: plain ?? 0, rows }
      : { kind: 'distil', steps: distil, rows, weight, fade, over },
  );
}

/** Everything that decides a run's batches: every role that needs it computes the same. Throws as readSelectedRows. */
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

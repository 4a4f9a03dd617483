import { allRows, listedRows } from '../data/tokens/batches.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import type { LeaveRule } from '../student/rules/leave.ts';
import type { ListenRule } from '../student/rules/listen.ts';
import type { DataOrder, Phase, Plan } from '../student/training/plan.ts';
import { selects, totalSteps, type Recipe, type RecipePhase } from './recipe.ts';
import { readSelectedRows } from './selection/selected-rows.ts';

/** Convert a recipe's plan to the training loop's type. */
export function planOf(recipe: Pick<Recipe, 'plan'>): Plan {
  const total = totalSteps(recipe);
  return recipe.plan.map(
    ({ distil, plain, smoothing, rows, weight, fade, over, to, listen, leave }): Phase =>
      distil === undefined
        ? { kind: 'plain', steps: plain ?? 0, rows, ...(smoothing !== undefined && { smoothing }) }
        : {
            kind: 'distil',
            steps: distil,
            rows,
            weight,
            fade,
            over,
            ...(to !== undefined && { to }),
            ...(listen && { listen: listenOf(listen, total) }),
            ...(leave && { leave: leaveOf(leave, total) }),
          },
  );
}

/** Share of the plan in which `n` of the rule bias-variance grows by 1. */
const UNIT = 0.02;

function listenOf(
  { rule, unit, topK = 1, ...bounds }: NonNullable<RecipePhase['listen']>,
  total: number,
): ListenRule {
  if (rule === 'bias-variance') return { rule, unit: unit ?? Math.max(1, Math.round(UNIT * total)) };
  return rule === 'realised' ? { rule, topK } : { rule, ...bounds };
}

function leaveOf(leave: NonNullable<RecipePhase['leave']>, total: number): LeaveRule {
  const { when, margin = 0, smoothing = 0.5, above = 90, times = 3 } = leave;
  const over = Math.max(1, Math.round(leave.over * total));
  if (when === 'angle') return { when, above, times, over };
  return when === 'held-out' ? { when, margin, over } : { when, margin, smoothing, over };
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

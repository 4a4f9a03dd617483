/** The teaching of a rank at its start, and the rules' state on its way to another rank. */
import type { TokenSet } from '../../data/tokens/token-set.ts';
import { evaluatedRows, heldOutPath, readHeldOut } from '../../inputs/held-out-file.ts';
import { planOf } from '../../recipe/recipe-plan.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import {
  BUCKETS,
  bucketAmong,
  edgesOf,
  heldOutTeacher,
  type HeldOutTeacher,
} from '../../student/rules/held-out-teacher.ts';
import { comparesTeacher, Teaching, type TeachingState } from '../../student/rules/teaching.ts';
import type { Validation } from '../../student/training/validation.ts';

/** What rules of a plan compare the student with. */
export interface Comparison {
  readonly teacher?: HeldOutTeacher | undefined;
  readonly buckets?: Validation['buckets'];
}

/**
 * The held-out teacher of a run; nothing if its plan does not need it. `teacher` is the identity of the
 * labels' teacher. Throws as readHeldOut.
 */
export async function comparisonOf(
  recipe: Recipe,
  validation: TokenSet | undefined,
  teacher: string | undefined,
): Promise<Comparison> {
  const plan = planOf(recipe);
  if (!comparesTeacher(plan) || !validation || teacher === undefined) return {};
  const { rows } = await readHeldOut(heldOutPath(recipe), {
    data: validation.identity,
    teacher,
    rows: evaluatedRows(recipe, validation),
    positions: validation.rowLength - 1,
  });
  const found = heldOutTeacher(rows);
  const byBucket = plan.some((phase) => phase.kind === 'distil' && phase.leave?.when === 'bucket');
  if (!byBucket) return { teacher: found };
  const edges = edgesOf(found);
  const groups = rows.map(({ entropy }) => Uint8Array.from(entropy, (nats) => bucketAmong(edges, nats)));
  return { teacher: found, buckets: { count: BUCKETS, of: (row) => groups[row]! } };
}

/** The teaching at the start of a run, or with the state of a checkpoint or another rank. */
export function teachingOf(
  recipe: Recipe,
  { teacher }: Comparison,
  state: TeachingState | undefined,
): Teaching {
  return new Teaching(planOf(recipe), teacher, state);
}

/** The arrays of an engine's state and, for plans whose rules have a state, one more with its text. */
export function withTeaching(
  arrays: readonly Float32Array[],
  state: TeachingState | undefined,
): Float32Array[] {
  if (!state) return [...arrays];
  return [...arrays, Float32Array.from(Buffer.from(JSON.stringify(state)))];
}

/** The reverse of `withTeaching`, for a plan whose rules have a state or not. */
export function splitTeaching(
  arrays: readonly Float32Array[],
  adapts: boolean,
): { arrays: readonly Float32Array[]; state: TeachingState | undefined } {
  if (!adapts) return { arrays, state: undefined };
  const text = Buffer.from(Uint8Array.from(arrays.at(-1)!)).toString();
  return { arrays: arrays.slice(0, -1), state: JSON.parse(text) as TeachingState };
}

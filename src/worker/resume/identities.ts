import { existsSync } from 'node:fs';
import { sha256, sha256File } from '../../base/checksum.ts';
import { BrineError } from '../../base/errors.ts';
import type { TokenSet } from '../../data/tokens/token-set.ts';
import { identityHash, type LabelIdentity } from '../../labels/identity.ts';
import { readModelConfig, type ModelConfig } from '../../model/index.ts';
import { checkResume, type Identities } from '../../student/checkpoint/checkpoint.ts';
import type { CheckpointState } from '../../student/checkpoint/trainer-file.ts';
import { canonical, recipeIdentity, selects, type Recipe } from '../../recipe/recipe.ts';
import { runFolder } from '../../recipe/run-folder.ts';
import { readSelectedRows } from '../../recipe/selection/selected-rows.ts';
import { heldOutPath } from '../../inputs/held-out-file.ts';
import { planOf } from '../../recipe/recipe-plan.ts';
import { comparesTeacher } from '../../student/rules/teaching.ts';
import { startOf, studentConfig } from '../../inputs/student-start.ts';
import { refusedChanges } from './recipe-changes.ts';
import { otherKeys } from './resumption.ts';

/**
 * Content hashes of the inputs that determine a run's result, besides its recipe keys. Excludes a
 * selection that does not exist yet.
 */
export async function runIdentities(
  recipe: Recipe,
  { train, labels }: { train: TokenSet; labels: LabelIdentity | undefined },
): Promise<Identities> {
  const start = await startOf(recipe);
  const selection = recipe.selection?.manifest ?? runFolder(recipe.run).selection;
  return {
    ...(labels && { labels: identityHash(labels) }),
    data: train.identity,
    tokenizer: train.tokenizerIdentity,
    ...(start && { start: start.identity }),
    ...(selects(recipe) &&
      existsSync(selection) && {
        selection: sha256(canonical(await readSelectedRows(recipe, train))),
      }),
    ...(comparesTeacher(planOf(recipe)) &&
      existsSync(heldOutPath(recipe)) && { heldOut: await sha256File(heldOutPath(recipe)) }),
    recipe: recipeIdentity(recipe),
  };
}

export interface Trained {
  /** Folder of the checkpoint. */
  readonly folder: string;
  readonly state: CheckpointState;
}

/**
 * Compares a checkpoint with the run that would resume from it: recipe keys, labels, data,
 * tokenizer, selection, model. Throws CONFIG_INVALID for keys, and CHECKPOINT_MISMATCH with both
 * values.
 */
export async function checkTrained(
  { folder, state }: Trained,
  { recipe, identities }: { recipe: Recipe; identities: Identities },
): Promise<void> {
  if (state.recipe) {
    const refused = refusedChanges(state.recipe, recipe, state.step);
    if (refused.length > 0) throw otherKeys(recipe.run, refused);
  }
  checkResume(folder, ...comparable(state.identities, identities));
  const was = await readModelConfig(folder);
  const is = await studentConfig(recipe, was.vocabularySize, await startOf(recipe));
  const changed = changedSettings(was, is);
  if (changed.length === 0) return;
  throw new BrineError(
    'CHECKPOINT_MISMATCH',
    `the model of ${folder} differs from student.model ${recipe.student.model}: ${changed.join('; ')}`,
    { hint: 'Resume with the same model, or use another run folder.' },
  );
}

/**
 * Restricts both to the names that they share: a later phase of the plan may add distillation or
 * selection, and earlier versions recorded fewer names. Recipes are compared key by key instead.
 */
function comparable(saved: Identities, now: Identities): [Identities, Identities] {
  const only = (own: Identities, other: Identities) =>
    Object.fromEntries(Object.entries(own).filter(([name]) => name in other && name !== 'recipe'));
  return [only(saved, now), only(now, saved)];
}

/**
 * Ignores the vocabulary size, which the checkpoint has from its data, and the initialiser range,
 * which no longer matters.
 */
function changedSettings(was: ModelConfig, is: ModelConfig): string[] {
  const settings = (config: ModelConfig): Record<string, unknown> => {
    const { vocabularySize: _, initializerRange: __, ...others } = config;
    return others;
  };
  const [before, now] = [settings(was), settings(is)];
  return Array.from(new Set([...Object.keys(before), ...Object.keys(now)]))
    .filter((key) => canonical(before[key]) !== canonical(now[key]))
    .map((key) => `${key}: ${canonical(before[key])}, now ${canonical(now[key])}`);
}

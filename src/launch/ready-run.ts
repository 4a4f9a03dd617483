import { scoped } from '../base/scope.ts';
import { moveAside, type Identities, type Survey } from '../student/checkpoint/checkpoint.ts';
import { checkStored, expectedLabels } from '../inputs/open-labels.ts';
import { partitionsOf, labelFolder } from '../inputs/label-rule.ts';
import { withPinnedSteps } from '../inputs/pinned.ts';
import { openData, preparedFolder } from '../inputs/prepared-data.ts';
import { type Recipe } from '../recipe/recipe.ts';
import { checkTrained, runIdentities } from '../worker/resume/identities.ts';
import { changedKeys, changeText } from '../worker/resume/recipe-changes.ts';
import { everyKey } from '../worker/resume/every-key.ts';
import { checkKeys, earlierRun, type Earlier, type EarlierOptions } from '../worker/resume/resumption.ts';

/**
 * A run whose folder, recipe keys and checkpoints have been checked. Its data may not be prepared
 * yet.
 */
export interface FoundRun {
  /** Contains the steps that the run started with (pinned.ts). */
  readonly recipe: Recipe;
  readonly earlier: Earlier;
}

/**
 * Checks that a run may start or resume in its folder. Writes nothing. Throws as earlierRun and
 * checkKeys.
 */
export async function checkRunFolder(recipe: Recipe, options: EarlierOptions): Promise<Earlier> {
  const earlier = await earlierRun(recipe.run, options);
  await checkKeys(recipe, earlier);
  return earlier;
}

/**
 * Finds the earlier run in the folder, if any. Writes nothing. Throws as checkRunFolder and
 * findCheckpoint.
 */
export async function findRun(recipe: Recipe, options: EarlierOptions): Promise<FoundRun> {
  const earlier = await checkRunFolder(recipe, options);
  return { recipe: await withPinnedSteps(recipe, earlier.recipe), earlier };
}

/**
 * Compares data, labels and model of a run with those that it was trained on. Then renames damaged
 * checkpoints that are later than the latest intact one. Returns notes for the terminal, one a
 * line. Throws CHECKPOINT_MISMATCH, and the errors of checkStored.
 */
export function checkFound({ recipe, earlier }: FoundRun): Promise<string[]> {
  return scoped(async (scope) => {
    const { latest, damaged } = earlier.survey;
    const stored = recipe.labels !== undefined && partitionsOf(labelFolder(recipe)) > 0;
    if (latest || stored || recipe.labels?.replay !== undefined) {
      const { train } = scope.use(await openData(preparedFolder(recipe)));
      const labels = await expectedLabels(recipe, train);
      if (latest) {
        const identities: Identities = await runIdentities(recipe, { train, labels });
        await checkTrained(latest, { recipe, identities });
      }
      if (labels && recipe.labels?.replay === undefined) await checkStored(recipe, labels);
    }
    return [...(await moveDamaged({ latest, damaged })), ...changeNotes(recipe, earlier)];
  });
}

/**
 * Renames damaged checkpoints that are later than the latest intact one. Returns a line for each.
 * Throws FILE_UNWRITABLE.
 */
export async function moveDamaged({ latest, damaged }: Survey): Promise<string[]> {
  if (!latest) return [];
  const notes: string[] = [];
  for (const { folder, fault } of damaged) {
    const aside = await moveAside(folder, 'damaged');
    notes.push(
      `${folder} is damaged (${fault}) and was renamed to ${aside}; the run continues from ${latest.folder}`,
    );
  }
  return notes;
}

function changeNotes(recipe: Recipe, { recipe: before }: Earlier): string[] {
  if (!before) return [];
  const changes = changedKeys(everyKey(before), everyKey(recipe)).map(changeText);
  return changes.length === 0 ? [] : [`the recipe has changed: ${changes.join('; ')}`];
}

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { BrineError } from '../../base/errors.ts';
import { surveyCheckpoints, type Survey } from '../../student/checkpoint/checkpoint.ts';
import { recipeRecord, totalSteps, type Recipe } from '../../recipe/recipe.ts';
import { readResolved, runFolder } from '../../recipe/run-folder.ts';
import { changeText, refusedChanges, type RefusedChange } from './recipe-changes.ts';

/**
 * Whether a run goes on from what its folder holds: `true` from a checkpoint that must be there, `auto` from one that may be there, `false` not:
 * it begins anew, and the folder must not hold a run.
 */
export type Resume = boolean | 'auto';

/** What a run folder holds of the run before. */
export interface Earlier {
  /** The recipe that the run was begun or resumed with last. */
  readonly recipe?: Recipe | undefined;
  readonly survey: Survey;
  /** Processes of the run live on, and have its state. */
  readonly isLed: boolean;
}

export interface EarlierOptions {
  readonly resume: Resume;
  /** Processes of the run live on, and have its state. */
  readonly isLed: boolean;
}

/**
 * Looks at a run folder. Throws FILE_EXISTS for one that holds a run where none is resumed, FILE_MISSING where there is nothing to resume, and
 * CHECKPOINT_DAMAGED when none of its checkpoints is whole.
 */
export async function earlierRun(run: string, { resume, isLed }: EarlierOptions): Promise<Earlier> {
  const folder = runFolder(run);
  const recipe = existsSync(folder.recipe) ? await readResolved(run) : undefined;
  if (resume === false) {
    const saved = await readdir(folder.checkpoints).catch(() => []);
    if (!recipe && saved.length === 0) return { survey: { damaged: [] }, isLed };
    throw new BrineError('FILE_EXISTS', `${run} holds a run already`, {
      hint: 'Go on with it by --resume, or name another folder with --set run=FOLDER. Nothing was changed.',
    });
  }
  if (isLed) return { recipe, survey: { damaged: [] }, isLed };
  const survey = await surveyCheckpoints(folder.checkpoints);
  if (survey.newest) return { recipe, survey, isLed };
  if (survey.damaged.length > 0) throw noneIsWhole(run, survey);
  if (resume === true) throw nothingToResume(run, recipe !== undefined);
  return { recipe, survey, isLed };
}

function noneIsWhole(run: string, { damaged }: Survey): BrineError {
  const faults = damaged.map(({ folder, fault }) => `\n  ${folder}: ${fault}`);
  return new BrineError('CHECKPOINT_DAMAGED', `no checkpoint of ${run} is whole:${faults.join('')}`, {
    hint: `Begin anew in another folder: brine train ${runFolder(run).recipe} --set run=${run}-again`,
  });
}

function nothingToResume(run: string, hasRecipe: boolean): BrineError {
  const what = hasRecipe ? 'it holds a run without a checkpoint' : 'it holds no run';
  return new BrineError('FILE_MISSING', `there is nothing to resume in ${run}: ${what}`, {
    hint: 'Name the folder of the run with --set run=FOLDER; --resume=auto begins at step 0 where there is nothing to resume.',
  });
}

/**
 * Compares the keys of the recipe with those that the run was trained by. Throws CONFIG_INVALID, naming each key with both values, and
 * CHECKPOINT_MISMATCH for a checkpoint of an earlier version that belongs to another recipe than the folder's.
 */
export async function checkKeys(now: Recipe, { recipe, survey, isLed }: Earlier): Promise<void> {
  const { newest } = survey;
  if (newest && !newest.state.recipe)
    await checkEarlierVersion(now.run, newest.folder, newest.state.identities);
  const trained = newest?.state.recipe ?? (recipe && recipeRecord(recipe));
  if (!trained) return;
  // How far living processes have come nobody knows yet.
  const led = isLed && recipe ? Math.min(totalSteps(recipe), totalSteps(now)) : 0;
  const refused = refusedChanges(trained, now, newest?.step ?? led);
  if (refused.length > 0) throw otherKeys(now.run, refused);
}

/** Also for a rank that loads a checkpoint: see checkKeys. */
export function otherKeys(run: string, refused: readonly RefusedChange[]): BrineError {
  const lines = refused.map((change) => changeText(change) + (change.why ? ` (${change.why})` : ''));
  const text = lines.length === 1 ? ` ${lines[0]}` : lines.map((line) => `\n  ${line}`).join('');
  return new BrineError('CONFIG_INVALID', `${run} was begun with another recipe:${text}`, {
    hint: `${wayBack(run, refused)} Or give this one a folder of its own: --set run=FOLDER`,
  });
}

/** Its own recipe may be the one that was edited, so that keys are said by their earlier values where they fit on a line. */
function wayBack(run: string, refused: readonly RefusedChange[]): string {
  const isShort = refused.every(({ before }) => ['string', 'number', 'boolean'].includes(typeof before));
  if (!isShort || refused.length > 3)
    return `Resume with its own recipe: brine train ${runFolder(run).recipe} --resume.`;
  return `Go on as it was begun: ${refused.map(({ key, before }) => `--set '${key}=${String(before)}'`).join(' ')}.`;
}

/** Recipes named themselves by a hash in their first lines, and checkpoints kept that alone. */
async function checkEarlierVersion(
  run: string,
  folder: string,
  identities: Readonly<Record<string, string>>,
): Promise<void> {
  const path = runFolder(run).recipe;
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  const [, named] = /^# identity ([0-9a-f]{64})$/m.exec(text) ?? [];
  if (named === undefined || named === identities['recipe']) return;
  throw new BrineError(
    'CHECKPOINT_MISMATCH',
    `${folder} was trained with the recipe ${identities['recipe']}, ${path} is ${named}`,
    { hint: 'Put checkpoints back into the folder of their run.' },
  );
}

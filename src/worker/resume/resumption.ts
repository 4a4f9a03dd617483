import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { BrineError } from '../../base/errors.ts';
import { surveyCheckpoints, type Survey } from '../../student/checkpoint/checkpoint.ts';
import { recipeRecord, totalSteps, type Recipe } from '../../recipe/recipe.ts';
import { readResolved, runFolder } from '../../recipe/run-folder.ts';
import { changeText, refusedChanges, type RefusedChange } from './recipe-changes.ts';

/**
 * Whether a run resumes from its folder. `true`: a checkpoint must exist. `auto`: one may exist.
 * `false`: the run starts at step 0, and the folder must not contain a run.
 */
export type Resume = boolean | 'auto';

/** The earlier run in a run folder. */
export interface Earlier {
  /** The recipe of the run's last start. */
  readonly recipe?: Recipe | undefined;
  readonly survey: Survey;
  /** Whether processes of the run are alive and have its state. */
  readonly isLed: boolean;
}

export interface EarlierOptions {
  readonly resume: Resume;
  /** Whether processes of the run are alive and have its state. */
  readonly isLed: boolean;
}

/**
 * Reads a run folder. Throws FILE_EXISTS if it contains a run that is not to be resumed,
 * FILE_MISSING if there is nothing to resume, and CHECKPOINT_DAMAGED if none of its checkpoints is
 * intact.
 */
export async function earlierRun(run: string, { resume, isLed }: EarlierOptions): Promise<Earlier> {
  const folder = runFolder(run);
  const recipe = existsSync(folder.recipe) ? await readResolved(run) : undefined;
  if (resume === false) {
    const saved = await readdir(folder.checkpoints).catch(() => []);
    if (!recipe && saved.length === 0) return { survey: { damaged: [] }, isLed };
    throw new BrineError('FILE_EXISTS', `${run} already contains a run`, {
      hint: 'Continue it with --resume, or choose another folder with --set run=FOLDER. Nothing was changed.',
    });
  }
  if (isLed) return { recipe, survey: { damaged: [] }, isLed };
  const survey = await surveyCheckpoints(folder.checkpoints);
  if (survey.latest) return { recipe, survey, isLed };
  if (survey.damaged.length > 0) throw noneIsIntact(run, survey);
  if (resume === true) throw nothingToResume(run, recipe !== undefined);
  return { recipe, survey, isLed };
}

function noneIsIntact(run: string, { damaged }: Survey): BrineError {
  const faults = damaged.map(({ folder, fault }) => `\n  ${folder}: ${fault}`);
  return new BrineError('CHECKPOINT_DAMAGED', `no checkpoint of ${run} is intact:${faults.join('')}`, {
    hint: `Start again in another folder: brine train ${runFolder(run).recipe} --set run=${run}-again`,
  });
}

function nothingToResume(run: string, hasRecipe: boolean): BrineError {
  const what = hasRecipe ? 'its run has no checkpoint' : 'it contains no run';
  return new BrineError('FILE_MISSING', `there is nothing to resume in ${run}: ${what}`, {
    hint: 'Give the folder of the run with --set run=FOLDER. With --resume=auto, a run without a checkpoint begins at step 0.',
  });
}

/**
 * Compares the recipe with the one that the run was trained with. Throws CONFIG_INVALID with each
 * key and both values, and CHECKPOINT_MISMATCH for a checkpoint of an earlier version that belongs
 * to another recipe than the folder's.
 */
export async function checkKeys(now: Recipe, { recipe, survey, isLed }: Earlier): Promise<void> {
  const { latest } = survey;
  if (latest && !latest.state.recipe)
    await checkEarlierVersion(now.run, latest.folder, latest.state.identities);
  const trained = latest?.state.recipe ?? (recipe && recipeRecord(recipe));
  if (!trained) return;
  // The progress of the live processes is not known yet: assume the maximum.
  const led = isLed && recipe ? Math.min(totalSteps(recipe), totalSteps(now)) : 0;
  const refused = refusedChanges(trained, now, latest?.step ?? led);
  if (refused.length > 0) throw otherKeys(now.run, refused);
}

/** The error for forbidden recipe changes; also used by a rank that loads a checkpoint. */
export function otherKeys(run: string, refused: readonly RefusedChange[]): BrineError {
  const lines = refused.map((change) => changeText(change) + (change.why ? ` (${change.why})` : ''));
  const text = lines.length === 1 ? ` ${lines[0]}` : lines.map((line) => `\n  ${line}`).join('');
  return new BrineError('CONFIG_INVALID', `${run} was started with another recipe:${text}`, {
    hint: `${wayBack(run, refused)} Or use another run folder: --set run=FOLDER`,
  });
}

/**
 * The hint gives the earlier values, if they are short, because the run's own recipe file may be
 * the one that was edited.
 */
function wayBack(run: string, refused: readonly RefusedChange[]): string {
  const isShort = refused.every(({ before }) => ['string', 'number', 'boolean'].includes(typeof before));
  if (!isShort || refused.length > 3)
    return `Resume with its own recipe: brine train ${runFolder(run).recipe} --resume.`;
  return `Resume with the earlier values: ${refused.map(({ key, before }) => `--set '${key}=${String(before)}'`).join(' ')}.`;
}

/**
 * Earlier versions wrote the recipe's hash into its first lines, and only that hash into
 * checkpoints.
 */
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
    `${folder} was trained with recipe ${identities['recipe']}, but ${path} is ${named}`,
    { hint: 'Move the checkpoints back into the folder of their run.' },
  );
}

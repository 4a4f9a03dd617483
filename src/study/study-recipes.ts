import { join } from 'node:path';
import { sha256 } from '../base/checksum.ts';
import { BrineError } from '../base/errors.ts';
import { drawingRule } from '../inputs/label-rule.ts';
import { ruleText } from '../labels/identity.ts';
import { planOf } from '../recipe/recipe-plan.ts';
import { runFolder } from '../recipe/run-folder.ts';
import { STUDY_RECORD } from '../report/study-record.ts';
import { rateText } from '../report/study-table.ts';
import { canonical, distils, readRecipe, recipeRecord, type Recipe } from '../recipe/recipe.ts';
import { comparesTeacher } from '../student/rules/teaching.ts';
import type { Job } from './schedule.ts';
import type { Arm, Study } from './study-file.ts';

/** The recipes of a study's runs, and where each lives in the folder of the study. */

/** Paths in the folder of a study. */
export interface StudyFolder {
  readonly record: string;
  readonly data: string;
  readonly teacher: (name: string) => string;
  readonly labels: (name: string) => string;
  readonly selections: (name: string) => string;
  readonly measured: (name: string) => string;
  readonly run: (name: string) => string;
}

export function studyFolder(path: string): StudyFolder {
  return {
    record: join(path, STUDY_RECORD),
    data: join(path, 'data'),
    teacher: (name) => join(path, name),
    labels: (name) => join(path, 'labels', name),
    selections: (name) => join(path, 'selections', name),
    measured: (name) => join(path, 'measured', name),
    run: (name) => join(path, 'runs', name),
  };
}

/** The recipes of the small models, by name. Throws as readRecipe. */
export async function teacherRecipes(study: Study, base: Recipe): Promise<ReadonlyMap<string, Recipe>> {
  const { teacher } = studyFolder(study.folder);
  const recipes = new Map<string, Recipe>();
  for (const { name, recipe } of study.teachers)
    recipes.set(
      name,
      await readRecipe(recipe, [`run=${teacher(name)}`, `data.prepared=${preparedOf(study, base)}`]),
    );
  return recipes;
}

/** The base recipe, for the data that all runs share. Throws as readRecipe. */
export async function baseRecipe(study: Study): Promise<Recipe> {
  return readRecipe(study.base);
}

/** A run of a study. */
export interface StudyRecipe {
  /** With labels that a replay provides, and rows that are already selected. */
  readonly recipe: Recipe;
  /** Recipe that fills the label cache of the run with a teacher; undefined without labels. */
  readonly filling: Recipe | undefined;
  /** Recipe that selects the rows of the run; undefined without a selection of its own. */
  readonly selecting: Recipe | undefined;
}

/**
 * The recipes of one run. Runs with the same selection or label rule share it. The name of the run folder has a
 * hash of all that determines the result, so an edited study never takes an earlier result for its own. Throws
 * CONFIG_INVALID, naming the arm.
 */
export async function studyRecipe(study: Study, arm: Arm, job: Omit<Job, 'arm'>): Promise<StudyRecipe> {
  const folder = studyFolder(study.folder);
  const base = await baseRecipe(study);
  const sets = [
    ...arm.sets,
    `student.seed=${job.seed}`,
    `batch.seed=${job.seed}`,
    `optimizer.adamw.rate=${job.learningRate}`,
    `data.prepared=${preparedOf(study, base)}`,
    'checkpoint.keep=1',
  ];
  const given = await readArm(study, arm, sets);
  const own = withStudyTeacher(given, study, arm);
  const selecting = selectingOf(own, folder);
  const selected = selecting
    ? { ...own, selection: { ...own.selection!, manifest: runFolder(selecting.run).selection } }
    : own;
  const name = `${arm.name}-${rateText(job.learningRate)}-s${job.seed}-${hashOf(resultOf(own))}`;
  const recipe = { ...selected, run: folder.run(name) };
  if (!distils(recipe) || !recipe.labels) return { recipe, filling: undefined, selecting };
  const { checkpoint = '' } = recipe.teacher ?? {};
  const labels = folder.labels(hashOf(`${ruleText(drawingRule(recipe))} ${checkpoint}`));
  // The teacher is measured for the rules of a plan once: in the folder of this recipe, which never trains.
  const measured = folder.measured(hashOf(canonical([checkpoint, recipe.evaluate.rows ?? null])));
  const filling = { ...recipe, run: measured, labels: { ...recipe.labels, folder: labels } };
  const heldOut = runFolder(measured).heldOutTeacher;
  const replayed = { ...recipe.labels, replay: labels, ...(adapts(recipe) && { heldOut }) };
  return { recipe: { ...recipe, labels: replayed }, filling, selecting };
}

/** Whether the plan has rules that compare with the teacher on held-out text. */
export function adapts(recipe: Recipe): boolean {
  return comparesTeacher(planOf(recipe));
}

async function readArm(
  { base, file }: Study,
  { name, sets: keys }: Arm,
  sets: readonly string[],
): Promise<Recipe> {
  try {
    return await readRecipe(base, sets);
  } catch (error) {
    if (!(error instanceof BrineError) || keys.length === 0) throw error;
    throw new BrineError(error.code, `${file}: arm ${name}: ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}

/** Resolves NAME and NAME@STEP to the study's teachers. The first of them is the default teacher. */
function withStudyTeacher(recipe: Recipe, study: Study, { sets }: Arm): Recipe {
  const [first] = study.teachers;
  if (!first) return recipe;
  const folder = studyFolder(study.folder);
  const resolved = (checkpoint: string) => {
    const { name } = namedTeacher(checkpoint, study) ?? {};
    return name === undefined ? checkpoint : folder.teacher(name) + checkpoint.slice(name.length);
  };
  const { teacher, selection, student } = recipe;
  const scorer = selection?.scorer;
  const later = selection?.later;
  const start = student.start === undefined ? undefined : resolved(student.start);
  const isSet = sets.some((set) => set.startsWith('teacher.'));
  const checkpoint = isSet ? resolved(teacher?.checkpoint ?? '') : folder.teacher(first.name);
  return {
    ...recipe,
    ...(start !== undefined && {
      student: { ...student, start, model: student.model === student.start ? start : student.model },
    }),
    ...(teacher && { teacher: { ...teacher, checkpoint } }),
    ...(selection && {
      selection: {
        ...selection,
        ...(scorer !== undefined && { scorer: resolved(scorer) }),
        ...(later !== undefined && { later: resolved(later) }),
      },
    }),
  };
}

function selectingOf(recipe: Recipe, folder: StudyFolder): Recipe | undefined {
  const { selection } = recipe;
  if (!selection || selection.manifest !== undefined) return undefined;
  return { ...recipe, run: folder.selections(hashOf(JSON.stringify(selection))) };
}

/** The folder of the prepared data: the base recipe's, so that studies can share it, or one in the study. */
export function preparedOf(study: Study, { data }: Recipe): string {
  return data.prepared ?? studyFolder(study.folder).data;
}

/**
 * All that determines the evaluations of a run, as text. Keys that are not set are left out, so a key that a later
 * version adds does not change it.
 */
function resultOf(recipe: Recipe): string {
  const { 'data.prepared': _, ...record } = recipeRecord(recipe);
  const set = Object.entries({ ...record, evaluate: recipe.evaluate }).filter(([, value]) => value !== null);
  return canonical(Object.fromEntries(set));
}

function hashOf(text: string): string {
  return sha256(text).slice(0, 8);
}

/** A checkpoint NAME or NAME@STEP of one of the study's teachers. */
export interface TeacherCheckpoint {
  readonly name: string;
  /** Undefined for the last one. */
  readonly step: number | undefined;
}

function namedTeacher(checkpoint: string, { teachers }: Study): TeacherCheckpoint | undefined {
  const [, name, step] = /^([^@]*)(?:@(\d+))?$/.exec(checkpoint) ?? [];
  if (name === undefined || !teachers.some((teacher) => teacher.name === name)) return undefined;
  return { name, step: step === undefined ? undefined : Number(step) };
}

/** Which of the study's teachers a resolved path is; undefined for any other model. */
export function ownTeacher(path: string | undefined, study: Study): TeacherCheckpoint | undefined {
  const prefix = studyFolder(study.folder).teacher('');
  return path?.startsWith(prefix)
    ? namedTeacher(path.slice(prefix.length).replace(/^\//, ''), study)
    : undefined;
}

import { basename, dirname, resolve } from 'node:path';
import { asBrineError } from '../base/errors.ts';
import { sizeOfRun, type RunSize } from '../inputs/run-size.ts';
import { withFixedPaths } from '../recipe/fixed-paths.ts';
import { planText } from '../recipe/plan/plan-text.ts';
import { effectiveRecipe, recipeIdentity, type Recipe } from '../recipe/recipe.ts';
import { readResolved, recipeText, runFolder } from '../recipe/run-folder.ts';
import { numberText } from '../report/html/number-text.ts';
import type { Fact } from '../report/html/page.ts';
import type { RunData, Sample, SavedCheckpoint } from '../report/pages/run-data.ts';
import { listCheckpoints } from '../student/checkpoint/checkpoint.ts';
import { generateText } from '../tasks/generate.ts';
import { trainingFlops } from '../tasks/init/model-sizes.ts';
import { collectCache } from './run-labels.ts';
import { collectSelection } from './run-selection.ts';
import { mergeSteps, readStudents } from './run-steps.ts';

export interface CollectOptions {
  /** A run folder. */
  readonly run: string;
  /** Generate sample texts from the latest checkpoint. */
  readonly samples: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Collects what a report of a run shows, from a finished run or one in progress. A part that cannot be read, such as
 * a cache that is on another machine, becomes a note. Throws FILE_MISSING for a folder without a recipe, and
 * CONFIG_INVALID.
 */
export async function collectRun({ run, samples, signal }: CollectOptions): Promise<RunData> {
  const recipe = withFixedPaths(await readResolved(run));
  const folder = runFolder(run);
  const notes: string[] = [];
  const part = <T>(name: string, work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      if (signal?.aborted) throw error;
      notes.push(`${name}: ${asBrineError(error).message}`);
      return undefined;
    });
  const size = await part('Size of the student', sizeOfRun(recipe));
  const records = await readStudents(dirname(folder.metrics('student-0')));
  const saved = new Set((await listCheckpoints(folder.checkpoints)).map(({ step }) => step));
  const perToken = size && trainingFlops(size.config, recipe.data.row);
  return {
    name: basename(resolve(run)),
    facts: [...factsOf(recipe, size), ['Folder', run]],
    steps: mergeSteps(records.steps, perToken),
    evaluations: records.evaluations,
    checkpoints: records.checkpoints.map((one): SavedCheckpoint => ({ ...one, isKept: saved.has(one.step) })),
    cache: await part('Label cache', collectCache(recipe, signal)),
    selection: await part('Selected rows', collectSelection(recipe)),
    samples: samples && saved.size > 0 ? await part('Sample texts', sampleTexts(run, signal)) : undefined,
    notes: [...records.notes, ...notes],
    recipe: recipeText(effectiveRecipe(recipe)),
  };
}

/** Beginnings of the sample texts; an empty one lets the model begin. */
const PROMPTS = ['', 'The '];
const SAMPLING = { tokens: 60, temperature: 0.8, topP: 0.95, seed: 1, threads: 2 } as const;

async function sampleTexts(run: string, signal: AbortSignal | undefined): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const prompt of PROMPTS) {
    const { text } = await generateText({ checkpoint: run, prompt, ...SAMPLING, ...(signal && { signal }) });
    samples.push({ heading: prompt === '' ? 'Without a prompt' : `After the prompt “${prompt}”`, text });
  }
  return samples;
}

function factsOf(recipe: Recipe, size: RunSize | undefined): Fact[] {
  const { plan, student, roles, data, teacher, batch } = recipe;
  return [
    ['Plan', planText(plan)],
    ['Student', `${student.model}${size ? `, ${numberText(size.parameters, 'count')} parameters` : ''}`],
    ...(teacher ? [['Teacher', teacher.checkpoint] as const] : []),
    ['Ranks', String(roles.ranks)],
    ['Batch', `${batch.rows} rows of ${data.row} tokens`],
    ['Corpus', data.corpus ?? data.prepared ?? '–'],
    ['Seed', String(student.seed)],
    ['Recipe identity', recipeIdentity(recipe).slice(0, 12)],
  ];
}

import { dirname, resolve } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { parseWith } from '../base/schema.ts';
import { z, type Z } from '../base/zod.ts';
import { readRecipeSource } from '../recipe/recipe-source.ts';
import { count, path, seed } from '../recipe/units.ts';

/**
 * The file of a study: which plans to compare, with which seeds and learning rates. An arm is a set of recipe keys
 * on top of the base recipe, so everything that a recipe can say can be compared.
 */
const name = () =>
  z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'expected lower-case letters, digits, "-" and "."');

const STUDY = z.strictObject({
  folder: path(),
  base: path(),
  teachers: z.record(name(), path()).default({}),
  baseline: name(),
  seeds: z.array(seed()).min(1),
  rates: z.array(z.number().positive().max(10)).min(1),
  tuningSeeds: count().default(1),
  parallel: count().optional(),
  heldOut: z.record(name(), path()).default({}),
  arms: z.record(name(), z.record(z.string(), z.unknown())),
});

export interface Study extends Omit<Z.infer<typeof STUDY>, 'arms' | 'teachers'> {
  /** Of the study file, for messages. */
  readonly file: string;
  /** The small models that the study trains. Arms that distil use the first by default. */
  readonly teachers: readonly { readonly name: string; readonly recipe: string }[];
  readonly arms: readonly Arm[];
}

export interface Arm {
  readonly name: string;
  /** Assignments to recipe keys, "KEY=JSON". */
  readonly sets: readonly string[];
}

/**
 * Reads a study. Paths of recipes are relative to the file; the folder is relative to the working folder. Throws
 * FILE_MISSING and CONFIG_INVALID.
 */
export async function readStudy(file: string, assignments: readonly string[] = []): Promise<Study> {
  const { value } = await readRecipeSource(file, assignments);
  const { arms, teachers, ...study } = parseWith(STUDY, value, {
    what: file,
    hint: 'Compare with cluster/studies/quick.yaml and docs/studies.md.',
  });
  const beside = (recipe: string) => resolve(dirname(file), recipe);
  const checked = {
    ...study,
    file,
    base: beside(study.base),
    teachers: Object.entries(teachers).map(([teacher, recipe]) => ({
      name: teacher,
      recipe: beside(recipe),
    })),
    arms: Object.entries(arms).map(([arm, keys]) => ({ name: arm, sets: assignmentsOf(keys) })),
  };
  checkStudy(checked);
  return checked;
}

/** Flattens nested keys: lists and scalars are values, maps are levels. */
function assignmentsOf(keys: Readonly<Record<string, unknown>>, prefix = ''): string[] {
  return Object.entries(keys).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? assignmentsOf(value as Record<string, unknown>, `${prefix}${key}.`)
      : [`${prefix}${key}=${JSON.stringify(value)}`],
  );
}

/** Names in the folder of a study that a teacher cannot have. */
const TAKEN = new Set(['data', 'labels', 'measured', 'runs', 'selections']);

/** Keys that a study sets itself. */
const OWN_KEYS =
  /^(run|student\.seed|batch\.seed|data\.prepared|labels\.(folder|replay)|optimizer\.adamw\.rate)=/;

function checkStudy({ file, arms, teachers, baseline, seeds, rates, tuningSeeds }: Study): void {
  const fault = (message: string, hint: string) =>
    new BrineError('CONFIG_INVALID', `${file}: ${message}`, { hint });
  const names = arms.map((arm) => arm.name);
  if (!names.includes(baseline))
    throw fault(
      `the baseline ${baseline} is not among the arms ${names.join(', ')}`,
      'Name one of the arms.',
    );
  const taken = teachers.find((teacher) => TAKEN.has(teacher.name));
  if (taken)
    throw fault(`a teacher is named ${taken.name}`, 'Use another name: that folder has another purpose.');
  for (const { name: arm, sets } of arms) {
    const own = sets.find((set) => OWN_KEYS.test(set));
    if (own !== undefined)
      throw fault(
        `arm ${arm} sets ${own.split('=')[0]}, which the study sets`,
        'Use seeds and rates of the study, and its folder.',
      );
  }
  for (const [key, values] of Object.entries({ seeds, rates }))
    if (new Set(values).size < values.length)
      throw fault(`${key} has a value twice`, 'Give each value once.');
  if (tuningSeeds > seeds.length)
    throw fault(
      `tuningSeeds is ${tuningSeeds}, but there are ${seeds.length} seeds`,
      'Give at most all seeds.',
    );
}

import { join, relative } from 'node:path';
import { openData, preparedFolder } from '../inputs/prepared-data.ts';
import { sizeOfRun } from '../inputs/run-size.ts';
import type { TrainResult } from '../launch/train.ts';
import { planText } from '../recipe/plan/plan-text.ts';
import { selects, totalSteps, type Recipe } from '../recipe/recipe.ts';
import { studyPage } from '../report/pages/study-page.ts';
import type { StudyArm, StudyRecord } from '../report/study-record.ts';
import { summarize } from '../report/study-summary.ts';
import { verdictsOf } from '../report/verdict.ts';
import { writePage } from '../reporting/report.ts';
import { trainingFlops } from '../tasks/init/model-sizes.ts';
import type { DemoRecipes, PlanName } from './demo-recipes.ts';

/** What the demo's report is made of. */
export interface DemoResults {
  readonly out: string;
  readonly recipes: DemoRecipes;
  readonly teacher: TrainResult;
  readonly results: ReadonlyMap<PlanName, TrainResult>;
  /** Sentences below the verdicts. */
  readonly remarks: readonly string[];
}

/** Writes report.html of the demo: its plans as a study with one seed. Returns the path. Throws FILE_UNWRITABLE. */
export async function writeDemoReport({
  out,
  recipes,
  teacher,
  results,
  remarks,
}: DemoResults): Promise<string> {
  const study = await demoStudy({ out, recipes, teacher, results });
  const verdicts = [...verdictsOf(summarize(study), study.baseline), ...remarks];
  const page = studyPage(study, verdicts, 'Made by brine demo.');
  return (await writePage({ ...page, title: 'Demo', lead: LEAD }, join(out, 'report.html'))).out;
}

const LEAD = 'Plans for the same student, each trained once, compared with training on the text alone.';

/** The demo's runs as a study, each plan charged the teacher and its own labels and scores. */
async function demoStudy({
  out,
  recipes,
  teacher,
  results,
}: Omit<DemoResults, 'remarks'>): Promise<StudyRecord> {
  const small = await rowFlops(recipes.slm);
  const teaching = totalSteps(recipes.slm) * recipes.slm.batch.rows * small;
  const rows = await trainRows(recipes.slm);
  const arms: StudyArm[] = [];
  for (const [name, result] of results) {
    const recipe = recipes[name];
    const { rowsUsed } = result.labels;
    const forward = small / 3; // training costs a forward pass and twice as much backward
    const help = rowsUsed > 0 ? teaching + rowsUsed * forward : 0;
    const { rate } = recipe.optimizer.adamw ?? { rate: Number.NaN };
    arms.push({
      name,
      plan: planText(recipe.plan),
      steps: result.steps,
      learningRate: rate,
      runs: [
        {
          seed: recipe.student.seed,
          learningRate: rate,
          folder: relative(out, result.run),
          evaluations: result.evaluations,
          flops: totalSteps(recipe) * recipe.batch.rows * (await rowFlops(recipe)),
          seconds: result.cost.seconds,
          labelledRows: rowsUsed,
        },
      ],
      tuning: [],
      helpFlops: help + (selects(recipe) ? rows * forward : 0),
    });
  }
  return {
    format: 'brine-study-1',
    name: out,
    baseline: 'plain',
    seeds: [recipes.plain.student.seed],
    learningRates: [...new Set(arms.map(({ learningRate }) => learningRate))],
    ...(teacher.validationLoss !== undefined && { teacherLoss: teacher.validationLoss }),
    arms,
  };
}

/** Operations to train on one row. */
async function rowFlops(recipe: Recipe): Promise<number> {
  const { row } = recipe.data;
  return row * trainingFlops((await sizeOfRun(recipe)).config, row);
}

async function trainRows(recipe: Recipe): Promise<number> {
  const data = await openData(preparedFolder(recipe));
  try {
    return data.train.rows;
  } finally {
    await data.close();
  }
}

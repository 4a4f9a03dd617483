import { join } from 'node:path';
import { totalSteps } from '../recipe/recipe.ts';
import { STUDY_RECORD, type StudyRecord } from '../report/study-record.ts';
import { summarize, type ArmSummary } from '../report/study-summary.ts';
import { formatHeldOut, formatStudy } from '../report/study-table.ts';
import { alignColumns } from '../report/table.ts';
import { verdictsOf } from '../report/verdict.ts';
import { pendingJobs, type Job } from './schedule.ts';
import type { Study } from './study-file.ts';
import { studyRecipe } from './study-recipes.ts';

/** A study in words: before it runs, and after. */

/** The runs that are known before any result. Throws CONFIG_INVALID for an arm that cannot run. */
export async function describeStudy(study: Study): Promise<{ jobs: readonly Job[]; text: string }> {
  const jobs = pendingJobs(study, []);
  const rows = [['arm', 'steps', 'phases']];
  for (const arm of study.arms) {
    const { recipe } = await studyRecipe(study, arm, {
      learningRate: study.rates[0]!,
      seed: study.seeds[0]!,
    });
    rows.push([arm.name, `${totalSteps(recipe)}`, `${recipe.plan.length}`]);
  }
  const { rates, seeds, tuningSeeds, arms } = study;
  const tuned = rates.length > 1 ? rates.length * tuningSeeds + seeds.length - tuningSeeds : seeds.length;
  const text = [
    alignColumns(rows),
    '',
    `${arms.length} arms, ${arms.length * tuned} runs: every rate (${rates.join(', ')}) with ${tuningSeeds === 1 ? 'the first seed' : `the first ${tuningSeeds} seeds`}, then the best rate of each arm with all ${seeds.length} seeds`,
  ].join('\n');
  return { jobs, text };
}

/** Table and verdicts of a finished study. */
export function conclude(record: StudyRecord): {
  summaries: readonly ArmSummary[];
  verdicts: string[];
  text: string;
} {
  const { baseline, seeds, teacherLoss, name } = record;
  const summaries = summarize(record);
  const verdicts = verdictsOf(summaries, baseline);
  const heldOut = formatHeldOut(summaries);
  const text = [
    '',
    formatStudy(summaries, baseline),
    '',
    `means over ${seeds.length} seeds ± half of the 95% interval; steps and compute until the final loss of ${baseline},`,
    `as a share of its own; "shared": without the cost of teacher and labels`,
    ...(teacherLoss === undefined ? [] : [`the teacher ends at ${teacherLoss.toFixed(3)}`]),
    ...(heldOut === undefined ? [] : ['', heldOut]),
    '',
    ...verdicts,
    '',
    `record: ${join(name, STUDY_RECORD)}`,
  ].join('\n');
  return { summaries, verdicts, text };
}

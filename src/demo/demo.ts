import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { writeFileWhole } from '../base/files/files.ts';
import { bestEffort } from '../base/promises.ts';
import { compare, type Comparison } from '../report/comparison.ts';
import { describePayoff, payoff, type Payoff } from '../report/payoff.ts';
import { formatComparison } from '../report/table.ts';
import { AttachedTeacher, type Attachment } from './attached.ts';
import { demoRecipes, type DemoRecipes, type PlanName } from './demo-recipes.ts';
import { writeDemoReport } from './demo-report.ts';
import { describeReplay, sameLabels, type LabelComparison } from './demo-replay.ts';
import { generateText } from '../tasks/generate.ts';
import { totalSteps } from '../recipe/recipe.ts';
import { prepareData } from '../inputs/prepare.ts';
import type { Environment } from '../launch/processes/spawn.ts';
import { train, type RunEvent, type TrainResult } from '../launch/train.ts';

/**
 * Options of the demo on one machine: prepare text, train a small model, train a larger one with
 * five plans, replay one run from the filled cache without a teacher, and sample text. Sizes are in
 * cluster/nano-*.yaml. All printed numbers are measured.
 */
export interface DemoOptions {
  readonly corpus: string;
  readonly out: string;
  /** Number of steps to scale every plan to. */
  readonly steps?: number | undefined;
  readonly brine: readonly string[];
  readonly environment: Environment;
  readonly signal?: AbortSignal;
  readonly observe: (event: RunEvent) => void;
}

export interface DemoReport {
  readonly plans: readonly {
    readonly plan: string;
    readonly validationLoss: number;
    readonly accuracy: number;
    readonly steps: number;
    readonly passesPlainEndAtStep: number | null;
    readonly seconds: number;
    readonly labellingSeconds: number;
    readonly selectingSeconds: number;
    readonly waitingSeconds: number;
  }[];
  readonly teacher: {
    readonly validationLoss: number;
    readonly seconds: number;
    readonly shareOfPlain: number;
  };
  /** The second teacher, which joined the first distilling run. */
  readonly attached: Attachment | null;
  readonly replay: LabelComparison;
  /** Whether distillation paid off. Null if no plan reached the final loss of the plain run earlier. */
  readonly payoff: Payoff | null;
  readonly seconds: number;
  /** Path of the HTML report. */
  readonly page: string;
}

const PLANS: readonly PlanName[] = ['plain', 'rkd', 'salt', 'salt-ds', 'auto'];
const MARKER = 'demo.json';

/**
 * Runs the demo. Throws FILE_EXISTS when `out` contains files that are not from a demo, and the
 * errors of runs.
 */
export async function demo(options: DemoOptions): Promise<{ report: DemoReport; text: string }> {
  const began = performance.now();
  const note = (text: string) => options.observe({ kind: 'note', text });
  const recipes = await demoRecipes(options);
  await claim(options.out);

  note(`1/5  preparing ${options.corpus}`);
  const prepared = await prepareData(recipes.slm.data, {
    signal: options.signal,
    observe: (text) => options.observe({ kind: 'progress', text }),
  });
  note(`     ${prepared.text}`);

  const run = (recipe: DemoRecipes[PlanName], replay?: string) =>
    train({ ...options, recipe, replay, resume: false });
  note(`2/5  training the small model, ${recipes.slm.student.model}`);
  const teacher = await run(recipes.slm);
  note(`     ${ending(teacher)}`);

  const results = new Map<PlanName, TrainResult>();
  let attached: Attachment | undefined;
  for (const plan of PLANS) {
    note(`3/5  training the larger model, ${recipes[plan].student.model}: ${plan}`);
    const more = plan === ATTACHED_PLAN ? withSecondTeacher(options, recipes[plan]) : undefined;
    const training = train({
      ...options,
      ...more?.watching,
      recipe: recipes[plan],
      resume: false,
    });
    await bestEffort(training); // thrown below, after the second teacher has exited
    attached = (await more?.leave()) ?? attached;
    const result = await training;
    results.set(plan, result);
    note(`     ${ending(result)}`);
    if (more && attached) note(`     ${describeAttachment(attached)}`);
  }

  note('4/5  replaying rkd from the filled cache, without a teacher');
  await run(recipes.replay, join(options.out, 'labels'));
  const replay = await sameLabels(recipes.rkd.run, recipes.replay.run, recipes.rkd.roles.ranks);
  note(`     ${describeReplay(replay)}`);

  note('5/5  sampling text from the salt run');
  const sample = await generateText({ checkpoint: recipes.salt.run, ...SAMPLE });
  note(indented(sample.text));

  const comparison = compare(
    PLANS.flatMap((plan) => chargedCurve(plan, results)),
    'plain',
  );
  const report = reportOf(comparison, {
    teacher,
    attached,
    replay,
    seconds: (performance.now() - began) / 1000,
  });
  await writeFileWhole(join(options.out, MARKER), `${JSON.stringify(report, null, 2)}\n`);
  const page = await writeDemoReport({
    out: options.out,
    recipes,
    teacher,
    results,
    remarks: [
      `Payoff in seconds: ${describePayoff(report.payoff ?? undefined, comparison.baseline)}.`,
      `Replay: ${describeReplay(replay)}.`,
    ],
  });
  return { report: { ...report, page }, text: `${textOf(comparison, report)}\nreport: ${page}` };
}

/** The plan that a second teacher joins, and the share of its steps after which it joins. */
const ATTACHED_PLAN: PlanName = 'rkd';
const ATTACHED_AT = 0.25;

/** Starts a second teacher during a run, as `brine teacher --cache …` on a second terminal would. */
function withSecondTeacher({ brine, environment, observe, out }: DemoOptions, recipe: DemoRecipes[PlanName]) {
  const teacher = new AttachedTeacher({
    brine,
    environment,
    atStep: Math.round(totalSteps(recipe) * ATTACHED_AT),
    store: join(out, 'models'),
    log: join(out, 'attached.log'),
  });
  const watching = {
    observe: (event: RunEvent) => {
      if (event.kind === 'snapshot') teacher.see(event.snapshot);
      observe(event);
    },
  };
  return { watching, leave: () => teacher.leave() };
}

function describeAttachment({ atStep, rows, secondsToFirst }: Attachment): string {
  const first = secondsToFirst === null ? '' : `, its first labels after ${secondsToFirst.toFixed(1)} s`;
  return `a second teacher was attached at step ${atStep} and fetched the model from the cache${first}: it drew ${rows} rows`;
}

const SAMPLE = { prompt: 'The ', tokens: 60, temperature: 0.8, topP: 0.95, seed: 1, threads: 2 } as const;

/** Empties the folder of an earlier demo. Throws FILE_EXISTS for any other folder with files. */
async function claim(out: string): Promise<void> {
  const there = existsSync(out) ? await readdir(out) : [];
  if (there.length > 0 && !there.includes(MARKER)) {
    throw new BrineError('FILE_EXISTS', `${out} contains files that are not from a demo`, {
      hint: 'Set another folder with --out.',
    });
  }
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await writeFileWhole(join(out, MARKER), '{}\n');
}

/**
 * The curve of a plan, charged its full labelling cost although the cache is shared: the mean cost
 * of drawing a row, times the rows that the plan used.
 */
function chargedCurve(plan: PlanName, results: ReadonlyMap<PlanName, TrainResult>) {
  const result = results.get(plan);
  if (!result) return [];
  const drawn = [...results.values()].reduce((sum, { labels }) => sum + labels.rowsDrawn, 0);
  const spent = [...results.values()].reduce((sum, { labels }) => sum + labels.drawingSeconds, 0);
  const labelling = drawn > 0 ? (spent / drawn) * result.labels.rowsUsed : 0;
  return [{ plan, evaluations: result.evaluations, cost: { ...result.cost, labelling } }];
}

function reportOf(
  comparison: Comparison,
  {
    teacher,
    attached = null,
    replay,
    seconds,
  }: {
    teacher: TrainResult;
    attached?: Attachment | null | undefined;
    replay: LabelComparison;
    seconds: number;
  },
): Omit<DemoReport, 'page'> {
  const { rows } = comparison;
  const plain = rows.find(({ plan }) => plan === 'plain')?.cost.seconds ?? Number.NaN;
  return {
    plans: rows.map((row) => ({
      plan: row.plan,
      validationLoss: row.endLoss,
      accuracy: row.endAccuracy,
      steps: row.steps,
      passesPlainEndAtStep: row.passesBaselineEndAtStep ?? null,
      seconds: row.cost.seconds,
      labellingSeconds: row.cost.labelling,
      selectingSeconds: row.cost.selecting,
      waitingSeconds: row.cost.waiting,
    })),
    teacher: {
      validationLoss: teacher.validationLoss ?? Number.NaN,
      seconds: teacher.cost.seconds,
      shareOfPlain: teacher.cost.seconds / plain,
    },
    attached,
    replay,
    payoff: payoff(comparison, teacher.cost.seconds) ?? null,
    seconds,
  };
}

function textOf(comparison: Comparison, report: Omit<DemoReport, 'page'>): string {
  const { teacher, attached, replay, seconds, payoff: found } = report;
  return [
    '',
    formatComparison(comparison),
    '',
    `teacher: trained once in ${teacher.seconds.toFixed(1)} s (${(teacher.shareOfPlain * 100).toFixed(0)}% of the plain run), validation loss ${teacher.validationLoss.toFixed(3)}`,
    'each plan is charged its full labelling cost, although the label cache is shared',
    `payoff: ${describePayoff(found ?? undefined, comparison.baseline)}`,
    ...(attached ? [`teachers: ${describeAttachment(attached)}`] : []),
    `replay: ${describeReplay(replay)}`,
    `total time: ${seconds.toFixed(0)} s`,
  ].join('\n');
}

function ending({ steps, cost, validationLoss }: TrainResult): string {
  return `${steps} steps in ${cost.seconds.toFixed(1)} s, validation loss ${validationLoss?.toFixed(3) ?? '–'}`;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `     │ ${line}`)
    .join('\n');
}

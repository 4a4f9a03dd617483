/**
 * Measures a teacher that joins a running run: the first teacher is slower than the student, and a
 * second one is started with the usual command, with the model already on its machine. Each process
 * has one thread and the benchmark needs two idle cores.
 *
 *     npm run -s bench -- attach --json
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../../src/base/files/files.ts';
import { scoped } from '../../../src/base/scope.ts';
import { configDocument, readModelConfig } from '../../../src/model/index.ts';
import { readMetrics, type MetricsLine } from '../../../src/report/metrics.ts';
import { AttachedTeacher, type Attachment } from '../../../src/demo/attached.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { train } from '../../../src/launch/train.ts';
import { median, round } from '../figures.ts';
import type { BenchOptions } from '../bench.ts';
import { BRINE } from '../brine.ts';

export interface AttachFigures extends Record<string, unknown> {
  readonly bench: 'attach';
  /**
   * Time from the start of the second teacher's process to its first labels in the cache. Like all
   * figures, the median over rounds.
   */
  readonly secondsToFirst: number;
  /**
   * Share of a step that the student waits for labels, before and after the second teacher's first
   * labels.
   */
  readonly waitShareBefore: number;
  readonly waitShareAfter: number;
  readonly stepSecondsBefore: number;
  readonly stepSecondsAfter: number;
  /** Rows labelled by the second teacher. */
  readonly rows: number;
}

interface Sizes {
  readonly root: string;
  readonly corpus: string;
  readonly steps: number;
}

/** Settings: corpus=node_modules steps=240 rounds=3. */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<AttachFigures> {
  const figures = await scoped(async (scope) => {
    const root = await mkdtemp(join(tmpdir(), 'attach-'));
    scope.defer(() => rm(root, { recursive: true }));
    const corpus = resolve(settings['corpus'] ?? 'node_modules');
    const sizes = { root, corpus, steps: Number(settings['steps'] ?? 240) };
    const teacher = await largerModel(join(root, 'model'));
    await run(sizes, { name: 'teacher', plan: 'plain', steps: 20, model: teacher });
    const rounds = Number(settings['rounds'] ?? 3);
    const all: AttachFigures[] = [];
    for (let number = 0; number < rounds; number += 1) {
      all.push(await attach(sizes, number));
    }
    return all;
  });
  const middle = (of: (one: AttachFigures) => number) => round(median(figures.map(of)), 3);
  yield {
    bench: 'attach',
    secondsToFirst: middle((one) => one.secondsToFirst),
    waitShareBefore: middle((one) => one.waitShareBefore),
    waitShareAfter: middle((one) => one.waitShareAfter),
    stepSecondsBefore: middle((one) => one.stepSecondsBefore),
    stepSecondsAfter: middle((one) => one.stepSecondsAfter),
    rows: middle((one) => one.rows),
  };
}

async function attach(sizes: Sizes, number: number): Promise<AttachFigures> {
  const name = `student-${number}`;
  const second = new AttachedTeacher({
    brine: BRINE,
    environment: process.env,
    atStep: Math.round(sizes.steps / 3),
    checkpoint: join(sizes.root, 'teacher'),
    store: join(sizes.root, 'models'),
    log: join(sizes.root, `${name}.log`),
  });
  const training = run(sizes, { name, plan: 'distil', steps: sizes.steps, model: STUDENT }, second);
  await training.catch(() => undefined); // thrown below, once the second teacher has left
  const attached = await second.leave();
  await training;
  const lines = await readMetrics(runFolder(join(sizes.root, name)).metrics('student-0'));
  return figuresOf(lines, attached);
}

function figuresOf(lines: readonly MetricsLine[], attached: Attachment | undefined): AttachFigures {
  const { atStep = 0, rows = 0, secondsToFirst } = attached ?? {};
  if (typeof secondsToFirst !== 'number')
    throw new Error('the second teacher drew no labels; use more steps');
  const steps = lines.filter(({ event }) => event === 'step');
  const at = (line: MetricsLine) => Date.parse(String(line['time'])) / 1000;
  const joined = at(steps.find(({ step }) => step === atStep)!) + secondsToFirst;
  const warmUp = 10;
  const before = steps.filter(({ step = 0 }) => step > warmUp && step <= atStep);
  const after = steps.filter((line) => at(line) > joined);
  return {
    bench: 'attach',
    secondsToFirst,
    waitShareBefore: share(before),
    waitShareAfter: share(after),
    stepSecondsBefore: sum(before, 'seconds') / before.length,
    stepSecondsAfter: sum(after, 'seconds') / after.length,
    rows,
  };
}

const share = (steps: readonly MetricsLine[]) => sum(steps, 'waitSeconds') / sum(steps, 'seconds');
const sum = (steps: readonly MetricsLine[], name: string) =>
  steps.reduce((total, line) => total + Number(line[name]), 0);

const STUDENT = join(packageRoot(), 'models', 'nano-slm');

/** A model that needs longer to label a row than the student needs to train on it. */
async function largerModel(folder: string): Promise<string> {
  const config = await readModelConfig(join(packageRoot(), 'models', 'nano-llm'));
  const larger = { ...config, hiddenSize: 256, intermediateSize: 704, heads: 8, keyValueHeads: 4 };
  await mkdir(folder);
  await writeFile(join(folder, 'config.json'), JSON.stringify(configDocument(larger)));
  return folder;
}

interface Wanted {
  readonly name: string;
  readonly plan: 'plain' | 'distil';
  readonly steps: number;
  /** Path of a folder. */
  readonly model: string;
}

async function run(
  { root, corpus }: Sizes,
  { name, plan, steps, model }: Wanted,
  watcher?: AttachedTeacher,
): Promise<void> {
  const folder = (of: string) => join(root, of);
  const recipe = await readRecipe(
    join(packageRoot(), 'cluster', `nano-${plan === 'plain' ? 'slm' : 'rkd'}.yaml`),
    [
      `run=${folder(name)}`,
      `data.corpus=${corpus}`,
      `data.prepared=${folder('data')}`,
      `student.model=${model}`,
      `roles.ranks=1`,
      `plan.0.${plan}=${steps}`,
      `evaluate.every=${steps}`,
      ...(plan === 'distil'
        ? [`teacher.checkpoint=${folder('teacher')}`, `labels.folder=${folder(`${name}-labels`)}`]
        : []),
    ],
  );
  await train({
    recipe,
    brine: BRINE,
    environment: process.env,
    resume: false,
    observe: (event) => {
      if (event.kind === 'snapshot') watcher?.see(event.snapshot);
    },
  });
}

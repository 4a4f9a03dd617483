/** The run that the run and head soaks disturb, and the step reports of its ranks. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readMetrics } from '../../../src/report/metrics.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { train, type RunEvent, type TrainResult } from '../../../src/launch/train.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { writeInitialModel } from '../initial-model.ts';
import type { Wires } from './wires.ts';

export const BRINE = [process.execPath, join(packageRoot(), 'dist', 'src', 'cli', 'main.js')];

export interface RunSize {
  readonly steps: number;
  readonly ranks: number;
  readonly teachers: number;
}

/**
 * The report of each rank on each step, "LOSS LABELS", by rank and step. A step that was trained
 * twice or on other rows would differ. A killed rank may lack its last lines.
 */
export type Steps = readonly ReadonlyMap<number, string>[];

/** Counts of violations. */
export interface Losses {
  stepsLost: number;
  rowsSkipped: number;
  rowsRepeated: number;
}

/** Every step needs a line of at least one rank, and every line must equal that of the undisturbed run. */
export function compareSteps(steps: Steps, expected: Steps, total: Losses): void {
  for (const step of expected[0]!.keys()) if (!steps.some((rank) => rank.has(step))) total.stepsLost += 1;
  for (const [rank, lines] of steps.entries()) {
    for (const [step, line] of lines) {
      const wanted = expected[rank]!.get(step);
      if (wanted === undefined) total.rowsRepeated += 1;
      else if (wanted !== line) total.rowsSkipped += 1;
    }
  }
}

/** Names of the students. */
export function studentsOf({ ranks }: RunSize): string[] {
  return Array.from({ length: ranks }, (_, rank) => `student-${rank}`);
}

export async function stepsOf(folder: string, name: string, size: RunSize): Promise<Steps> {
  return Promise.all(
    studentsOf(size).map(async (rank) => {
      const lines = await readMetrics(runFolder(join(folder, name)).metrics(rank));
      const steps = lines.filter(({ event }) => event === 'step');
      return new Map(steps.map((line) => [line.step!, `${String(line['loss'])} ${String(line['labels'])}`]));
    }),
  );
}

export async function run(
  folder: string,
  recipe: string,
  name: string,
  more: { wires?: Wires; signal?: AbortSignal; observe?: (event: RunEvent) => void } = {},
): Promise<TrainResult> {
  const { wires, ...rest } = more;
  return train({
    recipe: await readRecipe(join(folder, `${recipe}.yaml`), [`run=${join(folder, name)}`]),
    brine: BRINE,
    environment: process.env,
    resume: false,
    ...(wires && { transport: wires.before(zmqTransport()) }),
    ...rest,
  });
}

export async function writeRecipes(folder: string, { steps, ranks, teachers }: RunSize): Promise<void> {
  const lines = Array.from({ length: 2000 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(join(folder, 'text.txt'), lines.join(''));
  const shared = `data: { corpus: ${join(folder, 'text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${join(folder, 'data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: 8 }
optimizer: { schedule: { warmup: 2 steps, decay: constant } }
evaluate: { every: 200 steps, rows: 16 }
checkpoint: { every: 100 steps }
`;
  await writeFile(join(folder, 'shared.yaml'), shared);
  await writeInitialModel(join(folder, 'slm'));
  const rkd = `extends: shared.yaml
teacher: { checkpoint: ${join(folder, 'slm')} }
labels: { draws: 8 }
roles: { ranks: ${ranks}, teachers: ${teachers}, restarts: 1000000 }
plan: [{ distil: ${Math.round(steps / 2)} steps }, { plain: ${steps - Math.round(steps / 2)} steps }]
`;
  await writeFile(join(folder, 'rkd.yaml'), rkd);
}

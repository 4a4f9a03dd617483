/** Small whole runs in a temporary folder, with real processes, a micro model and a generated text. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { train, type TrainOptions, type TrainResult } from '../../../src/launch/train.ts';

export const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));

export interface SmallRuns {
  readonly folder: string;
  in(name: string): string;
  /** Runs plain.yaml, or rkd.yaml with the run "teacher" as its teacher, in the folder `name`. */
  run(name: string, more?: More): Promise<TrainResult>;
  /** Copies a run without its checkpoint of `step`. */
  interrupted(from: string, to: string, step: number): Promise<void>;
  remove(): Promise<void>;
}

export interface More extends Partial<Pick<TrainOptions, 'resume' | 'replay' | 'signal'>> {
  readonly recipe?: string;
  readonly sets?: readonly string[];
  /** Receives the notes of the run. */
  readonly notes?: string[];
}

export async function smallRuns(): Promise<SmallRuns> {
  const folder = await mkdtemp(join(tmpdir(), 'brine-runs-'));
  const inFolder = (name: string) => join(folder, name);
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(inFolder('text.txt'), lines.join(''));
  await writeFile(
    inFolder('plain.yaml'),
    `data: { corpus: ${inFolder('text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${inFolder('data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: 4 }
optimizer: { schedule: { warmup: 2 steps, decay: constant } }
evaluate: { every: 4 steps, rows: 6 }
checkpoint: { every: 4 steps }
plan: [{ plain: 12 steps }]
`,
  );
  await writeFile(
    inFolder('rkd.yaml'),
    `extends: plain.yaml
teacher: { checkpoint: ${inFolder('teacher')} }
labels: { draws: 8 }
plan: [{ distil: 8 steps }]
`,
  );
  return {
    folder,
    in: inFolder,
    async run(name, { recipe = 'plain.yaml', sets = [], notes = [], resume = false, ...more } = {}) {
      return train({
        recipe: await readRecipe(inFolder(recipe), [`run=${inFolder(name)}`, ...sets]),
        brine: [process.execPath, MAIN],
        environment: process.env,
        resume,
        observe: (event) => {
          if (event.kind === 'note') notes.push(event.text);
        },
        ...more,
      });
    },
    async interrupted(from, to, step) {
      await cp(inFolder(from), inFolder(to), { recursive: true });
      await rm(join(inFolder(to), 'checkpoints', `step-${step}`), { recursive: true });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

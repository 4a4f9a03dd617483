/** Small whole runs in a temporary folder, with real processes, a micro model and a generated text. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryPoint } from '../../../src/base/entry-points.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { train, type TrainOptions, type TrainResult } from '../../../src/launch/train.ts';
import { writeInitialModel } from '../../../scripts/soak/initial-model.ts';

export const MAIN = fileURLToPath(entryPoint('main'));
/** The command that starts brine. */
export const BRINE: readonly string[] = [process.execPath, MAIN];
const MODEL = join(packageRoot(), 'models', 'micro-tied');

export interface SmallRuns {
  readonly folder: string;
  readonly in: (name: string) => string;
  /** Writes a recipe that extends plain.yaml, or replaces one that was written before. */
  recipe(file: string, text: string): Promise<void>;
  /**
   * Writes a model with initial weights into the folder "teacher", which rkd.yaml names; a biased one if
   * they have a wide range.
   */
  teacher(weights?: { readonly initializerRange: number }): Promise<void>;
  /** Runs plain.yaml or another recipe in the folder `name`. */
  run(name: string, more?: More): Promise<TrainResult>;
  /** Copies a run without its checkpoint of `step`. */
  interrupted(from: string, to: string, step: number): Promise<void>;
  remove(): Promise<void>;
}

export interface More extends Partial<Omit<TrainOptions, 'recipe'>> {
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
student: { model: ${MODEL} }
batch: { rows: 4 }
optimizer: { schedule: { warmup: 2 steps, decay: constant } }
evaluate: { every: 4 steps, rows: 6 }
checkpoint: { every: 4 steps }
plan: [{ plain: 12 steps }]
`,
  );
  const recipe = (file: string, text: string) => writeFile(inFolder(file), `extends: plain.yaml\n${text}`);
  await recipe(
    'rkd.yaml',
    `teacher: { checkpoint: ${inFolder('teacher')} }
labels: { draws: 8 }
plan: [{ distil: 8 steps }]
`,
  );
  return {
    folder,
    in: inFolder,
    recipe,
    teacher: (weights) => writeInitialModel(inFolder('teacher'), weights),
    async run(name, { recipe: file = 'plain.yaml', sets = [], notes = [], observe, ...more } = {}) {
      return train({
        recipe: await readRecipe(inFolder(file), [`run=${inFolder(name)}`, ...sets]),
        brine: BRINE,
        environment: process.env,
        resume: false,
        observe: (event) => {
          if (event.kind === 'note') notes.push(event.text);
          observe?.(event);
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

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

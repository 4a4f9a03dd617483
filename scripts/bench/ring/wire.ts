/**
 * Measures the effect of the ring's wire formats on the loss: the demo's larger model is trained alone
 * (cluster/nano-plain.yaml) with each format, with the same seeds and batches. Data are prepared once,
 * in a temporary folder.
 *
 *     npm run -s bench -- wire --json
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readMetrics } from '../../../src/report/metrics.ts';
import type { Wire } from '../../../src/ring/wire.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { train } from '../../../src/launch/train.ts';
import { round } from '../figures.ts';
import type { BenchOptions } from '../bench.ts';
import { BRINE } from '../brine.ts';

export interface WireFigures extends Record<string, unknown> {
  readonly bench: 'wire';
  readonly wire: Wire;
  readonly ranks: number;
  readonly seed: number;
  readonly steps: number;
  /** Mean over the last tenth of the steps. */
  readonly trainingLoss: number;
  readonly validationLoss: number;
  /** Largest difference of a step's loss from float32 with the same seed. */
  readonly furthestFromFloat32: number;
}

/** Settings: wire=float32,bf16,int8 ranks=2 steps=480 seeds=1,2 corpus=node_modules */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<WireFigures> {
  const { wire = 'float32,bf16,int8', seeds = '1,2', ranks = '2', steps = '480' } = settings;
  const { corpus = join(packageRoot(), 'node_modules') } = settings;
  const root = await mkdtemp(join(tmpdir(), 'brine-wire-'));
  try {
    for (const seed of seeds.split(',').map(Number)) {
      let exact: number[] | undefined;
      for (const format of ['float32', ...wire.split(',').filter((name) => name !== 'float32')] as Wire[]) {
        const setting = { wire: format, seed, ranks: Number(ranks), steps: Number(steps), corpus, root };
        const { losses, validationLoss } = await lossesOf(setting);
        exact ??= losses;
        const last = losses.slice(-Math.ceil(losses.length / 10));
        yield {
          bench: 'wire',
          wire: format,
          ranks: setting.ranks,
          seed,
          steps: losses.length,
          trainingLoss: round(last.reduce((sum, loss) => sum + loss, 0) / last.length, 4),
          validationLoss: round(validationLoss, 4),
          furthestFromFloat32: round(Math.max(...losses.map((loss, i) => Math.abs(loss - exact![i]!))), 6),
        };
      }
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

interface Setting {
  readonly wire: Wire;
  readonly seed: number;
  readonly ranks: number;
  readonly steps: number;
  readonly corpus: string;
  readonly root: string;
}

/**
 * The loss of every step and the final validation loss. Throws unless all ranks end with equal
 * parameters.
 */
async function lossesOf({ wire, seed, ranks, steps, corpus, root }: Setting) {
  const run = join(root, `${wire}-${seed}`);
  const recipe = await readRecipe(join(packageRoot(), 'cluster', 'nano-plain.yaml'), [
    `run=${run}`,
    `data.corpus=${corpus}`,
    `data.prepared=${join(root, 'data')}`,
    `student.seed=${seed}`,
    `roles.ranks=${ranks}`,
    `roles.wire=${wire}`,
    `plan.0.plain=${steps}`,
    `evaluate.every=${steps}`,
    `checkpoint.every=${steps}`,
  ]);
  const { validationLoss, parameterHashes } = await train({
    recipe,
    brine: BRINE,
    environment: process.env,
    resume: false,
  });
  if (new Set(parameterHashes).size !== 1)
    throw new Error(`the ranks of ${run} ended with different parameters`);
  const lines = await readMetrics(runFolder(run).metrics('student-0'));
  const losses = lines.filter(({ event }) => event === 'step').map((line) => Number(line['loss']));
  return { losses, validationLoss: validationLoss! };
}

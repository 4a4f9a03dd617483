/**
 * Models of the label benchmark, trained by Brine and kept in a folder: a teacher with GPT-2's
 * vocabulary of 50,257 ids, trained for about forty minutes on two cores, and a larger student at
 * the start of its training, whose gradients are compared. Their corpus is the text in
 * node_modules. Delete the folder to train again.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileWhole } from '../../../src/base/files/files.ts';
import { configDocument, type ModelConfig } from '../../../src/model/index.ts';
import { findCheckpoint } from '../../../src/recipe/find-checkpoint.ts';
import { sourceOf } from '../../../src/recipe/recipe-source.ts';
import { resolveRecipe, totalSteps, type Recipe } from '../../../src/recipe/recipe.ts';
import { evaluationsOf } from '../../../src/launch/evaluations.ts';
import { train, type RunEvent } from '../../../src/launch/train.ts';
import { BRINE } from '../brine.ts';
import { gpt2TokenizerJson } from './gpt2-tokenizer.ts';

export const VOCABULARY = 50_257;
export const POSITIONS = 512;

export interface TrainedModel {
  /** A checkpoint folder: config.json and model.safetensors. */
  readonly folder: string;
  readonly steps: number;
  /** Loss on held-out rows, nats a token. */
  readonly validationLoss: number;
}

export interface LabelModels {
  readonly teacher: TrainedModel;
  readonly student: TrainedModel;
  /** Prepared data of both models. */
  readonly data: string;
}

/**
 * Trains models that the folder lacks, resuming interrupted training. Progress goes to standard
 * error.
 */
export async function labelModels(folder: string): Promise<LabelModels> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true });
  const tokenizer = join(root, 'tokenizer.json');
  if (!existsSync(tokenizer)) await writeFileWhole(tokenizer, await gpt2TokenizerJson());
  const teacher = await trained(root, { name: 'teacher', config: configOf(128, 4), steps: 4000 });
  const student = await trained(root, { name: 'student', config: configOf(192, 6), steps: 300 });
  return { teacher, student, data: join(root, 'data') };
}

function configOf(hiddenSize: number, layers: number): ModelConfig {
  return {
    vocabularySize: VOCABULARY,
    hiddenSize,
    intermediateSize: Math.round((hiddenSize * 2.75) / 16) * 16,
    layers,
    heads: hiddenSize / 32,
    keyValueHeads: hiddenSize / 64,
    headSize: 32,
    maxPositions: POSITIONS,
    ropeTheta: 10_000,
    normEpsilon: 1e-5,
    tieEmbeddings: true,
    initializerRange: 0.02,
  };
}

interface Wanted {
  readonly name: 'teacher' | 'student';
  readonly config: ModelConfig;
  readonly steps: number;
}

async function trained(root: string, { name, config, steps }: Wanted): Promise<TrainedModel> {
  const run = join(root, name);
  const model = join(root, `${name}-model`);
  await mkdir(model, { recursive: true });
  await writeFile(join(model, 'config.json'), `${JSON.stringify(configDocument(config), null, 2)}\n`);
  const recipe = recipeOf({ root, run, model, steps });
  const done = await evaluationsOf(run).catch(() => []);
  if (done.at(-1)?.step !== totalSteps(recipe)) {
    await train({
      recipe,
      brine: BRINE,
      environment: process.env,
      resume: 'auto',
      observe: progress(name),
    });
  }
  const last = (await evaluationsOf(run)).at(-1)!;
  return { folder: await findCheckpoint(run), steps: last.step, validationLoss: last.loss };
}

function recipeOf(options: { root: string; run: string; model: string; steps: number }): Recipe {
  const { root, run, model, steps } = options;
  const document = {
    run,
    data: {
      corpus: 'node_modules',
      tokenizer: join(root, 'tokenizer.json'),
      row: POSITIONS,
      validation: 0.02,
      prepared: join(root, 'data'),
    },
    student: { model, seed: 1 },
    batch: { rows: 2 },
    optimizer: {
      adamw: { rate: 2.5e-3, betas: [0.9, 0.95], decay: 0.1, clip: 1 },
      schedule: { warmup: 30, decay: 'cosine to 5%' },
    },
    roles: { ranks: 1, threads: 2 },
    evaluate: { every: Math.ceil(steps / 2), rows: 48 },
    checkpoint: { every: 100, keep: 1 },
    plan: [{ plain: steps }],
  };
  return resolveRecipe(sourceOf(document, {}));
}

function progress(name: string): (event: RunEvent) => void {
  let shown = 0;
  return (event) => {
    if (event.kind === 'event' || event.kind === 'metrics') return;
    if (event.kind !== 'snapshot') {
      process.stderr.write(`${name}: ${event.text}\n`);
      return;
    }
    const { step = 0, steps, loss, secondsLeft } = event.snapshot.students ?? {};
    if (step < shown + 100) return;
    shown = step;
    const left = Math.round(secondsLeft ?? 0);
    process.stderr.write(`${name}: step ${step}/${steps}, loss ${loss?.toFixed(3)}, ${left} s left\n`);
  };
}

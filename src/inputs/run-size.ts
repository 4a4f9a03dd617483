/** The size of a run: parameters, steps and tokens, from its recipe and prepared data. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TOKENIZER_NAME, TRAIN } from '../data/prepare/prepared-names.ts';
import { openTokenSet } from '../data/tokens/token-set.ts';
import { readTokenizerName } from '../data/tokenizer/named.ts';
import { parameterSpecs, type ModelConfig } from '../model/index.ts';
import { studentLayout } from '../student/program/student-files.ts';
import { preparedFolder } from './prepared-data.ts';
import { totalSteps, type Recipe } from '../recipe/recipe.ts';
import { architectureOf, startOf } from './student-start.ts';
import { orUndefined } from '../base/promises.ts';

export interface RunSize {
  /** Model configuration with the run's vocabulary size. */
  readonly config: ModelConfig;
  readonly parameters: number;
  /** Elements of the flat layout: parameters and padding. */
  readonly elements: number;
  /** Minimum bytes of a rank: parameters, gradients, and its share of the optimizer state. */
  readonly least: number;
  readonly steps: number;
  readonly tokensPerStep: number;
  readonly tokens: number;
  /** Passes over the training rows; undefined before preparation, and with selection. */
  readonly epochs: number | undefined;
  /** The prepared data, if any. */
  readonly data: { readonly identity: string; readonly tokenizer: string; readonly rows: number } | undefined;
  /** Source of the vocabulary size, as text. */
  readonly vocabularyBy: string;
}

/**
 * Compute the size of a run. Throws FILE_MISSING and CONFIG_INVALID for the student's config.json, and
 * TOKENIZER_INVALID.
 */
export async function sizeOfRun(recipe: Recipe): Promise<RunSize> {
  const { batch, data, roles, optimizer } = recipe;
  const shape = await architectureOf(recipe, await startOf(recipe));
  const prepared = await preparedSet(recipe);
  const vocabulary = await vocabularyOf(recipe, prepared, shape);
  const config = { ...shape, vocabularySize: vocabulary.size };
  const specs = parameterSpecs(config);
  const parameters = specs.reduce((sum, spec) => sum + spec.shape.reduce((a, b) => a * b, 1), 0);
  const layout = studentLayout(config, { stages: roles.overlap });
  const elements = layout.buckets.reduce((sum, length) => sum + length, 0);
  const state = optimizer.adafactor ? 0 : (8 * elements) / (roles.shardOptimizer ? roles.ranks : 1);
  const steps = totalSteps(recipe);
  const tokensPerStep = batch.rows * data.row;
  return {
    config,
    parameters,
    elements,
    least: 8 * elements + state,
    steps,
    tokensPerStep,
    tokens: steps * tokensPerStep,
    epochs: prepared && recipe.selection === undefined ? (steps * batch.rows) / prepared.rows : undefined,
    data: prepared,
    vocabularyBy: vocabulary.by,
  };
}

interface Prepared {
  readonly identity: string;
  readonly tokenizer: string;
  readonly rows: number;
  readonly vocabularySize: number;
}

async function preparedSet(recipe: Recipe): Promise<Prepared | undefined> {
  const folder = join(preparedFolder(recipe), TRAIN);
  if (!existsSync(folder)) return undefined;
  const set = await orUndefined(openTokenSet(folder, { content: false })); // damaged data will be prepared again
  if (!set) return undefined;
  try {
    const { identity, tokenizerIdentity, rows, vocabularySize } = set;
    return { identity, tokenizer: tokenizerIdentity, rows, vocabularySize };
  } finally {
    set.close();
  }
}

async function vocabularyOf(
  { data, student }: Recipe,
  prepared: Prepared | undefined,
  shape: ModelConfig,
): Promise<{ size: number; by: string }> {
  if (prepared) return { size: prepared.vocabularySize, by: 'the prepared data' };
  if (data.tokenizer === undefined) return { size: data.vocabulary, by: 'data.vocabulary' };
  const path = existsSync(data.tokenizer) ? data.tokenizer : join(data.tokenizer, TOKENIZER_NAME);
  if (existsSync(path)) return { size: (await readTokenizerName(path)).vocabularySize, by: data.tokenizer };
  return { size: shape.vocabularySize, by: `${student.model}, because ${data.tokenizer} does not exist` };
}

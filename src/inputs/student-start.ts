/**
 * The student at step 0: random weights with the architecture `student.model`, or the weights of the checkpoint
 * `student.start`. Using a folder with weights for its architecture only is an error.
 */
import { existsSync, realpathSync } from 'node:fs';
import { sha256 } from '../base/checksum.ts';
import { BrineError } from '../base/errors.ts';
import { readTokenizerName } from '../data/tokenizer/named.ts';
import {
  findOnnx,
  foreignWeights,
  hasWeights,
  modelIdentity,
  readModelConfig,
  type ModelConfig,
} from '../model/index.ts';
import { listCheckpoints, latestCheckpoint, readCheckpoint } from '../student/checkpoint/checkpoint.ts';
import { checkStages } from '../student/program/stages.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import { dataTokenizerPath, tokenizerPath } from './prepared-data.ts';
import { recipeIdentity, type Recipe } from '../recipe/recipe.ts';
import { findPath } from '../base/files/find-path.ts';
import { runFolder } from '../recipe/run-folder.ts';

/** The checkpoint with a student's initial weights. */
export interface StudentStart {
  /** Undefined when it no longer exists and the run resumes from its own checkpoint. */
  readonly folder: string | undefined;
  /** SHA-256 of its configuration and weights, as modelIdentity returns it; with student.stack, of both. */
  readonly identity: string;
  /** With the layers repeated. */
  readonly config: ModelConfig;
}

/**
 * Find the start of a recipe's student; undefined without student.start. Throws FILE_MISSING,
 * CONFIG_INVALID, CHECKPOINT_DAMAGED.
 */
export async function startOf({
  student,
  run,
}: Pick<Recipe, 'student' | 'run'>): Promise<StudentStart | undefined> {
  if (student.start === undefined) return undefined;
  try {
    const folder = await findCheckpoint(student.start, { what: 'student.start:' });
    if (!hasWeights(folder)) throw notTrainable(student.start);
    return stacked(student.stack, {
      folder,
      identity: await modelIdentity(folder),
      config: await readModelConfig(folder),
    });
  } catch (error) {
    const isGone = error instanceof BrineError && error.code === 'FILE_MISSING';
    const saved = isGone ? await latestCheckpoint(runFolder(run).checkpoints) : undefined;
    const identity = saved && (await readCheckpoint(saved.folder)).identities['start'];
    if (saved === undefined || identity === undefined) throw error;
    return { folder: undefined, identity, config: await readModelConfig(saved.folder) };
  }
}

function stacked(stack: number, { folder, identity, config }: StudentStart): StudentStart {
  if (stack === 1) return { folder, identity, config };
  return {
    folder,
    identity: sha256(identity, `stack ${stack}`),
    config: { ...config, layers: stack * config.layers },
  };
}

/**
 * Compute the student's configuration. Its vocabulary size is the tokenizer's, or the start's if its head is
 * padded. Throws as startOf and readModelConfig, and TOKENIZER_MISMATCH when the start has fewer ids than the
 * data.
 */
export async function studentConfig(
  recipe: Pick<Recipe, 'student' | 'run'>,
  vocabularySize: number,
  start: StudentStart | undefined,
): Promise<ModelConfig> {
  const config = await architectureOf(recipe, start);
  if (start === undefined) return { ...config, vocabularySize };
  if (start.config.vocabularySize < vocabularySize) {
    throw new BrineError(
      'TOKENIZER_MISMATCH',
      `student.start ${recipe.student.start} has ${start.config.vocabularySize} token ids, the data has ${vocabularySize}`,
      { hint: 'Prepare the data with the tokenizer.json of that checkpoint: set data.tokenizer.' },
    );
  }
  return { ...config, vocabularySize: start.config.vocabularySize };
}

/** Hash of a run and its start. All ranks of a ring must agree on it. */
export function ringIdentity(recipe: Recipe, start: StudentStart | undefined): string {
  const run = recipeIdentity(recipe);
  return start === undefined ? run : sha256(run, start.identity);
}

/**
 * Check the student of a recipe before a run writes anything. Throws CONFIG_INVALID when student.model contains
 * weights that would be unused, when student.start has another architecture, or when roles.overlap exceeds the
 * number of stages that the layers allow. Throws TOKENIZER_MISMATCH when student.start has another tokenizer
 * than the data, and as startOf.
 */
export async function checkStudent(recipe: Recipe): Promise<void> {
  const start = await startOf(recipe);
  await checkModelFolder(recipe, start);
  const config = await architectureOf(recipe, start);
  checkStages(config, recipe.roles.overlap);
  if (start?.folder === undefined) return;
  checkArchitecture(recipe, config, start.config);
  await checkTokenizer(recipe, { ...start, folder: start.folder });
}

/** Read the student's architecture; its vocabulary size is not final. Throws FILE_MISSING, CONFIG_INVALID. */
export async function architectureOf(
  { student }: Pick<Recipe, 'student'>,
  start: StudentStart | undefined,
): Promise<ModelConfig> {
  if (start !== undefined && student.model === student.start) return start.config;
  return readModelConfig(findPath(student.model));
}

/** Refuse a student.model with trained weights, because the run would ignore them. */
async function checkModelFolder({ student }: Recipe, start: StudentStart | undefined): Promise<void> {
  const { model } = student;
  if (start !== undefined && model === student.start) return;
  const folder = findPath(model);
  const isRun = (await listCheckpoints(runFolder(folder).checkpoints)).length > 0;
  const holds = isRun || hasWeights(folder) || findOnnx(folder) !== undefined || foreignWeights(folder);
  if (!holds || isSame(folder, start?.folder)) return;
  throw new BrineError(
    'CONFIG_INVALID',
    `student.model ${model} ${isRun ? 'is a run with trained weights' : 'contains trained weights'}, but student.model sets the architecture only`,
    {
      hint: `To start from these weights: --set student.start=${model}. To train the same architecture from random weights: copy its config.json to another folder, and set student.model to that folder.`,
    },
  );
}

function isSame(folder: string, other: string | undefined): boolean {
  return other !== undefined && existsSync(folder) && realpathSync(folder) === realpathSync(other);
}

/** Keys that determine the output for given weights. The maximum row length does not. */
const ARCHITECTURE = [
  'hiddenSize',
  'intermediateSize',
  'layers',
  'heads',
  'keyValueHeads',
  'headSize',
  'tieEmbeddings',
  'normEpsilon',
  'ropeTheta',
  'ropeScaling',
] as const satisfies readonly (keyof ModelConfig)[];

function checkArchitecture({ student }: Recipe, model: ModelConfig, start: ModelConfig): void {
  for (const key of ARCHITECTURE) {
    const [wanted, found] = [JSON.stringify(model[key]), JSON.stringify(start[key])];
    if (wanted === found) continue;
    throw new BrineError(
      'CONFIG_INVALID',
      `student.start ${student.start} has ${key} ${found}, student.model ${student.model} has ${wanted}`,
      { hint: 'Remove student.model: the architecture is then that of student.start.' },
    );
  }
}

/** Compare the start's tokenizer with data.tokenizer or that of the prepared data. */
async function checkTokenizer(
  recipe: Recipe,
  start: StudentStart & { readonly folder: string },
): Promise<void> {
  const own = tokenizerPath(start.folder);
  if (!existsSync(own)) return; // only the vocabulary size is checked
  const { identity, vocabularySize } = await readTokenizerName(own);
  const path = dataTokenizerPath(recipe);
  const theirs = path === undefined ? undefined : await readTokenizerName(path);
  if (theirs?.identity !== identity) {
    throw new BrineError(
      'TOKENIZER_MISMATCH',
      `student.start ${recipe.student.start} has the tokenizer ${identity.slice(0, 12)}, ${
        theirs
          ? `the data that of ${path}, ${theirs.identity.slice(0, 12)}`
          : 'the data would have a newly trained one'
      }`,
      { hint: `Use the tokenizer of that checkpoint: --set data.tokenizer=${own}` },
    );
  }
  if (vocabularySize <= start.config.vocabularySize) return;
  throw new BrineError(
    'TOKENIZER_MISMATCH',
    `student.start ${recipe.student.start} has ${start.config.vocabularySize} token ids, its tokenizer has ${vocabularySize}`,
    { hint: 'Resize the embeddings of the model to its tokenizer first (resize_token_embeddings).' },
  );
}

function notTrainable(name: string): BrineError {
  return new BrineError('CONFIG_INVALID', `student.start ${name} is an ONNX model, which cannot be trained`, {
    hint: 'Name a folder with config.json and model.safetensors, a run folder, or RUN@STEP.',
  });
}

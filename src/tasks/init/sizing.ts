/**
 * Computes the sizes that `brine init` writes, as a pure function: sizes of both models, row
 * length, batch, steps, learning rates and stages that fit a corpus, a machine and a budget. The
 * constants below document the rules of thumb and their sources.
 */
import { BrineError } from '../../base/errors.ts';
import type { ModelConfig } from '../../model/index.ts';
import {
  configOf,
  efficiency,
  parameterCount,
  MODEL_SIZES,
  trainingFlops,
  type ModelSize,
} from './model-sizes.ts';

export interface SizingInput {
  /** Bytes of text. */
  readonly corpusBytes: number;
  readonly budgetSeconds: number;
  /** Floating-point operations per second of the best matrix product, over all ranks. */
  readonly flopsPerSecond: number;
  /** Bytes that one rank may use. */
  readonly memoryBytes: number;
  /** An existing teacher. Without it, the budget includes the training of a small model. */
  readonly teacher?: GivenTeacher | undefined;
}

export interface GivenTeacher {
  readonly vocabularySize: number;
  /** Maximum row length. */
  readonly maxPositions: number;
  readonly parameters: number;
}

/** Size and training schedule of one model. */
export interface TrainingSize {
  readonly config: ModelConfig;
  readonly parameters: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly warmup: number;
  readonly seconds: number;
}

export interface Sizing {
  readonly vocabulary: number;
  /** Tokens in a row. */
  readonly row: number;
  /** Rows in a step. */
  readonly rows: number;
  readonly student: TrainingSize;
  readonly small: TrainingSize | undefined;
  /** Most steps of the first stage, which ends early once the student is as good as its teacher. */
  readonly distilSteps: number;
  /** Number of times that the student sees each token. */
  readonly epochs: number;
  /** What limits the number of steps. */
  readonly boundBy: 'budget' | 'corpus';
}

/**
 * Bytes of text for each token. Measured on source code and prose with vocabularies of 2,048 to
 * 8,192 ids.
 */
const BYTES_PER_TOKEN = 3.3;
/**
 * Shares of the budget: training of the small model; labelling, which costs about a tenth of the
 * student's training.
 */
const SMALL_SHARE = 0.15;
const HELP_SHARE = 0.1;
/**
 * Tokens for each parameter: with fewer, a model is undertrained. About 20 is compute-optimal
 * (Hoffmann et al. 2022).
 */
const TOKENS_PER_PARAMETER = 20;
/** Repeating text up to four times is nearly as good as new text (Muennighoff et al. 2023). */
const MAX_EPOCHS = 4;
/**
 * Most steps in the first stage with a given teacher, as a share of the student's: labels of a teacher larger than
 * the student cost more than training. The paper has 36K of 208K steps. A small model teaches until the student is
 * as good, at little cost (docs/results.md).
 */
const DISTIL_SHARE = 0.25;
/** Parameters, gradients and two moments in float32. */
const BYTES_PER_PARAMETER = 16;
/** Share of a rank's memory for this state; the rest is for activations. */
const STATE_SHARE = 0.4;
const MIN_STEPS = 50;
const WARMUP_SHARE = 0.04;

/**
 * Computes the sizes. Throws CORPUS_TOO_SMALL or BAD_ARGUMENT when corpus or budget allow too few
 * steps.
 */
export function sizeRun(input: SizingInput): Sizing {
  const { corpusBytes, budgetSeconds, teacher } = input;
  const tokens = corpusBytes / BYTES_PER_TOKEN;
  const vocabulary = teacher?.vocabularySize ?? vocabularyFor(corpusBytes);
  const row = Math.min(rowFor(tokens), teacher?.maxPositions ?? Infinity);
  const seconds = budgetSeconds * (1 - HELP_SHARE - (teacher ? 0 : SMALL_SHARE));
  const fit = { ...input, vocabulary, row, tokens };
  const at = largestThatFits(fit, seconds);
  const student = sized(fit, { at, seconds });
  const small = teacher
    ? undefined
    : sized(fit, { at: at - SMALLEST_STUDENT, seconds: budgetSeconds * SMALL_SHARE });
  if (student.steps < MIN_STEPS) throw tooLittle(fit, student.steps);
  const rows = batchRows(student.parameters, row);
  const epochs = (student.steps * rows * row) / tokens;
  const distilSteps = teacher ? Math.max(1, Math.round(student.steps * DISTIL_SHARE)) : student.steps;
  return {
    vocabulary,
    row,
    rows,
    student,
    small,
    distilSteps,
    epochs,
    boundBy: epochs >= MAX_EPOCHS * 0.99 ? 'corpus' : 'budget',
  };
}

interface Fit extends SizingInput {
  readonly vocabulary: number;
  readonly row: number;
  /** Tokens in the corpus. */
  readonly tokens: number;
}

/** Smallest index of a student in MODEL_SIZES: its teacher is two sizes smaller. */
const SMALLEST_STUDENT = 2;

/**
 * Index of the largest model that gets enough tokens per parameter within budget and corpus, and
 * whose state fits into memory.
 */
function largestThatFits(fit: Fit, seconds: number): number {
  let best = SMALLEST_STUDENT;
  MODEL_SIZES.forEach((shape, at) => {
    const config = configOf(shape, fit.vocabulary, fit.row);
    const parameters = parameterCount(config);
    const enough = tokensWithin(fit, { shape, config, seconds }) >= TOKENS_PER_PARAMETER * parameters;
    if (enough && parameters * BYTES_PER_PARAMETER <= STATE_SHARE * fit.memoryBytes)
      best = Math.max(best, at);
  });
  return best;
}

function tokensWithin(
  { flopsPerSecond, row, tokens }: Fit,
  { shape, config, seconds }: { shape: ModelSize; config: ModelConfig; seconds: number },
): number {
  const rate = (flopsPerSecond * efficiency(shape)) / trainingFlops(config, row);
  return Math.min(rate * seconds, MAX_EPOCHS * tokens);
}

function sized(fit: Fit, { at, seconds }: { at: number; seconds: number }): TrainingSize {
  const shape = MODEL_SIZES[at]!;
  const config = configOf(shape, fit.vocabulary, fit.row);
  const parameters = parameterCount(config);
  const perStep = batchRows(parameters, fit.row) * fit.row;
  const steps = Math.floor(tokensWithin(fit, { shape, config, seconds }) / perStep);
  return {
    config,
    parameters,
    steps,
    learningRate: learningRateFor(shape),
    warmup: Math.max(1, Math.round(steps * WARMUP_SHARE)),
    seconds: (steps * perStep * trainingFlops(config, fit.row)) / (fit.flopsPerSecond * efficiency(shape)),
  };
}

/**
 * Vocabulary size: a power of two, with about 2,000 bytes of text for each id, so that most ids
 * occur often.
 */
function vocabularyFor(bytes: number): number {
  return Math.min(16_384, Math.max(1024, 2 ** Math.floor(Math.log2(bytes / 2000))));
}

function rowFor(tokens: number): number {
  if (tokens < 10e6) return 128;
  return tokens < 100e6 ? 256 : 512;
}

/** Rows in a step. The tokens in a step grow with the model, from 1,024 to about half a million. */
function batchRows(parameters: number, row: number): number {
  const tokens = parameters < 3e6 ? 1024 : parameters < 3e7 ? 4096 : parameters < 3e8 ? 32_768 : 524_288;
  return Math.max(8, tokens / row);
}

/**
 * Learning rate, proportional to 1 / sqrt(width), with two significant digits. 2e-3 at width 128 is
 * between the best measured rates of plain runs: 4e-3 over 640 steps and 1e-3 over 1,200 (LOG.md).
 */
function learningRateFor({ width }: ModelSize): number {
  return Number((2e-3 * Math.sqrt(128 / width)).toPrecision(2));
}

function tooLittle({ corpusBytes, budgetSeconds, tokens, row }: Fit, steps: number): BrineError {
  const text = `${(corpusBytes / 1e6).toFixed(1)} MB of text and ${Math.round(budgetSeconds)} s allow ${steps} steps, but at least ${MIN_STEPS} are needed`;
  if (MAX_EPOCHS * tokens < MIN_STEPS * 8 * row)
    return new BrineError('CORPUS_TOO_SMALL', text, { hint: 'Use more text.' });
  return new BrineError('BAD_ARGUMENT', text, { hint: 'Increase the budget, such as --budget 30min.' });
}

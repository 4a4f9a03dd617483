/**
 * What `brine init` decides, as a pure function of what it found: sizes of both models, row length, batch, steps, learning rates and
 * stages that fit a corpus, a machine and a budget. The rules of thumb and their sources stand beside the constants.
 */
import { BrineError } from '../../base/errors.ts';
import type { ModelConfig } from '../../model/index.ts';
import { configOf, efficiency, parameterCount, SHAPES, trainingFlops, type Shape } from './shapes.ts';

export interface SizingInput {
  /** Bytes of text. */
  readonly corpusBytes: number;
  readonly budgetSeconds: number;
  /** Floating-point operations a second of the best matrix product, all ranks together. */
  readonly flopsPerSecond: number;
  /** Bytes that one rank may use. */
  readonly memoryBytes: number;
  /** A teacher that is there already; without one, the budget also trains a small model. */
  readonly teacher?: GivenTeacher | undefined;
}

export interface GivenTeacher {
  readonly vocabularySize: number;
  /** The longest row that it takes. */
  readonly maxPositions: number;
  readonly parameters: number;
}

/** One model and how it is trained. */
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
  /** Tokens of a row. */
  readonly row: number;
  /** Rows of a step. */
  readonly rows: number;
  readonly student: TrainingSize;
  readonly small: TrainingSize | undefined;
  /** Steps of the first stage. */
  readonly distilSteps: number;
  /** Whether the first stage trains on selected rows. */
  readonly selects: boolean;
  /** How often the student sees each token. */
  readonly epochs: number;
  /** What bounds the steps: the budget, or the text. */
  readonly boundBy: 'budget' | 'corpus';
}

/** Bytes of text a token, by the vocabularies that are chosen here; measured on sources and prose with 2,048 to 8,192 ids. */
const BYTES_PER_TOKEN = 3.3;
/** Of the budget: the small model's training; scoring and labelling take about as much again as a tenth of the student's. */
const SMALL_SHARE = 0.15;
const HELP_SHARE = 0.1;
/** Fewer tokens a parameter leave the model undertrained; about 20 is best for a fixed amount of computation (Hoffmann et al. 2022). */
const TOKENS_PER_PARAMETER = 20;
/** Repeating text up to four times is nearly as good as new text (Muennighoff et al. 2023). */
const MOST_EPOCHS = 4;
/** Share of the student's steps in the first stage: the paper's 36K of 208K steps, rounded up, as short runs gain longer. */
const DISTIL_SHARE = 0.25;
/** Parameters, gradients and two moments, float32. */
const BYTES_PER_PARAMETER = 16;
/** Of a rank's memory; the rest is for activations. */
const STATE_SHARE = 0.4;
const LEAST_STEPS = 50;
const WARMUP_SHARE = 0.04;

/** Throws CORPUS_TOO_SMALL and BAD_ARGUMENT where nothing sensible fits. */
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
  if (student.steps < LEAST_STEPS) throw tooLittle(fit, student.steps);
  const rows = batchRows(student.parameters, row);
  const epochs = (student.steps * rows * row) / tokens;
  const distilSteps = Math.max(1, Math.round(student.steps * DISTIL_SHARE));
  return {
    vocabulary,
    row,
    rows,
    student,
    small,
    distilSteps,
    // Half of the rows are kept: the first stage must not need more of them than there are.
    selects: small !== undefined && distilSteps * rows * row <= tokens / 2,
    epochs,
    boundBy: epochs >= MOST_EPOCHS * 0.99 ? 'corpus' : 'budget',
  };
}

interface Fit extends SizingInput {
  readonly vocabulary: number;
  readonly row: number;
  /** In the corpus. */
  readonly tokens: number;
}

/** A student needs room above its teacher, which is two sizes smaller. */
const SMALLEST_STUDENT = 2;

/** The largest model that sees enough tokens a parameter within the budget and the text, and whose state fits into memory. */
function largestThatFits(fit: Fit, seconds: number): number {
  let best = SMALLEST_STUDENT;
  SHAPES.forEach((shape, at) => {
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
  { shape, config, seconds }: { shape: Shape; config: ModelConfig; seconds: number },
): number {
  const rate = (flopsPerSecond * efficiency(shape)) / trainingFlops(config, row);
  return Math.min(rate * seconds, MOST_EPOCHS * tokens);
}

function sized(fit: Fit, { at, seconds }: { at: number; seconds: number }): TrainingSize {
  const shape = SHAPES[at]!;
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

/** About 2,000 bytes of text for each id, so that most ids are seen often. A power of two. */
function vocabularyFor(bytes: number): number {
  return Math.min(16_384, Math.max(1024, 2 ** Math.floor(Math.log2(bytes / 2000))));
}

function rowFor(tokens: number): number {
  if (tokens < 10e6) return 128;
  return tokens < 100e6 ? 256 : 512;
}

/** Tokens a step grow with the model: 1,024 for the smallest, half a million for the largest. */
function batchRows(parameters: number, row: number): number {
  const tokens = parameters < 3e6 ? 1024 : parameters < 3e7 ? 4096 : parameters < 3e8 ? 32_768 : 524_288;
  return Math.max(8, tokens / row);
}

/**
 * 2e-3 at width 128 lies between the best rates that were seen for a plain run there: 4e-3 over 640 steps, 1e-3 over 1,200 (LOG.md). It
 * falls with the root of the width. Two significant digits.
 */
function learningRateFor({ width }: Shape): number {
  return Number((2e-3 * Math.sqrt(128 / width)).toPrecision(2));
}

function tooLittle({ corpusBytes, budgetSeconds, tokens, row }: Fit, steps: number): BrineError {
  const text = `${(corpusBytes / 1e6).toFixed(1)} MB of text and ${Math.round(budgetSeconds)} s allow ${steps} steps, fewer than ${LEAST_STEPS}`;
  if (MOST_EPOCHS * tokens < LEAST_STEPS * 8 * row)
    return new BrineError('CORPUS_TOO_SMALL', text, { hint: 'Give more text.' });
  return new BrineError('BAD_ARGUMENT', text, { hint: 'Give more time, such as --budget 30min.' });
}

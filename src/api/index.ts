/**
 * The package `brine`: train, replay, teach and evaluate from code. Each function does what the command
 * of the same name does, takes an AbortSignal, and reports events to `observe`, which must not throw. None
 * of them prints, reads arguments or environment variables, installs signal handlers or ends the
 * process. Failures are BrineErrors with a stable code and a hint.
 */
import { fileURLToPath } from 'node:url';
import { entryPoint } from '../base/entry-points.ts';
import type { RunEvent, TrainResult } from '../launch/run-events.ts';
import type { EvaluationReport } from '../tasks/evaluation/evaluation-report.ts';
import type { AttachReport, TeachEvent } from '../worker/teacher/teach-events.ts';

export { BrineError, type ErrorCode } from '../base/errors.ts';
export type { CoordinatorEvent } from '../control/coordinator-events.ts';
export type { Snapshot, StudentView } from '../control/snapshot.ts';
export type { Cost, RunEvaluation } from '../report/comparison.ts';
export type { AttachReport, EvaluationReport, RunEvent, TeachEvent, TrainResult };

/** What a run is made from. */
export interface RunSettings {
  /**
   * File of the recipe, relative to the working folder or, when nothing exists there, to the folder of
   * Brine: `cluster/nano-plain.yaml` is a shipped recipe.
   */
  readonly recipe: string;
  /** Keys that override the recipe, by path: `{ 'student.seed': 2, run: 'runs/again' }`. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  /** Environment variables of the processes of the run: usually `env` of `node:process`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * Whether to continue from the latest checkpoint. `auto` starts at step 0 if there is none.
   * Default false.
   */
  readonly resume?: boolean | 'auto' | undefined;
  /** Ends the run in order: students save a checkpoint, and every process exits. */
  readonly signal?: AbortSignal | undefined;
  readonly observe?: ((event: RunEvent) => void) | undefined;
}

export interface ReplaySettings extends RunSettings {
  /** Folder of a filled label cache. */
  readonly labels: string;
}

/**
 * Trains a model by a recipe, with all processes of the run on this machine. Throws CONFIG_INVALID,
 * FILE_MISSING and BAD_ARGUMENT for the recipe, FILE_EXISTS for a run folder in use, TRAINING_DIVERGED,
 * ROLE_FAILED, and CANCELLED by the signal. The run folder is then unchanged or contains complete
 * checkpoints.
 */
export function train(settings: RunSettings): Promise<TrainResult> {
  return runTraining(settings);
}

/**
 * Trains as `train`, with all labels from a filled cache and without teachers. Also throws LABEL_MISSING
 * for a row that the cache lacks, unless `labels.onMissing` is `plain`.
 */
export function replay({ labels, ...settings }: ReplaySettings): Promise<TrainResult> {
  return runTraining(settings, labels);
}

async function runTraining(settings: RunSettings, labels?: string): Promise<TrainResult> {
  const { recipe: file, set = {}, environment, resume = false, signal, observe } = settings;
  const { readRunRecipe } = await import('../worker/resume/saved-recipe.ts');
  const { train: trainRun } = await import('../launch/train.ts');
  const recipe = await readRunRecipe(file, assignments(set));
  return trainRun({ recipe, brine: brineCommand(), environment, replay: labels, resume, signal, observe });
}

/** JSON is YAML, so values keep their types. */
function assignments(set: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(set).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${JSON.stringify(value)}`],
  );
}

/** The command that starts the processes of a run. */
function brineCommand(): string[] {
  return [process.execPath, fileURLToPath(entryPoint('main'))];
}

/** What a teacher is made from. Give either `run` or `caches`. */
export interface TeachSettings {
  /** Run folder of an active run: its label cache, and its keys unless others are given. */
  readonly run?: string | undefined;
  /** Addresses of all servers of a label cache. */
  readonly caches?: readonly string[] | undefined;
  /** Run, checkpoint or model folder. Default: the model that the cache offers. */
  readonly checkpoint?: string | undefined;
  /** Folder for the model that the cache offers. Default brine/models in ~/.cache. */
  readonly store?: string | undefined;
  /** Folder with teacher.secret and cache.public, if the cache has keys. */
  readonly keys?: string | undefined;
  /** Default cpu. */
  readonly device?: 'cpu' | 'cuda' | undefined;
  /** Threads with cpu, devices with cuda. Default 1. */
  readonly engines?: number | undefined;
  /** Threads inside one operator, for each engine. Default 1. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly observe?: ((event: TeachEvent) => void) | undefined;
}

/**
 * Draws labels for a label cache in threads of this process, until all are stored or the cache ends.
 * Throws BAD_ARGUMENT without a cache; FILE_MISSING, CLOSED and CACHE_GONE for a run that is not active;
 * TOKENIZER_MISMATCH and TEACHER_MISMATCH when the cache refuses the model; and CANCELLED by the signal.
 */
export async function teach(settings: TeachSettings): Promise<AttachReport> {
  const { drawLabels, modelStore } = await import('../tasks/teach.ts');
  return drawLabels({
    ...settings,
    store: settings.store ?? modelStore(),
    device: settings.device ?? 'cpu',
    engines: settings.engines ?? 1,
    threads: settings.threads ?? 1,
    signal: settings.signal ?? new AbortController().signal,
    observe: (event) => settings.observe?.(event),
  });
}

/** What an evaluation reports. */
export type EvaluateEvent =
  /** A remark for the user, such as the padding of the model's head. */
  | { readonly kind: 'note'; readonly text: string }
  /** Evaluated rows, and their total. */
  | { readonly kind: 'progress'; readonly rows: number; readonly total: number };

export interface EvaluateSettings {
  /** Run (its latest checkpoint), RUN@STEP, checkpoint folder or exported ONNX model. */
  readonly checkpoint: string;
  /** Prepared folder with validation rows. Default: the data of the run. */
  readonly data?: string | undefined;
  /** Maximum number of rows, from the first. Default all. */
  readonly rows?: number | undefined;
  /** Threads inside one operator. Default 2. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly observe?: ((event: EvaluateEvent) => void) | undefined;
}

/**
 * Computes loss (nats a token), perplexity, bits a byte, accuracy and expected calibration error (0 … 1)
 * on validation rows. ONNX Runtime runs on
 * the calling thread and blocks it for one batch at a time. Throws FILE_MISSING, FILE_DAMAGED,
 * CHECKPOINT_DAMAGED, SHARD_DAMAGED, GRAPH_INVALID, MODEL_NOT_FINITE, TOKENIZER_MISMATCH, and CANCELLED by
 * the signal.
 */
export async function evaluate(settings: EvaluateSettings): Promise<EvaluationReport> {
  const { observe, threads = 2, ...options } = settings;
  const { evaluateCheckpoint } = await import('../tasks/evaluation/evaluate.ts');
  return evaluateCheckpoint({
    ...options,
    threads,
    note: (text) => observe?.({ kind: 'note', text }),
    observe: (rows, total) => observe?.({ kind: 'progress', rows, total }),
  });
}

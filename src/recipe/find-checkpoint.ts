import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { findOnnx, foreignWeights, hasWeights } from '../model/index.ts';
import { listCheckpoints, type Checkpoint } from '../student/checkpoint/checkpoint.ts';
import { checkModelFiles } from '../student/checkpoint/model-check.ts';
import { findPath } from '../base/files/find-path.ts';
import { runFolder } from './run-folder.ts';

/** The noun and the hint of an error about a missing checkpoint. */
export interface Wanted {
  readonly what?: string;
  readonly hint?: string;
}

const ANY: Required<Wanted> = {
  what: 'the checkpoint',
  hint: 'Name a run folder, RUN@STEP, or a folder with config.json and model.safetensors, or with model.onnx.',
};

/**
 * Find the checkpoint folder that a user names. A folder with config.json and safetensors, or with an ONNX
 * model, is itself a checkpoint. A run folder means its latest checkpoint, RUN@STEP the checkpoint of that
 * step. A folder whose name ends in @ and digits takes precedence over RUN@STEP. Throws FILE_MISSING,
 * WEIGHTS_UNSUPPORTED for weights in an unsupported format, and CHECKPOINT_DAMAGED when the hashes beside
 * the weights do not match.
 */
export async function findCheckpoint(name: string, wanted: Wanted = {}): Promise<string> {
  const folder = await locate(name, { ...ANY, ...wanted });
  await checkModelFiles(folder, { holdsModel: holdsModel(folder) });
  return folder;
}

async function locate(name: string, wanted: Required<Wanted>): Promise<string> {
  const literal = findPath(name);
  if (holdsModel(literal)) return literal;
  const own = await checkpointsOf(literal);
  const last = own.at(-1);
  if (last) return last.folder;
  const [, run, at] = /^(.*)@(\d+)$/.exec(name) ?? [];
  const found = run === undefined ? [] : await checkpointsOf(findPath(run));
  const one = found.find(({ step }) => step === Number(at));
  if (one) return one.folder;
  throw foreignWeights(literal) ?? missing(name, literal, { found, ...wanted });
}

function holdsModel(folder: string): boolean {
  return hasWeights(folder) || findOnnx(folder) !== undefined;
}

function checkpointsOf(run: string): Promise<Checkpoint[]> {
  return listCheckpoints(runFolder(run).checkpoints);
}

function missing(
  name: string,
  literal: string,
  { found, what, hint }: Required<Wanted> & { readonly found: readonly Checkpoint[] },
): BrineError {
  const steps = found.map(({ step }) => step).join(', ');
  const fault = existsSync(literal)
    ? isRun(literal)
      ? 'is a run that has no checkpoint yet'
      : 'exists, but is neither a model nor a run'
    : `does not exist${steps && ` (the run has checkpoints of steps ${steps})`}`;
  return new BrineError('FILE_MISSING', `${what} ${name} ${fault}`, { hint });
}

function isRun(folder: string): boolean {
  return existsSync(runFolder(folder).recipe) || existsSync(join(folder, 'checkpoints'));
}

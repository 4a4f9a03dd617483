import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { findOnnx, foreignWeights, hasWeights } from '../model/index.ts';
import { listCheckpoints, type Checkpoint } from '../student/checkpoint/checkpoint.ts';
import { checkModelFiles } from '../student/checkpoint/model-check.ts';
import { findPath, runFolder } from './run-folder.ts';

/** How an error calls what was looked for. */
export interface Wanted {
  readonly what?: string;
  readonly hint?: string;
}

const ANY: Required<Wanted> = {
  what: 'the checkpoint',
  hint: 'Name a run folder, RUN@STEP, or a folder with config.json and model.safetensors, or with model.onnx.',
};

/**
 * The folder of a checkpoint as people name it: a folder with config.json and safetensors, or with an ONNX model, is a checkpoint itself, a run
 * folder means its last checkpoint, RUN@STEP that of a step. A folder whose own name ends in @ and digits is meant before a step is. Throws
 * FILE_MISSING, WEIGHTS_UNSUPPORTED for weights that are not read, and CHECKPOINT_DAMAGED when the hashes beside the weights are not theirs.
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
      ? 'is a run without any checkpoint yet'
      : 'is there, but holds neither weights nor a run'
    : `does not exist${steps && ` (it has those of steps ${steps})`}`;
  return new BrineError('FILE_MISSING', `${what} ${name} ${fault}`, { hint });
}

function isRun(folder: string): boolean {
  return existsSync(runFolder(folder).recipe) || existsSync(join(folder, 'checkpoints'));
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { findOnnx } from '../model/index.ts';
import { listCheckpoints } from '../student/checkpoint.ts';
import { findPath, runFolder } from './resolved.ts';

/**
 * The folder of a checkpoint as people name it: a run folder means its last checkpoint, RUN@STEP that of a step, and a folder with
 * config.json and model.safetensors, or with an ONNX model, is a checkpoint itself.
 */
export async function findCheckpoint(
  name: string,
  {
    what = 'the checkpoint',
    hint = 'Name a run folder, RUN@STEP, or a folder with config.json and model.safetensors, or with model.onnx.',
  } = {},
): Promise<string> {
  const [, path = name, at] = /^(.*)@(\d+)$/.exec(name) ?? [];
  const folder = findPath(path);
  if (at === undefined && (existsSync(join(folder, 'model.safetensors')) || findOnnx(folder) !== undefined))
    return folder;
  const found = await listCheckpoints(runFolder(folder).checkpoints);
  const wanted = at === undefined ? found.at(-1) : found.find(({ step }) => step === Number(at));
  if (wanted) return wanted.folder;
  const there =
    found.length > 0 ? ` (it has those of steps ${found.map(({ step }) => step).join(', ')})` : '';
  throw new BrineError('FILE_MISSING', `${what} ${name} does not exist${there}`, { hint });
}

/** A model on disk in Hugging Face layout: config.json and model.safetensors, loadable by transformers. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, sha256File } from '../base/checksum.ts';
import { BrineError, messageOf } from '../base/errors.ts';
import { writeFolderWhole } from '../base/files.ts';
import { allocate, flatLayout, viewOf, type FlatLayout } from '../tensor/layout.ts';
import { openSafetensors, writeSafetensors, type SafetensorsFile } from '../tensor/safetensors.ts';
import { configDocument, readModelConfig, type ModelConfig } from './config.ts';
import { findOnnx, onnxIdentity, readOnnxFolder } from './onnx-folder.ts';
import { HEAD, parameterSpecs } from './parameters.ts';

export interface Model {
  readonly config: ModelConfig;
  readonly layout: FlatLayout;
  /** The parameters, as the layout says. */
  readonly buckets: readonly Float32Array[];
}

const WEIGHTS = 'model.safetensors';

/**
 * Reads a whole model as float32, whatever floating type it is stored in. Throws FILE_MISSING, FILE_DAMAGED, CONFIG_INVALID,
 * or SHAPE_MISMATCH when the weights are not the configuration's.
 */
export async function readModelFolder(folder: string): Promise<Model> {
  const config = await readModelConfig(folder);
  const layout = flatLayout(parameterSpecs(config));
  const path = join(folder, WEIGHTS);
  const file = await openSafetensors(path);
  try {
    checkNames(path, { file, layout, tied: config.tieEmbeddings });
    const buckets = allocate(layout);
    for (const tensor of layout.tensors) await file.readFloat32(tensor.name, viewOf(tensor, buckets));
    return { config, layout, buckets };
  } finally {
    await file.close();
  }
}

/** Writes config.json and model.safetensors into an existing folder. Throws FILE_UNWRITABLE. */
export async function writeModelFiles(
  folder: string,
  { config, layout, buckets }: Model,
  endOfText?: number,
): Promise<void> {
  const document = `${JSON.stringify(configDocument(config, endOfText), null, 2)}\n`;
  await writeFile(join(folder, 'config.json'), document);
  const tensors = layout.tensors.map((tensor) => ({
    name: tensor.name,
    dtype: 'float32' as const,
    shape: tensor.shape,
    data: viewOf(tensor, buckets),
  }));
  await writeSafetensors(join(folder, WEIGHTS), tensors, { format: 'pt' });
}

/** Writes a model folder whole, by rename; an older folder of that name is replaced. Throws FILE_UNWRITABLE. */
export function writeModelFolder(folder: string, model: Model, endOfText?: number): Promise<void> {
  return writeFolderWhole(folder, (temporary) => writeModelFiles(temporary, model, endOfText));
}

/**
 * What kind of model a folder holds: `onnx` is any model.onnx, `checkpoint` is config.json with model.safetensors. A model.onnx in the
 * folder itself is meant; one in onnx/, as model hubs add it, is used when the checkpoint beside it is not there or of an architecture that Brine does not build.
 */
export async function modelKind(folder: string): Promise<'onnx' | 'checkpoint'> {
  const place = findOnnx(folder);
  if (place === undefined) return 'checkpoint';
  if (place === 'model.onnx' || !existsSync(join(folder, WEIGHTS))) return 'onnx';
  return readModelConfig(folder).then(
    () => 'checkpoint',
    () => 'onnx',
  );
}

/**
 * SHA-256 over what decides the model's outputs: its configuration and its weights file, or all files of an ONNX model.
 * Throws FILE_MISSING, and what reading the configuration or readOnnxFolder throws.
 */
export async function modelIdentity(folder: string): Promise<string> {
  if ((await modelKind(folder)) === 'onnx') return onnxIdentity(folder);
  const { initializerRange: _, ...config } = await readModelConfig(folder);
  const path = join(folder, WEIGHTS);
  const weights = await sha256File(path).catch((cause: unknown) => {
    throw new BrineError('FILE_MISSING', `cannot read ${path}: ${messageOf(cause)}`, {
      hint: 'Keep config.json and model.safetensors of one model together.',
      cause,
    });
  });
  return sha256(JSON.stringify(config), weights);
}

/** The files of a folder that modelIdentity covers and that running the model takes, by their names in it with "/", sorted. */
export async function modelFileNames(folder: string): Promise<readonly string[]> {
  if ((await modelKind(folder)) === 'onnx') return (await readOnnxFolder(folder)).files;
  return ['config.json', WEIGHTS];
}

function checkNames(
  path: string,
  { file, layout, tied }: { file: SafetensorsFile; layout: FlatLayout; tied: boolean },
): void {
  const expected = new Map(layout.tensors.map((tensor) => [tensor.name, tensor.shape]));
  const found = [...file.tensors].filter(([name]) => !(tied && name === HEAD));
  const missing = [...expected.keys()].filter((name) => !file.tensors.has(name));
  const strange = found.map(([name]) => name).filter((name) => !expected.has(name));
  const unequal = found.filter(
    ([name, { shape }]) => expected.has(name) && String(expected.get(name)) !== String(shape),
  );
  const faults = [
    ...missing.map((name) => `${name} is missing`),
    ...strange.map((name) => `${name} is unknown`),
    ...unequal.map(
      ([name, { shape }]) => `${name} is [${String(shape)}], not [${String(expected.get(name))}]`,
    ),
  ];
  if (faults.length === 0) return;
  const more = faults.length > 4 ? ` and ${faults.length - 4} more` : '';
  throw new BrineError(
    'SHAPE_MISMATCH',
    `${path} does not fit its config.json: ${faults.slice(0, 4).join(', ')}${more}`,
    {
      hint: 'Keep config.json and model.safetensors of one model together.',
    },
  );
}

/**
 * Model folders in Hugging Face layout: config.json and model.safetensors, loadable by
 * transformers.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, sha256File } from '../base/checksum.ts';
import { BrineError, messageOf } from '../base/errors.ts';
import { writeFolderWhole } from '../base/files/files.ts';
import { allocate, flatLayout, viewOf, type FlatLayout } from '../tensor/layout.ts';
import { writeSafetensors } from '../tensor/safetensors.ts';
import { configDocument, readModelConfig, type ModelConfig } from './config.ts';
import { findOnnx, onnxIdentity, readOnnxFolder } from './onnx-folder.ts';
import { parameterSpecs } from './parameters.ts';
import { hasWeights, openWeights, weightFileNames, weightFiles, WEIGHTS } from './weight-files.ts';
import { checkParameters, readParameters } from './weights.ts';

export interface Model {
  readonly config: ModelConfig;
  readonly layout: FlatLayout;
  /** Parameters, one array for each bucket of the layout. */
  readonly buckets: readonly Float32Array[];
}

/**
 * Reads a model and converts its weights from any stored floating type to float32. Throws
 * FILE_MISSING, FILE_DAMAGED, CONFIG_INVALID, WEIGHTS_UNSUPPORTED, and SHAPE_MISMATCH if the weights
 * do not fit the configuration.
 */
export async function readModelFolder(folder: string): Promise<Model> {
  const config = await readModelConfig(folder);
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  await readWeights(folder, { config, layout, buckets });
  return { config, layout, buckets };
}

/**
 * Checks that a folder's weights are complete and fit its config.json, without reading them. Throws
 * the same errors as readModelFolder.
 */
export async function checkModelFolder(folder: string): Promise<void> {
  const config = await readModelConfig(folder);
  const weights = await openWeights(folder);
  try {
    checkParameters(weights, { config, layout: flatLayout(parameterSpecs(config)) });
  } finally {
    await weights.close();
  }
}

/**
 * Fills the buckets with a folder's weights, its layers repeated `stack` times (default 1). Throws the same errors as
 * readModelFolder.
 */
export async function readWeights(
  folder: string,
  model: Model & { readonly stack?: number | undefined },
): Promise<void> {
  const weights = await openWeights(folder);
  try {
    await readParameters(weights, model);
  } finally {
    await weights.close();
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

/**
 * Writes a model folder atomically and replaces an older folder of that name. Throws
 * FILE_UNWRITABLE.
 */
export function writeModelFolder(folder: string, model: Model, endOfText?: number): Promise<void> {
  return writeFolderWhole(folder, (temporary) => writeModelFiles(temporary, model, endOfText));
}

/**
 * Kind of model in a folder: `onnx` for a model.onnx, `checkpoint` for config.json with safetensors. A
 * model.onnx in the folder itself takes precedence. One in onnx/, as model hubs add it, is used only
 * if there is no checkpoint, or if Brine does not build the checkpoint's architecture.
 */
export async function modelKind(folder: string): Promise<'onnx' | 'checkpoint'> {
  const place = findOnnx(folder);
  if (place === undefined) return 'checkpoint';
  if (place === 'model.onnx' || !hasWeights(folder)) return 'onnx';
  return readModelConfig(folder).then(
    () => 'checkpoint',
    () => 'onnx',
  );
}

/**
 * SHA-256 over everything that decides the model's outputs: its configuration and weight files, or all
 * files of an ONNX model. Throws FILE_MISSING, and everything that readModelConfig and readOnnxFolder
 * throw.
 */
export async function modelIdentity(folder: string): Promise<string> {
  if ((await modelKind(folder)) === 'onnx') return onnxIdentity(folder);
  const { initializerRange: _, ...config } = await readModelConfig(folder);
  const hashes: string[] = [];
  for (const name of (await weightFiles(folder)).names) {
    const path = join(folder, name);
    const hash = await sha256File(path).catch((cause: unknown) => {
      throw new BrineError('FILE_MISSING', `cannot read ${path}: ${messageOf(cause)}`, {
        hint: 'Use config.json and model.safetensors of the same model.',
        cause,
      });
    });
    hashes.push(hash);
  }
  return sha256(JSON.stringify(config), ...hashes);
}

/**
 * Sorted relative paths (with "/") of the files that modelIdentity covers and that running the
 * model needs.
 */
export async function modelFileNames(folder: string): Promise<readonly string[]> {
  if ((await modelKind(folder)) === 'onnx') return (await readOnnxFolder(folder)).files;
  return ['config.json', ...(await weightFileNames(folder))];
}

/**
 * The files of a student's checkpoint beside trainer.json: the model in Hugging Face layout, and
 * the optimizer state.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeModelFiles, type ModelConfig } from '../../model/index.ts';
import type { FlatLayout } from '../../tensor/layout.ts';
import { writeSafetensors } from '../../tensor/safetensors.ts';
import { stagedLayout } from './stages.ts';

export const OPTIMIZER_FILE = 'optimizer.safetensors';

/** Elements of a bucket: 16 MiB, the ring's unit of work. A larger tensor has a bucket of its own. */
export const BUCKET_ELEMENTS = 2 ** 22;

/** Bucket layout of a model's parameters, for a backward pass of `stages` stages. */
export function studentLayout(
  config: ModelConfig,
  {
    bucketElements = BUCKET_ELEMENTS,
    stages = 1,
  }: { bucketElements?: number | undefined; stages?: number | undefined },
): FlatLayout {
  return stagedLayout(config, { stages, bucketElements });
}

/** Describes the arrays of a state: the parameters' buckets, then the optimizer's arrays. */
export interface StateShape {
  readonly layout: FlatLayout;
  readonly names: readonly string[];
  /**
   * For an optimizer that can be sharded: its arrays per parameter, each of the parameter's size,
   * named PARAMETER.PART.
   */
  readonly parts: readonly string[];
}

/** Contents of the files. */
interface StudentFiles {
  readonly config: ModelConfig;
  readonly layout: FlatLayout;
  readonly parameters: readonly Float32Array<ArrayBuffer>[];
  /** Arrays of the optimizer, by name. */
  readonly optimizer: Iterable<readonly [string, Float32Array]>;
  readonly endOfText?: number | undefined;
}

/** Throws FILE_UNWRITABLE. */
export async function writeStudentFiles(
  folder: string,
  { config, layout, parameters, optimizer, endOfText }: StudentFiles,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeModelFiles(folder, { config, layout, buckets: [...parameters] }, endOfText);
  const tensors = Array.from(optimizer, ([name, data]) => ({
    name,
    dtype: 'float32' as const,
    shape: [data.length],
    data,
  }));
  await writeSafetensors(join(folder, OPTIMIZER_FILE), tensors);
}

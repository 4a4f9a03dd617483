import { join } from 'node:path';
import { packageRoot } from '../../src/base/files/files.ts';
import {
  initialParameters,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../src/model/index.ts';
import { allocate, flatLayout } from '../../src/tensor/layout.ts';

/**
 * Writes a micro model with initial weights and a vocabulary of 300, as a teacher that needs no training.
 * With a wide `initializerRange` it is biased: sure of predictions that have nothing to do with the text.
 */
export async function writeInitialModel(
  folder: string,
  { initializerRange }: { readonly initializerRange?: number } = {},
): Promise<void> {
  const shipped = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const config = { ...shipped, vocabularySize: 300, ...(initializerRange && { initializerRange }) };
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, 7, { layout, buckets });
  await writeModelFolder(folder, { config, layout, buckets });
}

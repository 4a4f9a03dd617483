import { join } from 'node:path';
import { packageRoot } from '../../src/base/files/files.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';
import { openSafetensors } from '../../src/tensor/safetensors.ts';

/** Reads test/golden/NAME.safetensors. Returns a lookup of tensors by name. */
export async function readGolden(name: string): Promise<(tensor: string) => TensorData> {
  const file = await openSafetensors(join(packageRoot(), 'test', 'golden', `${name}.safetensors`));
  const tensors = new Map<string, TensorData>();
  for (const tensor of file.tensors.keys()) tensors.set(tensor, await file.read(tensor));
  await file.close();
  return (tensor) => {
    const found = tensors.get(tensor);
    if (!found) throw new Error(`the golden file of ${name} has no ${tensor}`);
    return found;
  };
}

/**
 * A student that starts from a checkpoint has its weights at step 0, bit for bit, whatever the
 * layout and the stored format.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import {
  configDocument,
  initialParameters,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
  type Model,
} from '../../src/model/index.ts';
import { create } from '../../src/student/program/program.ts';
import { allocate, flatLayout, tensorsOf } from '../../src/tensor/layout.ts';
import { writeSafetensors } from '../../src/tensor/safetensors.ts';

const scratch = await mkdtemp(join(tmpdir(), 'brine-start-'));
after(() => rm(scratch, { recursive: true, force: true }));

async function modelOf(name: string): Promise<Model> {
  const config = await readModelConfig(join(packageRoot(), 'models', name));
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, 31, { layout, buckets });
  return { config, layout, buckets };
}

for (const name of ['micro-tied', 'micro-untied']) {
  test(`${name}: the parameters at step 0 equal the checkpoint's bit for bit`, async () => {
    const model = await modelOf(name);
    const folder = join(scratch, name);
    await writeModelFolder(folder, model);
    await assertBegins(model, folder);
    // As from a wrapped module, in another order of tensors.
    const tensors = Object.entries(tensorsOf(model)).toReversed();
    await writeSafetensors(
      join(folder, 'model.safetensors'),
      tensors.map(([tensor, data]) => ({ name: `module.${tensor}`, ...data })),
    );
    await writeFile(join(folder, 'config.json'), JSON.stringify(configDocument(model.config)));
    await assertBegins(model, folder);
  });
}

test('refuses to start from a checkpoint with non-finite weights', async () => {
  const model = await modelOf('micro-tied');
  model.buckets.at(-1)!.fill(NaN, 0, 1);
  const folder = join(scratch, 'not finite');
  await writeModelFolder(folder, model);
  await assert.rejects(assertBegins(model, folder), {
    code: 'MODEL_NOT_FINITE',
    message: /not finite: model\.\S+ is NaN at element \d+/,
  });
});

async function assertBegins(model: Model, folder: string): Promise<void> {
  for (const [bucketElements, stages] of [
    [2048, 1],
    [2 ** 22, 1],
    [2048, 2],
  ] as const) {
    const program = await create({
      config: model.config,
      rows: 2,
      positions: 8,
      targetWidths: [1],
      optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
      engine: { threads: 1, device: 'cpu' },
      seed: 5,
      start: folder,
      bucketElements,
      stages,
    });
    const { layout } = await program.stateShape();
    const found = tensorsOf({ layout, buckets: await program.parameters() });
    await program.close();
    assert.deepEqual(found, tensorsOf(model), `buckets of ${bucketElements}, ${stages} stages`);
  }
}

import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryPoint } from '../../../src/base/entry-points.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import { hostThread } from '../../../src/engine/host.ts';
import { readModelConfig } from '../../../src/model/index.ts';
import { prepareCheckpoints } from '../../../src/student/checkpoint/checkpoint.ts';
import type { CheckpointWriter } from '../../../src/student/checkpoint/checkpoint-writer.ts';
import { trainSmall } from '../small-run.ts';

const program = entryPoint('checkpoint-writer');

async function withWriter<T>(work: (folder: string, writer: Awaited<ReturnType<typeof open>>) => Promise<T>) {
  const folder = await mkdtemp(join(tmpdir(), 'brine-writer-'));
  const writer = await open();
  try {
    return await work(folder, writer);
  } finally {
    await writer.close();
    await rm(folder, { recursive: true });
  }
}

async function open() {
  const config = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  return hostThread<CheckpointWriter>(program, { config });
}

for (const optimizer of ['adamw', 'adafactor'] as const) {
  test(`background writes produce the same checkpoints as synchronous ones (${optimizer})`, () =>
    withWriter(async (folder, writer) => {
      for (const [name, own] of [
        ['waits', undefined],
        ['goes-on', () => Promise.resolve(writer)],
        ['large', () => Promise.resolve(writer)],
      ] as const) {
        const copyAtMost = name === 'large' ? 0 : undefined;
        const saved = { root: join(folder, name), every: 2, keep: 9, identities: {} };
        await prepareCheckpoints(saved.root);
        const checkpoints = { ...saved, writer: own, copyAtMost };
        await trainSmall({ plan: [{ kind: 'plain', steps: 6 }], optimizer, options: { checkpoints } });
      }
      const steps = (await readdir(join(folder, 'waits'))).toSorted();
      assert.deepEqual(steps, ['step-2', 'step-4', 'step-6']);
      for (const name of ['goes-on', 'large'])
        assert.deepEqual((await readdir(join(folder, name))).toSorted(), steps);
      for (const step of steps) {
        for (const file of await readdir(join(folder, 'waits', step))) {
          const [one, ...others] = await Promise.all(
            ['waits', 'goes-on', 'large'].map((name) => readFile(join(folder, name, step, file))),
          );
          for (const other of others) assert.deepEqual(other, one, `${step}/${file}`);
        }
      }
    }));
}

test('training fails when its last checkpoint cannot be written', () =>
  withWriter(async (folder, writer) => {
    const root = join(folder, 'no\0folder');
    const checkpoints = { root, every: 2, keep: 1, identities: {}, writer: () => Promise.resolve(writer) };
    for (const copyAtMost of [undefined, 0]) {
      const options = { checkpoints: { ...checkpoints, copyAtMost } };
      await assert.rejects(trainSmall({ plan: [{ kind: 'plain', steps: 40 }], options }));
    }
  }));

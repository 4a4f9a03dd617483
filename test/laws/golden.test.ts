/**
 * Law 2: logits, loss and every gradient equal PyTorch's. scripts/golden/make_golden.py makes the
 * files with Hugging Face's LlamaForCausalLM.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { parameterSpecs, parseModelConfig, readModelConfig } from '../../src/model/index.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';
import { assertClose } from '../support/close.ts';
import { readGolden } from '../support/golden.ts';
import { gradientName, trainingGraph } from '../../src/student/program/graphs.ts';
import { forwardGraph, openGraph } from '../support/forward-graph.ts';

for (const name of ['micro-tied', 'micro-untied']) {
  const prepared = async () => {
    const config = await readModelConfig(join(packageRoot(), 'models', name));
    const golden = await readGolden(name);
    const names = parameterSpecs(config).map((spec) => spec.name);
    const parameters = Object.fromEntries(names.map((each) => [each, golden(`parameter.${each}`)]));
    const [rows = 0, positions = 0] = golden('tokens').shape;
    return { config, golden, names, parameters, rows, positions };
  };

  test(`${name}: the logits equal those of transformers`, async () => {
    const { config, golden, parameters, rows, positions } = await prepared();
    const session = await openGraph(forwardGraph(config, rows, positions));
    const { logits } = await session.run({ ...parameters, tokens: golden('tokens') }, { logits: null });
    await session.close();
    assertClose(logits!.data, golden('logits').data, { what: 'logits' });
  });

  // With 64 and 100 elements, the head works in chunks of one and two rows; with 2^24, in one
  // chunk. The long rows make attention work in blocks.
  const cases = [
    { prefix: '', chunkElements: 64 },
    { prefix: '', chunkElements: 100 },
    { prefix: '', chunkElements: 2 ** 24 },
    ...(name === 'micro-tied' ? [{ prefix: 'long.', chunkElements: 2 ** 24 }] : []),
  ];
  for (const { prefix, chunkElements } of cases) {
    test(`${name}: ${prefix}loss and every gradient equal those of PyTorch, in chunks of ${chunkElements}`, async () => {
      const { config, golden, names, parameters } = await prepared();
      const [rows = 0, positions = 0] = golden(`${prefix}tokens`).shape;
      const [, targets = 0] = golden(`${prefix}targetIds`).shape;
      const session = await openGraph(trainingGraph(config, { rows, positions, targets, chunkElements }));
      const fetches: Record<string, TensorData | null> = { loss: null };
      for (const each of names) fetches[gradientName(each)] = null;
      const results = await session.run(
        {
          ...parameters,
          tokens: golden(`${prefix}tokens`),
          targetIds: golden(`${prefix}targetIds`),
          targetWeights: golden(`${prefix}targetWeights`),
        },
        fetches,
      );
      await session.close();
      assertClose(results['loss']!.data, golden(`${prefix}loss`).data, { what: 'loss' });
      for (const each of names) {
        const expected = golden(`${prefix}gradient.${each}`);
        const found = results[gradientName(each)]!;
        assert.deepEqual(found.shape, expected.shape);
        assertClose(found.data, expected.data, { what: `${prefix}gradient.${each}` });
      }
    });
  }

  test(`${name}: sparse targets that cover the vocabulary equal dense KL (law 7)`, async () => {
    const { config, golden, names, parameters, rows, positions } = await prepared();
    const teacher = golden('teacher');
    const [count = 0, vocabulary = 0] = teacher.shape;
    const everyId = BigInt64Array.from({ length: count * vocabulary }, (_, at) => BigInt(at % vocabulary));
    const session = await openGraph(trainingGraph(config, { rows, positions, targets: vocabulary }));
    const fetches: Record<string, TensorData | null> = { loss: null };
    for (const each of names) fetches[gradientName(each)] = null;
    const results = await session.run(
      {
        ...parameters,
        tokens: golden('tokens'),
        targetIds: { dtype: 'int64', shape: [count, vocabulary], data: everyId },
        targetWeights: teacher,
      },
      fetches,
    );
    await session.close();
    // Cross-entropy is the divergence plus the teacher's entropy, which does not affect gradients.
    const divergence = Number(results['loss']!.data[0]) - Number(golden('teacherEntropy').data[0]);
    assertClose(Float32Array.of(divergence), golden('divergence').data, { what: 'divergence' });
    for (const each of names) {
      const what = `divergence.${each}`;
      assertClose(results[gradientName(each)]!.data, golden(what).data, { what });
    }
  });
}

const SCALINGS: Readonly<Record<string, Record<string, unknown>>> = {
  default: { rope_type: 'default' },
  linear: { type: 'linear', factor: 4 },
  llama3: {
    rope_type: 'llama3',
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 32,
  },
};

for (const [kind, scaling] of Object.entries(SCALINGS)) {
  test(`rotary positions scaled by ${kind}: the logits equal those of transformers`, async () => {
    const golden = await readGolden('rotary');
    const path = join(packageRoot(), 'models', 'micro-untied', 'config.json');
    const document = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    const config = parseModelConfig({ ...document, rope_theta: 500, rope_scaling: scaling }, path);
    const names = parameterSpecs(config).map(({ name }) => name);
    const parameters = Object.fromEntries(names.map((name) => [name, golden(`parameter.${name}`)]));
    const [rows = 0, positions = 0] = golden('tokens').shape;
    const session = await openGraph(forwardGraph(config, rows, positions));
    const { logits } = await session.run({ ...parameters, tokens: golden('tokens') }, { logits: null });
    await session.close();
    assertClose(logits!.data, golden(`${kind}.logits`).data, { what: kind });
  });
}

/** ONNX models of other exporters as teachers: they draw the same labels as the exported checkpoint. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoped } from '../../src/base/scope.ts';
import { openSession } from '../../src/engine/session.ts';
import { halfBits, serialize } from '../../src/graph/index.ts';
import { logitsGraph } from '../../src/teacher/graph.ts';
import { SAMPLED } from './fixtures.ts';
import { atOpset, withExtents, type ExportOptions } from './onnx-model.ts';
import { assertSameLabels, bytesOf, expectedLabels, folderOf, labelsBy } from './onnx-teacher.ts';

test('any combination of mask, positions and empty past gives the labels of the checkpoint', async () => {
  const variants: Partial<ExportOptions>[] = [
    {},
    { ids: 'int32' },
    { mask: true },
    { places: true, mask: true },
    { mask: true, past: true },
    { mask: true, keep: true },
    { ids: 'int32', mask: true, places: true, past: true, outputName: 'output' },
  ];
  for (const [i, options] of variants.entries()) {
    const ids = ['batch_size', 'sequence_length'];
    const change = withExtents({
      input_ids: ids,
      attention_mask: ['batch_size', 'past_sequence_length + sequence_length'],
      position_ids: ids,
      'past_key_values.0.key': ['batch_size', undefined, i % 2 ? 'past_sequence_length' : '', undefined],
    });
    const folder = await folderOf(`inputs-${i}`, await bytesOf(options, change));
    await assertSameLabels(folder, JSON.stringify(options));
  }
});

test('every operator set since 13 works, with every matching IR version', async () => {
  for (const [opset, ir] of [
    [13, 3],
    [13, 7],
    [14, 7],
    [15, 8],
    [16, 8],
    [17, 8],
    [18, 8],
    [19, 9],
    [21, 10],
    [22, 10],
  ] as const) {
    const bytes = await bytesOf({ mask: true, past: true }, (model) => {
      atOpset(opset, ir)(model);
      if (ir > 3) return;
      // Old IR versions require initializers to be inputs.
      for (const { name, dims, dataType } of model.graph!.initializer!) {
        const shape = { dim: dims!.map((dimValue) => ({ dimValue })) };
        model.graph!.input!.push({ name: name!, type: { tensorType: { elemType: dataType!, shape } } });
      }
    });
    await assertSameLabels(await folderOf(`opset-${opset}-${ir}`, bytes), `opset ${opset}, IR ${ir}`);
  }
  const old = await folderOf('opset-12', await bytesOf({}, atOpset(12, 7)));
  await assert.rejects(labelsBy(old), { code: 'GRAPH_INVALID', message: /operator set 12/ });
});

test('half-precision logits give labels that differ only by rounding', async () => {
  const half = await labelsBy(await folderOf('half', await bytesOf({ logits: 'float16' })));
  const expected = await expectedLabels();
  half.forEach((labels, i) => {
    const full = expected[i]!;
    labels.context!.entropy.forEach((nats, t) =>
      assert.ok(Math.abs(nats - full.context!.entropy[t]!) < 0.02),
    );
    labels.context!.trueLogProb.forEach((nats, t) =>
      assert.ok(Math.abs(nats - full.context!.trueLogProb[t]!) < 0.02),
    );
  });
});

test('a logit of -∞ has no mass and leaves entropy and rank valid, in any floating-point type', () =>
  scoped(async (scope) => {
    const [n, extent, vocabulary] = [3, 10, 8];
    for (const dtype of ['float32', 'float16'] as const) {
      const shape = { rule: SAMPLED, rows: 1, positions: n, vocabulary, device: 'cpu' } as const;
      const graph = logitsGraph({ ...shape, logits: { dtype, extent } });
      const session = scope.use(await openSession(serialize(graph), { threads: 1, device: 'cpu' }));
      // Ids 0 to 3 are equally likely, the other ids have no mass, and ids beyond the vocabulary
      // would have all of it.
      const values = Array.from({ length: n * extent }, (_, i) =>
        i % extent < 4 ? 1 : i % extent < 8 ? Number.NEGATIVE_INFINITY : 100,
      );
      const data = dtype === 'float32' ? Float32Array.from(values) : Uint16Array.from(values, halfBits);
      const trueIds = BigInt64Array.from([0n, 3n, 7n]);
      const out = await session.run(
        {
          logits: { dtype, shape: [1, n, extent], data },
          trueIds: { dtype: 'int64', shape: [n], data: trueIds },
          u: { dtype: 'float32', shape: [n], data: new Float32Array(n) },
        },
        Object.fromEntries(session.outputs.map((name) => [name, null])),
      );
      assert.deepEqual(Array.from(out['trueRank']!.data, Number), [0, 0, 4]);
      for (const nats of out['entropy']!.data) assert.ok(Math.abs(Number(nats) - Math.log(4)) < 1e-5);
      assert.ok(Math.abs(Number(out['trueLogProb']!.data[1]) + Math.log(4)) < 1e-5);
      const counts = new Uint32Array(extent);
      (out['ids']!.data as Int32Array).forEach((id, i) => {
        counts[id]! += out['weights']!.data[i] as number;
      });
      assert.deepEqual([...counts], [15, 15, 15, 15, 0, 0, 0, 0, 0, 0]);
    }
  }));

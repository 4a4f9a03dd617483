/** Inputs and logits of ONNX teachers that do not fit the rows or the vocabulary. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoped } from '../../src/base/scope.ts';
import { int64 } from '../../src/graph/onnx/tensors.ts';
import { modelIdentity } from '../../src/model/index.ts';
import { tryOnnxFolder } from '../../src/teacher/onnx-outputs.ts';
import { create } from '../../src/teacher/program.ts';
import { SHAPE } from './fixtures.ts';
import { exportedBytes, withExtents, type ModelMessage } from './onnx-model.ts';
import { assertSameLabels, bytesOf, folderOf, graphOf, initFor, labelsBy } from './onnx-teacher.ts';

test('unsupported inputs and outputs of a model are named', async () => {
  const strange = await folderOf('strange', await bytesOf({ strange: 'encoder_states' }));
  await assert.rejects(labelsBy(strange), { code: 'GRAPH_INVALID', message: /encoder_states int64\[1\]/ });
  const renamed = await folderOf(
    'no-ids',
    await bytesOf({}, (model) => {
      model.graph!.input![0]!.name = 'pixels';
    }),
  );
  await assert.rejects(labelsBy(renamed), { code: 'GRAPH_INVALID', message: /pixels int64\[4, 12\]/ });
  const fixed = { ...(await initFor(await folderOf('fixed', await bytesOf()))), positions: 11 };
  await assert.rejects(create(fixed), { code: 'GRAPH_INVALID', message: /exactly 12 ids, not of 11/ });
  for (const rows of [0, 2 ** 30]) {
    const batch = (model: ModelMessage): void => {
      model.graph!.input![0]!.type!.tensorType!.shape!.dim![0] = { dimValue: int64(rows) };
    };
    const huge = await folderOf(`rows-${rows}`, await bytesOf({}, batch));
    const message = new RegExp(`batches of exactly ${rows} rows`);
    await assert.rejects(labelsBy(huge), { code: 'GRAPH_INVALID', message });
  }
  const prefix = await folderOf('prefix', await bytesOf({ outputName: 'brine.u' }));
  await assert.rejects(labelsBy(prefix), { code: 'GRAPH_INVALID', message: /"brine\.u"/ });
  const cut = (await bytesOf()).subarray(0, 1000);
  await assert.rejects(modelIdentity(await folderOf('cut', cut)), { code: 'GRAPH_INVALID' });
});

test('logits of only the last position are refused with their shape and the row length, whatever the model declares', async () => {
  const graph = await graphOf({ lastOnly: true });
  const declared: Record<string, (string | undefined)[]> = {
    said: ['batch_size', undefined, undefined],
    promised: ['batch_size', 'sequence_length', undefined],
    unknown: ['batch_size', '', ''],
  };
  for (const [name, logits] of Object.entries(declared)) {
    const folder = await folderOf(`last-${name}`, exportedBytes(graph, withExtents({ logits })));
    const refused = { code: 'GRAPH_INVALID', message: /logits \[batch_size, 1, 64\], .* all 12 positions/ };
    await assert.rejects(labelsBy(folder), refused);
    const rows = { positions: SHAPE.positions, vocabulary: undefined };
    await assert.rejects(tryOnnxFolder(folder, rows, { threads: 1, device: 'cpu' }), refused);
  }
  const rows = { positions: SHAPE.positions, vocabulary: SHAPE.vocabulary };
  await tryOnnxFolder(await folderOf('last-not', await bytesOf()), rows, { threads: 1, device: 'cpu' });
});

test('a vocabulary larger than the logits is refused, declared or not; logits beyond a smaller vocabulary are dropped', async () => {
  const said = await folderOf('said', await bytesOf());
  const unsaid = await folderOf('unsaid', await bytesOf({}, withExtents({ logits: ['', '', 'vocab'] })));
  await assertSameLabels(unsaid, 'an undeclared extent');
  for (const folder of [said, unsaid]) {
    await assert.rejects(create(await initFor(folder, 65)), { code: 'TOKENIZER_MISMATCH' });
    await scoped(async (scope) => {
      const init = await initFor(folder, 40);
      const program = scope.use(await create(init));
      const tokens = new Uint32Array(SHAPE.positions + 1).fill(7);
      const { records: made } = await program.label({ rows: [2], tokens: [tokens] });
      assert.ok(made[0]!.length > 0);
    });
  }
});

/** ONNX models of other exporters as teachers: they draw the same labels as the exported checkpoint. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { scoped } from '../../src/base/scope.ts';
import { openSession } from '../../src/engine/session.ts';
import { halfBits, serialize } from '../../src/graph/index.ts';
import { int64 } from '../../src/graph/onnx/tensors.ts';
import { modelFileNames, modelIdentity } from '../../src/model/index.ts';
import { logitsGraph } from '../../src/teacher/graph.ts';
import { tryOnnxFolder } from '../../src/teacher/onnx-outputs.ts';
import { create } from '../../src/teacher/program.ts';
import { brine } from '../../src/wire/generated/onnx.js';
import { decoded, initOf, records, SAMPLED, SHAPE, TOKENS } from './fixtures.ts';
import {
  atOpset,
  exportedBytes,
  exportedGraph,
  withExtents,
  writeWithData,
  type ExportOptions,
  type ModelMessage,
} from './onnx-model.ts';

const ROWS = [5, 3, 8, 0, 21];
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'onnx-'));
});
after(() => rm(scratch, { recursive: true }));

const graphOf = (options: Partial<ExportOptions> = {}) =>
  exportedGraph({ checkpoint: initOf(SAMPLED).modelFolder, rows: 4, positions: SHAPE.positions, ...options });

async function folderOf(name: string, bytes: Uint8Array, place = 'model.onnx'): Promise<string> {
  const path = join(scratch, name, place);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, bytes);
  return join(scratch, name);
}

/**
 * Labels of a folder's model under the checkpoint's identity, so that records can be compared byte
 * for byte.
 */
async function initFor(modelFolder: string, vocabulary = SHAPE.vocabulary) {
  const init = initOf(SAMPLED);
  const identity = { ...init.identity, teacher: await modelIdentity(modelFolder) };
  return { ...init, modelFolder, identity, vocabulary };
}

async function labelsBy(modelFolder: string) {
  return scoped(async (scope) => {
    const init = await initFor(modelFolder);
    const program = scope.use(await create(init));
    const { records: made } = await program.label({ rows: ROWS, tokens: ROWS.map(TOKENS.read) });
    return made.map((record, i) => decoded(record, ROWS[i]!, SAMPLED, init.identity));
  });
}

/** Labels of the checkpoint itself. */
async function expectedLabels() {
  const made = await records(SAMPLED, ROWS, 4);
  return made.map((record, i) => decoded(record, ROWS[i]!, SAMPLED));
}

async function assertSameLabels(modelFolder: string, what: string): Promise<void> {
  assert.deepEqual(await labelsBy(modelFolder), await expectedLabels(), what);
}

const bytesOf = async (options: Partial<ExportOptions> = {}, change?: (model: ModelMessage) => void) =>
  exportedBytes(await graphOf(options), change);

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

test('external data is found beside the model, in subfolders, and in onnx/ as on model hubs', async () => {
  const graph = await graphOf({ mask: true });
  for (const [name, place, location, least] of [
    ['data', '.', 'model.onnx_data', 256],
    ['data-below', '.', 'weights/part 1.bin', 256],
    ['data-hub', 'onnx', 'model.onnx_data', 256],
    ['data-of-all', '.', 'model.onnx_data', 1], // also axes and sizes, which shape inference needs
  ] as const) {
    const folder = join(scratch, name);
    await writeWithData(join(folder, place), graph, { location, least });
    await assertSameLabels(folder, name);
    assert.deepEqual(
      await modelFileNames(folder),
      [join(place, 'model.onnx'), join(place, location)].toSorted(),
    );
    const identity = await modelIdentity(folder);
    const data = join(folder, place, location);
    await writeFile(data, Buffer.alloc(8), { flag: 'r+' });
    assert.notEqual(await modelIdentity(folder), identity, 'the identity depends on the data');
  }
});

test('external data outside the folder is refused in every spelling, without being read', async () => {
  const graph = await graphOf();
  await writeFile(join(scratch, 'secret'), Buffer.alloc(1 << 16));
  const honest = join(scratch, 'honest');
  await writeWithData(honest, graph, { location: 'model.onnx_data' });
  const hostile = [
    '../secret',
    join(scratch, 'secret'),
    'sub/../../secret',
    './model.onnx_data',
    'sub//data',
    '',
    '..\\secret',
    '*/_ORT_MEM_ADDR_/*',
    'link',
    'linked/secret',
    'folder',
  ];
  for (const [i, location] of hostile.entries()) {
    const change = (model: ModelMessage) => {
      const tensor = model.graph!.initializer!.find(({ rawData }) => (rawData?.length ?? 0) >= 256)!;
      tensor.externalData = [{ key: 'location', value: location }];
      tensor.dataLocation = 1;
      delete tensor.rawData;
    };
    const folder = await folderOf(`hostile-${i}`, exportedBytes(graph, change));
    await symlink(join(scratch, 'secret'), join(folder, 'link'));
    await symlink(scratch, join(folder, 'linked'));
    await mkdir(join(folder, 'folder'));
    await assert.rejects(modelIdentity(folder), { code: 'GRAPH_INVALID' }, location);
    await assert.rejects(modelFileNames(folder), { code: 'GRAPH_INVALID' }, location);
  }
  const inside = exportedBytes(graph, (model) => {
    const t = {
      dims: [],
      dataType: 1,
      externalData: [{ key: 'location', value: '../secret' }],
      dataLocation: 1,
    };
    model.graph!.node!.push({
      opType: 'Constant',
      output: ['c'],
      attribute: [{ name: 'value', type: brine.onnx.AttributeProto.AttributeType.TENSOR, t }],
    });
  });
  await assert.rejects(modelIdentity(await folderOf('hostile-constant', inside)), { code: 'GRAPH_INVALID' });
  const gone = exportedBytes(graph, (model) => {
    model.graph!.initializer![0]!.externalData = [{ key: 'location', value: 'gone' }];
  });
  await assert.rejects(modelIdentity(await folderOf('hostile-gone', gone)), { code: 'FILE_MISSING' });
});

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

/** External data of ONNX teachers: where it is found, and which places are refused. */
import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { modelFileNames, modelIdentity } from '../../src/model/index.ts';
import { brine } from '../../src/wire/generated/onnx.js';
import { exportedBytes, writeWithData, type ModelMessage } from './onnx-model.ts';
import { assertSameLabels, folderOf, graphOf, scratch } from './onnx-teacher.ts';

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

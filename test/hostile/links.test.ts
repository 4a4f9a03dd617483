/** External data names that ONNX Runtime decodes differently, and links in a label cache folder. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openLmdbStore, readStoreIdentity } from '../../src/labels/store/lmdb.ts';
import { readOnnxFolder } from '../../src/model/onnx-folder.ts';
import { brine } from '../../src/wire/generated/onnx.js';
import { IDENTITY } from '../labels/fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'brine-links-'));
after(() => rmSync(root, { recursive: true, force: true }));

const whole = (number: number) => number as unknown as NonNullable<brine.onnx.IModelProto['irVersion']>;

/** A folder with a model whose tensor of four float32 is stored at `location`. */
function modelWithData(location: string): string {
  const folder = mkdtempSync(join(root, 'model-'));
  const tensor = {
    name: 'w',
    dims: [whole(4)],
    dataType: 1,
    dataLocation: 1,
    externalData: [{ key: 'location', value: location }],
  };
  const model = { irVersion: whole(8), graph: { name: 'g', initializer: [tensor] } };
  writeFileSync(join(folder, 'model.onnx'), brine.onnx.ModelProto.encode(model).finish());
  return folder;
}

test('a location that is not UTF-8 is rejected, even if a file has its repaired name', async () => {
  const folder = modelWithData('data?.bin');
  const bytes = readFileSync(join(folder, 'model.onnx'));
  bytes[bytes.indexOf('data?.bin') + 4] = 0xff;
  writeFileSync(join(folder, 'model.onnx'), bytes);
  writeFileSync(join(folder, 'data\ufffd.bin'), new Uint8Array(16));
  await assert.rejects(readOnnxFolder(folder), { code: 'GRAPH_INVALID' });
});

test('links in a label cache folder are neither read, created nor truncated', async () => {
  const folder = join(root, 'cache');
  const store = await openLmdbStore(folder, { identity: IDENTITY });
  await store.close();
  assert.deepEqual(await readStoreIdentity(folder), IDENTITY);
  const victim = join(root, 'victim');
  writeFileSync(victim, 'what was there');
  rmSync(join(folder, 'lock.mdb'));
  symlinkSync(victim, join(folder, 'lock.mdb'));
  await assert.rejects(readStoreIdentity(folder), { code: 'FILE_DAMAGED', message: /lock.mdb is a link/ });
  await assert.rejects(openLmdbStore(folder, { identity: IDENTITY }), { code: 'FILE_DAMAGED' });
  assert.equal(readFileSync(victim, 'utf8'), 'what was there');

  rmSync(join(folder, 'lock.mdb'));
  renameSync(join(folder, 'data.mdb'), join(root, 'data.mdb'));
  symlinkSync(join(root, 'data.mdb'), join(folder, 'data.mdb'));
  await assert.rejects(readStoreIdentity(folder), { code: 'FILE_DAMAGED', message: /data.mdb is a link/ });

  const fresh = join(root, 'fresh');
  mkdirSync(fresh);
  symlinkSync(join(root, 'new-file'), join(fresh, 'data.mdb'));
  await assert.rejects(openLmdbStore(fresh, { identity: IDENTITY }), { code: 'FILE_DAMAGED' });
  assert.ok(!existsSync(join(root, 'new-file')), 'the link target was not created');
});

test('a label cache with invalid meta pages is not mapped', async () => {
  const folder = join(root, 'pages');
  const store = await openLmdbStore(folder, { identity: IDENTITY });
  await store.close();
  const path = join(folder, 'data.mdb');
  const good = readFileSync(path);
  // In both meta pages: the page size, and the root pages of the two main databases.
  for (const [at, value] of [
    [48, 2n ** 31n],
    [48, 0n],
    [88, 2n ** 40n],
    [136, 2n ** 62n],
  ] as const) {
    const bad = Buffer.from(good);
    for (const page of [0, 4096]) {
      if (at === 48) bad.writeUInt32LE(Number(value), page + at);
      else bad.writeBigUInt64LE(value, page + at);
    }
    writeFileSync(path, bad);
    await assert.rejects(readStoreIdentity(folder), { code: 'FILE_DAMAGED' }, `${value} at ${at}`);
  }
  writeFileSync(path, good);
  assert.deepEqual(await readStoreIdentity(folder), IDENTITY);
});

/** Checkpoints from other programs: shards, wrapped names, tied tables, unsupported formats. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { readTokenizer } from '../../src/data/tokenizer/tokenizer.ts';
import {
  configDocument,
  initialParameters,
  modelFileNames,
  modelIdentity,
  parameterSpecs,
  readModelConfig,
  readModelFolder,
  readOnnxFolder,
  type Model,
} from '../../src/model/index.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';
import { allocate, flatLayout, tensorsOf } from '../../src/tensor/layout.ts';
import { writeSafetensors } from '../../src/tensor/safetensors.ts';

const scratch = await mkdtemp(join(tmpdir(), 'brine-foreign-'));
after(() => rm(scratch, { recursive: true, force: true }));

const EMBEDDING = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';
const INDEX = 'model.safetensors.index.json';
type Tensors = Record<string, TensorData>;

async function modelOf(name: string): Promise<Model> {
  const config = await readModelConfig(join(packageRoot(), 'models', name));
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, 3, { layout, buckets });
  return { config, layout, buckets };
}
const untied = await modelOf('micro-untied');
const tied = await modelOf('micro-tied');

const listed = (tensors: Tensors) => Object.entries(tensors).map(([name, tensor]) => ({ name, ...tensor }));

async function folderOf(
  name: string,
  model: Model,
  change: { tensors?: Tensors; config?: Record<string, unknown>; file?: string } = {},
): Promise<string> {
  const folder = join(scratch, name);
  await mkdir(folder, { recursive: true });
  const document = { ...configDocument(model.config), ...change.config };
  await writeFile(join(folder, 'config.json'), JSON.stringify(document));
  const tensors = change.tensors ?? tensorsOf(model);
  await writeSafetensors(join(folder, change.file ?? 'model.safetensors'), listed(tensors));
  return folder;
}

/** Writes a model as two shards with an index. */
async function shardedFolder(name: string, model: Model): Promise<string> {
  const folder = await folderOf(name, model, { tensors: {}, file: 'none.safetensors' });
  await rm(join(folder, 'none.safetensors'));
  const all = listed(tensorsOf(model));
  const map: Record<string, string> = {};
  for (const part of [1, 2]) {
    const file = `model-0000${part}-of-00002.safetensors`;
    const tensors = all.filter((_, at) => at % 2 === part - 1);
    await writeSafetensors(join(folder, file), tensors);
    for (const tensor of tensors) map[tensor.name] = file;
  }
  await writeFile(join(folder, INDEX), JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
  return folder;
}

const renamed = (tensors: Tensors, to: (name: string) => string): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [to(name), tensor]));

test('shards with an index, links to shards, shards without an index and a single shard give the same model', async () => {
  const folder = await shardedFolder('shards', untied);
  assert.deepEqual(await readModelFolder(folder), untied);
  const identity = await modelIdentity(folder);
  assert.deepEqual(await modelFileNames(folder), [
    'config.json',
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
    INDEX,
  ]);
  const snapshot = join(scratch, 'hub', 'snapshots', 'abc');
  await mkdir(snapshot, { recursive: true });
  for (const name of await modelFileNames(folder)) await symlink(join(folder, name), join(snapshot, name));
  assert.deepEqual(await readModelFolder(snapshot), untied);
  assert.equal(await modelIdentity(snapshot), identity);
  await rm(join(snapshot, INDEX));
  assert.deepEqual(await readModelFolder(snapshot), untied, 'shard names show that the set is complete');
  const single = await folderOf('single', untied, { file: 'model-00001-of-00001.safetensors' });
  assert.deepEqual(await readModelFolder(single), untied);
});

test('a missing shard is reported by name, with and without an index', async () => {
  const folder = await shardedFolder('lost', untied);
  await rm(join(folder, 'model-00002-of-00002.safetensors'));
  const lost = { code: 'FILE_MISSING', message: /model-00002-of-00002\.safetensors/ };
  await assert.rejects(readModelFolder(folder), lost);
  await assert.rejects(modelIdentity(folder), lost);
  await rm(join(folder, INDEX));
  await assert.rejects(readModelFolder(folder), lost);
});

test('an index must name files of its own folder that contain the tensors', async () => {
  const folder = await shardedFolder('index', untied);
  const path = join(folder, INDEX);
  const outside = join(scratch, 'outside.safetensors');
  await rename(join(folder, 'model-00002-of-00002.safetensors'), outside);
  for (const file of ['../outside.safetensors', outside, '..', '', '.hidden', 'a\\b']) {
    await writeFile(path, JSON.stringify({ weight_map: { [EMBEDDING]: file } }));
    await assert.rejects(readModelFolder(folder), {
      code: 'FILE_DAMAGED',
      message: /not a file of that folder/,
    });
  }
  const [, second] = Object.keys(tensorsOf(untied)); // of the second shard
  await writeFile(path, JSON.stringify({ weight_map: { [second!]: 'model-00001-of-00002.safetensors' } }));
  await assert.rejects(readModelFolder(folder), { code: 'FILE_DAMAGED', message: /which is not in it/ });
  for (const text of ['{', '[]', '{"weight_map": 3}', '{"weight_map": {"a": 3}}']) {
    await writeFile(path, text);
    await assert.rejects(readModelFolder(folder), { code: 'FILE_DAMAGED', message: /index\.json/ });
  }
});

test('name parts of wrappers are removed, also repeated ones and ones in the middle', async () => {
  const names: [string, (name: string) => string][] = [
    ['orig-mod', (name) => `_orig_mod.${name}`],
    ['module', (name) => `module.${name}`],
    ['both', (name) => `module._orig_mod.${name}`],
    ['both-turned', (name) => `_orig_mod.module.${name}`],
    ['middle', (name) => name.replace(/^(model\.layers\.\d+)\./, '$1._orig_mod.')],
    ['fsdp', (name) => `_fsdp_wrapped_module.${name}`],
    ['bare', (name) => name.replace(/^model\./, '')],
    ['bare-module', (name) => `module.${name.replace(/^model\./, '')}`],
    ['nested', (name) => `model.${name}`],
  ];
  for (const [name, to] of names) {
    const folder = await folderOf(`named-${name}`, untied, { tensors: renamed(tensorsOf(untied), to) });
    assert.deepEqual(await readModelFolder(folder), untied, name);
  }
  const twice = { ...tensorsOf(untied), ...renamed(tensorsOf(untied), (name) => `module.${name}`) };
  await assert.rejects(readModelFolder(await folderOf('twice', untied, { tensors: twice })), {
    code: 'SHAPE_MISMATCH',
    message: /twice/,
  });
});

test('saved buffers are ignored, and a bias is rejected', async () => {
  const table: TensorData = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 0.01) };
  const ids: TensorData = { dtype: 'int64', shape: [1, 2], data: BigInt64Array.of(0n, 1n) };
  const tensors = {
    ...tensorsOf(untied),
    'model.layers.0.self_attn.rotary_emb.inv_freq': table,
    'model.rotary_emb.inv_freq': table,
    'model.embeddings.position_ids': ids,
    'model.layers.1.self_attn.bias': table,
  };
  assert.deepEqual(await readModelFolder(await folderOf('buffers', untied, { tensors })), untied);
  const biased = { ...tensorsOf(untied), 'model.layers.0.self_attn.q_proj.bias': table };
  await assert.rejects(readModelFolder(await folderOf('biased', untied, { tensors: biased })), {
    code: 'SHAPE_MISMATCH',
    message: /q_proj\.bias is unknown/,
    hint: /biases.*model\.onnx/,
  });
});

test('a tied table is read under either name, and two different tables are rejected', async () => {
  const { [EMBEDDING]: table, ...others } = tensorsOf(tied) as Tensors & { [EMBEDDING]: TensorData };
  const headOnly = await folderOf('head-only', tied, { tensors: { [HEAD]: table, ...others } });
  assert.deepEqual(await readModelFolder(headOnly), tied);
  const equal = { [HEAD]: table, [EMBEDDING]: table, ...others };
  assert.deepEqual(await readModelFolder(await folderOf('both-equal', tied, { tensors: equal })), tied);
  const data = Float32Array.from(table.data, Number);
  data[5]! += 1;
  const unequal = { ...equal, [HEAD]: { ...table, data } };
  await assert.rejects(readModelFolder(await folderOf('both-unequal', tied, { tensors: unequal })), {
    code: 'CONFIG_INVALID',
    message: /element 5/,
    hint: /tie_word_embeddings/,
  });
  const config = { tie_word_embeddings: undefined };
  await assert.rejects(readModelFolder(await folderOf('flag-absent', tied, { config })), {
    code: 'SHAPE_MISMATCH',
    message: /lm_head\.weight is missing/,
    hint: /tie_word_embeddings/,
  });
});

test('each tensor is converted from its own type, and unsupported types are rejected by name', async () => {
  const mixed: Tensors = Object.fromEntries(
    Object.entries(tensorsOf(untied)).map(([name, { shape, data }], at): [string, TensorData] => [
      name,
      at % 2 === 0
        ? { dtype: 'float64', shape, data: Float64Array.from(data, Number) }
        : { dtype: 'float32', shape, data },
    ]),
  );
  assert.deepEqual(await readModelFolder(await folderOf('mixed', untied, { tensors: mixed })), untied);
  const folder = await folderOf('eight-bit', untied);
  const names = Object.entries(tensorsOf(untied));
  let end = 0;
  const header = Object.fromEntries(
    names.map(([name, { shape, data }]) => {
      const begin = end;
      end += data.length;
      return [name, { dtype: 'F8_E4M3', shape, data_offsets: [begin, end] }];
    }),
  );
  const text = Buffer.from(
    JSON.stringify({ ...header, scale: { dtype: 'U8', shape: [0], data_offsets: [end, end] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat([length, text, Buffer.alloc(end)]));
  await assert.rejects(readModelFolder(folder), {
    code: 'WEIGHTS_UNSUPPORTED',
    message: /F8_E4M3/,
    hint: /BF16/,
  });
});

test('Git LFS pointers and HTML pages in place of a file are recognised', async () => {
  const folder = await folderOf('left by a download', untied);
  const read: [string, (folder: string) => Promise<unknown>][] = [
    ['model.safetensors', readModelFolder],
    ['tokenizer.json', (at) => readTokenizer(join(at, 'tokenizer.json'))],
    ['model.onnx', readOnnxFolder],
  ];
  for (const [text, message, hint] of [
    ['version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n', /a Git LFS pointer/, /git lfs pull/],
    ['<!DOCTYPE html><html><body>Not found</body></html>', /an HTML page/, /Fetch it again/],
  ] as const) {
    for (const [name, reads] of read) {
      await writeFile(join(folder, name), text);
      await assert.rejects(reads(folder), { code: 'FILE_DAMAGED', message, hint }, `${name} ${text}`);
    }
  }
});

test('unsupported weight formats are rejected with a conversion hint', async () => {
  const formats: [string, RegExp][] = [
    ['pytorch_model.bin', /save_pretrained/],
    ['pytorch_model-00001-of-00002.bin', /save_pretrained/],
    ['consolidated.00.pth', /save_pretrained/],
    ['tf_model.h5', /from_tf=True/],
    ['flax_model.msgpack', /from_flax=True/],
    ['smol.gguf', /gguf_file='smol\.gguf'/],
    ['adapter_model.safetensors', /merge_and_unload/],
  ];
  for (const [at, [name, hint]] of formats.entries()) {
    const folder = await folderOf(`format-${at}`, untied, { file: 'other' });
    await rm(join(folder, 'other'));
    await writeFile(join(folder, name), 'x');
    const wanted = { code: 'WEIGHTS_UNSUPPORTED', message: new RegExp(name), hint };
    await assert.rejects(readModelFolder(folder), wanted);
    await assert.rejects(modelIdentity(folder), wanted);
  }
});

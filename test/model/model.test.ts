import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { Graph, serialize } from '../../src/graph/index.ts';
import {
  configDocument,
  initialParameters,
  modelFileNames,
  modelIdentity,
  modelKind,
  parameterInputs,
  parameterSpecs,
  parseModelConfig,
  readFiniteWeights,
  readModelConfig,
  readModelFolder,
  transformer,
  writeModelFiles,
  writeModelFolder,
  type Model,
} from '../../src/model/index.ts';
import { sizeOf } from '../../src/tensor/dtype.ts';
import { allocate, flatLayout, viewOf } from '../../src/tensor/layout.ts';
import { writeSafetensors } from '../../src/tensor/safetensors.ts';

const models = join(packageRoot(), 'models');
const scratch = mkdtempSync(join(tmpdir(), 'brine-model-'));

async function freshModel(name: string, seed: number): Promise<Model> {
  const config = await readModelConfig(join(models, name));
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, seed, { layout, buckets });
  return { config, layout, buckets };
}

test('every shipped architecture can be read, and the named sizes are correct', async () => {
  const counts = new Map<string, number>();
  for (const entry of readdirSync(models, { withFileTypes: true }).filter((each) => each.isDirectory())) {
    const config = await readModelConfig(join(models, entry.name));
    assert.deepEqual(parseModelConfig(configDocument(config, 0), entry.name), config);
    counts.set(
      entry.name,
      parameterSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    );
  }
  assert.equal((counts.get('slm-1.5b')! / 1e9).toFixed(2), '1.50');
  assert.equal((counts.get('llm-2.8b')! / 1e9).toFixed(2), '2.79');
  assert.ok(counts.get('nano-slm')! < counts.get('nano-llm')!);
});

test('an unsupported configuration is rejected with the key and its value', async () => {
  const good = configDocument(await readModelConfig(join(models, 'micro-tied')));
  const bad: [Record<string, unknown>, RegExp][] = [
    [{ model_type: 'gpt2' }, /model_type/],
    [{ head_dim: null, hidden_size: 18 }, /hidden_size 18 .* num_attention_heads 4/],
    [{ num_key_value_heads: 3 }, /num_attention_heads 4 .* num_key_value_heads 3/],
    [{ head_dim: 5 }, /head_dim 5 is odd/],
    [{ vocab_size: 0 }, /vocab_size/],
    [{ num_hidden_layers: 1.5 }, /num_hidden_layers/],
    [{ hidden_act: 'gelu' }, /hidden_act/],
    [{ attention_bias: true }, /attention_bias/],
    [{ rope_scaling: { rope_type: 'llama3', factor: 8 } }, /rope_scaling/],
    [{ rope_parameters: { rope_type: 'yarn', rope_theta: 1e4 } }, /rope_parameters/],
  ];
  for (const [change, message] of bad) {
    assert.throws(
      () => parseModelConfig({ ...good, ...change }, 'x/config.json'),
      (error: Error) => {
        assert.match(error.message, /x\/config\.json/);
        assert.match(error.message, message);
        return 'code' in error && error.code === 'CONFIG_INVALID';
      },
    );
  }
  const theta = {
    ...good,
    rope_theta: undefined,
    rope_parameters: { rope_type: 'default', rope_theta: 5e5 },
  };
  assert.equal(parseModelConfig(theta, 'x').ropeTheta, 5e5);
  await assert.rejects(readModelConfig(join(scratch, 'absent')), { code: 'FILE_MISSING' });
});

test('initial values depend on seed and name, not on tensor order', async () => {
  const { config, layout, buckets } = await freshModel('micro-untied', 5);
  const specs = parameterSpecs(config).toReversed();
  const other = flatLayout(specs);
  const reversed = allocate(other);
  initialParameters(config, 5, { layout: other, buckets: reversed });
  for (const tensor of layout.tensors) {
    const twin = other.tensors.find(({ name }) => name === tensor.name)!;
    assert.deepEqual(viewOf(tensor, buckets), viewOf(twin, reversed));
  }
  const decayed = new Map(specs.map(({ name, decay }) => [name, decay]));
  assert.equal(decayed.get('model.norm.weight'), false);
  assert.equal(decayed.get('model.layers.0.mlp.up_proj.weight'), true);
  const up = viewOf(
    layout.tensors.find(({ name }) => name.includes('up_proj'))!,
    buckets,
  );
  const deviation = Math.sqrt(up.reduce((sum, value) => sum + value * value, 0) / up.length);
  assert.ok(Math.abs(deviation / config.initializerRange - 1) < 0.1, `deviation ${deviation}`);
  const seeded = await freshModel('micro-untied', 6);
  assert.notDeepEqual(seeded.buckets, buckets);
});

test('a model folder survives a round trip, and its identity changes with the weights', async () => {
  const model = await freshModel('micro-tied', 1);
  const folder = join(scratch, 'whole');
  await writeModelFolder(folder, model, 3);
  assert.deepEqual(await readModelFolder(folder), model);
  assert.equal(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')).eos_token_id, 3);
  const identity = await modelIdentity(folder);
  model.buckets[0]![7]! += 1;
  await writeModelFolder(folder, model);
  assert.notEqual(await modelIdentity(folder), identity);
  model.buckets[0]![7]! -= 1;
});

test('stacked layers are copies of the layers in the file, one copy after the other', async () => {
  const small = await freshModel('micro-tied', 5);
  const folder = join(scratch, 'small');
  await writeModelFolder(folder, small);
  const config = { ...small.config, layers: 3 * small.config.layers };
  const layout = flatLayout(parameterSpecs(config));
  const large = { config, layout, buckets: allocate(layout) };
  await readFiniteWeights(folder, { ...large, stack: 3 });
  const valuesOf = (model: Model, name: string) =>
    viewOf(
      model.layout.tensors.find((tensor) => tensor.name === name)!,
      model.buckets,
    );
  for (const { name } of layout.tensors) {
    const inFile = name.replace(
      /layers\.(\d+)/,
      (_, layer: string) => `layers.${Number(layer) % small.config.layers}`,
    );
    assert.deepEqual(valuesOf(large, name), valuesOf(small, inFile), name);
  }
});

test('model.onnx takes precedence over a checkpoint; onnx/model.onnx only over an unsupported one', async () => {
  const folder = join(scratch, 'kinds');
  const graph = new Graph('teacher');
  graph.output('logits', graph.input('input_ids', 'int64', [1, 4]));
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, 'onnx', 'model.onnx'), serialize(graph));
  assert.equal(await modelKind(folder), 'onnx');
  assert.deepEqual(await modelFileNames(folder), ['onnx/model.onnx']);
  const identity = await modelIdentity(folder);
  writeFileSync(join(folder, 'config.json'), '{"model_type": "gpt2"}');
  writeFileSync(join(folder, 'model.safetensors'), 'of an architecture that Brine does not build');
  assert.equal(await modelKind(folder), 'onnx');
  assert.equal(await modelIdentity(folder), identity);
  await writeModelFiles(folder, await freshModel('micro-tied', 1));
  assert.equal(await modelKind(folder), 'checkpoint');
  assert.deepEqual(await modelFileNames(folder), ['config.json', 'model.safetensors']);
  writeFileSync(join(folder, 'model.onnx'), serialize(graph));
  assert.equal(await modelKind(folder), 'onnx');
  assert.notEqual(await modelIdentity(folder), identity, 'the identity covers the names');
});

test('weights of another model are rejected with the tensor names', async () => {
  const folder = join(scratch, 'mixed');
  await writeModelFolder(folder, await freshModel('micro-tied', 1));
  const other = await readModelConfig(join(models, 'micro-untied'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configDocument(other)));
  await assert.rejects(readModelFolder(folder), (error: Error) => {
    assert.match(error.message, /model\.layers\.2\.self_attn\.q_proj\.weight is missing/);
    return 'code' in error && error.code === 'SHAPE_MISMATCH';
  });
  await writeSafetensors(join(folder, 'model.safetensors'), []);
  await assert.rejects(readModelFolder(folder), { code: 'SHAPE_MISMATCH' });
  writeFileSync(join(folder, 'model.safetensors'), 'rubbish that is no tensor file');
  await assert.rejects(readModelFolder(folder), { code: 'FILE_DAMAGED' });
  writeFileSync(join(folder, 'config.json'), '{');
  await assert.rejects(readModelFolder(folder), { code: 'CONFIG_INVALID' });
});

test('rows longer than the maximum positions are rejected', async () => {
  const config = await readModelConfig(join(models, 'micro-untied'));
  const graph = new Graph('long');
  const tokens = graph.input('tokens', 'int64', [1, 33]);
  assert.throws(() => transformer(config, { tokens, parameters: parameterInputs(config, graph) }), {
    code: 'BAD_ARGUMENT',
  });
});

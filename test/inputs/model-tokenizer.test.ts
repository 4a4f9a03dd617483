/** Models whose tokenizer or head differs from the data's: padded heads are accepted, other tokenizers refused. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import {
  initialParameters,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
  type Model,
} from '../../src/model/index.ts';
import { evaluateCheckpoint } from '../../src/tasks/evaluation/evaluate.ts';
import { generateText } from '../../src/tasks/generate.ts';
import { labelIdentity } from '../../src/inputs/label-identity.ts';
import { openData } from '../../src/inputs/prepared-data.ts';
import { prepareData } from '../../src/inputs/prepare.ts';
import { dataBlock, readRecipe } from '../../src/recipe/recipe.ts';
import { scoreData } from '../../src/tasks/selection/score.ts';
import { readScores } from '../../src/select/scores-file.ts';
import { train } from '../../src/launch/train.ts';
import { allocate, flatLayout, viewOf } from '../../src/tensor/layout.ts';
import { exportedBytes, exportedGraph, withExtents } from '../teacher/onnx-model.ts';
import { byteLevelModel, END, tokenizerJson } from '../support/tokenizers.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-model-tokenizer-'));
const at = (...names: string[]) => join(folder, ...names);
after(() => rm(folder, { recursive: true, force: true }));

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const TOKENIZER = tokenizerJson({
  model: byteLevelModel([]),
  added: [END],
  pre: byteLevel,
  decoder: byteLevel,
});
const IDS = 257;

/** A model with the given vocabulary size: equal weights for the shared ids, large weights for the extra ids. */
async function modelOf(vocabularySize: number): Promise<Model> {
  const shipped = await readModelConfig(join(packageRoot(), 'models', 'micro-untied'));
  const made = (size: number): Model => {
    const config = { ...shipped, vocabularySize: size };
    const layout = flatLayout(parameterSpecs(config));
    const buckets = allocate(layout);
    initialParameters(config, 1, { layout, buckets });
    return { config, layout, buckets };
  };
  const [model, base] = [made(vocabularySize), made(IDS)];
  for (const tensor of model.layout.tensors) {
    const values = viewOf(tensor, model.buckets);
    const own = viewOf(
      base.layout.tensors.find(({ name }) => name === tensor.name)!,
      base.buckets,
    );
    values.fill(9);
    values.set(own.subarray(0, values.length));
  }
  return model;
}

async function modelFolder(name: string, vocabularySize: number, tokenizer: string): Promise<string> {
  await writeModelFolder(at(name), await modelOf(vocabularySize));
  await writeFile(at(name, 'tokenizer.json'), tokenizer);
  return at(name);
}

before(async () => {
  await mkdir(at('tokenizer'));
  await writeFile(at('tokenizer', 'tokenizer.json'), TOKENIZER);
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(at('text.txt'), lines.join(''));
  const sets = [`tokenizer=${at('tokenizer', 'tokenizer.json')}`, 'row=16', 'validation=10%'];
  await prepareData(dataBlock({ corpus: at('text.txt'), prepared: at('data') }, sets));
  await modelFolder('cut', IDS, TOKENIZER);
  await modelFolder('padded', 320, TOKENIZER);
  await modelFolder('short', 250, TOKENIZER);
  const reversed = JSON.parse(TOKENIZER) as { model: { vocab: Record<string, number> } };
  const { vocab } = reversed.model;
  for (const token of Object.keys(vocab)) if (vocab[token]! > 0) vocab[token] = IDS - vocab[token]!;
  await modelFolder('other', IDS, JSON.stringify(reversed));
});

test('a padded head gives the same numbers and text as an unpadded one, with one note', async () => {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const [cut, padded] = await Promise.all(
    ['cut', 'padded'].map((name) =>
      evaluateCheckpoint({ checkpoint: at(name), data: at('data'), threads: 1, note }),
    ),
  );
  assert.equal(padded!.loss, cut!.loss);
  assert.equal(padded!.accuracy, cut!.accuracy);
  const options = { prompt: 'Line', tokens: 12, temperature: 1, topP: 1, seed: 3, threads: 1, note };
  const [one, two] = await Promise.all(
    ['cut', 'padded'].map((name) => generateText({ ...options, checkpoint: at(name) })),
  );
  assert.equal(two!.text, one!.text);
  assert.equal(notes.length, 2);
  for (const text of notes)
    assert.match(text, /320 token ids, its tokenizer 257: the 63 extra ids are ignored/);
});

test('a padded head gives the same scores as an unpadded one', async () => {
  const scores = await Promise.all(
    ['cut', 'padded'].map(async (name) => {
      const out = at(`${name}.safetensors`);
      await scoreData({
        checkpoint: at(name),
        data: at('data'),
        out,
        topK: 5,
        statistic: 'median',
        engines: 1,
        threads: 1,
      });
      const set = await openData(at('data'));
      await set.close();
      return readScores(out, { data: set.train.identity });
    }),
  );
  assert.deepEqual(scores[1]!.meanLoss, scores[0]!.meanLoss);
  assert.deepEqual(scores[1]!.score, scores[0]!.score);
});

test('every command refuses a head that is smaller than the tokenizer', async () => {
  const mismatch = { code: 'TOKENIZER_MISMATCH', message: /250.*257/ };
  const [checkpoint, data] = [at('short'), at('data')];
  await assert.rejects(evaluateCheckpoint({ checkpoint, data, threads: 1 }), mismatch);
  const sampling = { prompt: 'a', tokens: 1, temperature: 1, topP: 1, seed: 1, threads: 1 };
  await assert.rejects(generateText({ checkpoint, ...sampling }), mismatch);
  const out = at('short.safetensors');
  await assert.rejects(
    scoreData({ checkpoint, data, out, topK: 5, statistic: 'median', engines: 1, threads: 1 }),
    mismatch,
  );
});

/** Export the short model once with and once without a declared vocabulary size. */
async function exportShort(): Promise<void> {
  const graph = await exportedGraph({ checkpoint: at('short'), rows: 4, positions: 16 });
  for (const [name, extent] of Object.entries({ 'short-onnx': undefined, 'short-onnx-open': '' })) {
    await mkdir(at(name));
    await writeFile(
      at(name, 'model.onnx'),
      exportedBytes(graph, withExtents({ logits: [undefined, undefined, extent] })),
    );
    await writeFile(at(name, 'tokenizer.json'), TOKENIZER);
  }
}

async function distilling(teacher: string, ...sets: string[]) {
  await writeFile(
    at('distil.yaml'),
    `data: { corpus: ${at('text.txt')}, row: 16, validation: 10% }
student: { model: ${join(packageRoot(), 'models', 'micro-untied')} }
teacher: { checkpoint: ${at(teacher)} }
batch: { rows: 4 }
plan: [{ distil: 2 steps }]
optimizer: { schedule: { warmup: 1 steps, decay: constant } }
`,
  );
  return readRecipe(at('distil.yaml'), [`run=${at('run')}`, ...sets]);
}

const given = () => `data.tokenizer=${at('tokenizer', 'tokenizer.json')}`;
const launched = { brine: [process.execPath, 'unused'], environment: process.env, resume: false };

test('a teacher with another tokenizer or fewer ids is refused before the run writes anything', async () => {
  await exportShort();
  for (const [teacher, message] of [
    ['other', /the teacher has the tokenizer .*other.*the data has/],
    ['short', /the teacher .*short has 250 token ids.* has 257/],
    ['short-onnx', /short-onnx.model.onnx computes logits of 250 ids, but the tokenizer has 257 ids/],
    [
      'short-onnx-open',
      /short-onnx-open.model.onnx computes logits of 250 ids, but the tokenizer has 257 ids/,
    ],
  ] as const) {
    const prepared = `data.prepared=${at('new-data')}`;
    const earlier = await readdir(folder);
    const recipe = await distilling(teacher, given(), prepared);
    await assert.rejects(train({ recipe, ...launched }), { code: 'TOKENIZER_MISMATCH', message });
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name !== 'distil.yaml').toSorted(),
      earlier.filter((name) => name !== 'distil.yaml').toSorted(),
    );
  }
});

test('a teacher or scorer with another tokenizer is refused for prepared data', async () => {
  const prepared = [given(), `data.prepared=${at('data')}`];
  await assert.rejects(train({ recipe: await distilling('other', ...prepared), ...launched }), {
    code: 'TOKENIZER_MISMATCH',
  });
  const selecting = ['plan=[{plain: 2 steps, rows: selected}]', `selection.scorer=${at('other')}`];
  const file = at('select.yaml');
  await writeFile(
    file,
    `student: { model: ${join(packageRoot(), 'models', 'micro-untied')} }\nbatch: { rows: 4 }\n`,
  );
  const recipe = await readRecipe(file, [
    `run=${at('run')}`,
    `data.corpus=${at('text.txt')}`,
    'data.row=16',
    'data.validation=10%',
    ...prepared,
    ...selecting,
  ]);
  await assert.rejects(train({ recipe, ...launched }), { code: 'TOKENIZER_MISMATCH', message: /the scorer/ });
  const gap = { ...recipe, selection: { ...recipe.selection!, scorer: at('cut'), later: at('other') } };
  await assert.rejects(train({ recipe: gap, ...launched }), {
    code: 'TOKENIZER_MISMATCH',
    message: /the later scorer/,
  });
});

test('a label cache refuses a teacher with another tokenizer and accepts an equal one in another file', async (t) => {
  const data = await openData(at('data'));
  t.after(() => data.close());
  const sets = [given(), `data.prepared=${at('data')}`];
  await assert.rejects(labelIdentity(await distilling('other', ...sets), data.train), {
    code: 'TOKENIZER_MISMATCH',
  });
  await cp(at('cut'), at('resaved'), { recursive: true });
  const content = JSON.parse(await readFile(at('cut', 'tokenizer.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(
    at('resaved', 'tokenizer.json'),
    JSON.stringify({ ...content, post_processor: byteLevel, decoder: null }),
  );
  const own = await labelIdentity(await distilling('cut', ...sets), data.train);
  const again = await labelIdentity(await distilling('resaved', ...sets), data.train);
  assert.deepEqual(again, own);
  const loss = async (name: string) =>
    (await evaluateCheckpoint({ checkpoint: at(name), data: at('data'), threads: 1 })).loss;
  assert.equal(await loss('resaved'), await loss('cut'));
});

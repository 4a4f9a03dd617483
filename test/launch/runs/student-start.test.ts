/** Runs whose student starts from a checkpoint, with real processes. */
import assert from 'node:assert/strict';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { entryPoint } from '../../../src/base/entry-points.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import {
  initialParameters,
  modelIdentity,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
  type ModelConfig,
} from '../../../src/model/index.ts';
import { evaluateCheckpoint } from '../../../src/tasks/evaluation/evaluate.ts';
import { tokenizerPath } from '../../../src/inputs/prepared-data.ts';
import { prepareData } from '../../../src/inputs/prepare.ts';
import { dataBlock, readRecipe } from '../../../src/recipe/recipe.ts';
import { checkStudent } from '../../../src/inputs/student-start.ts';
import { train } from '../../../src/launch/train.ts';
import { allocate, flatLayout } from '../../../src/tensor/layout.ts';
import { exportedBytes, exportedGraph } from '../../teacher/onnx-model.ts';

const brine = [process.execPath, fileURLToPath(entryPoint('main'))];
const folder = await mkdtemp(join(tmpdir(), 'brine-start-'));
const at = (name: string) => join(folder, name);
after(() => rm(folder, { recursive: true, force: true }));

const shipped = (name: string) => join(packageRoot(), 'models', name);
const VOCABULARY = 300;

async function writeModel(name: string, change: Partial<ModelConfig> = {}, seed = 1): Promise<void> {
  const config = { ...(await readModelConfig(shipped('micro-tied'))), vocabularySize: VOCABULARY, ...change };
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, seed, { layout, buckets });
  await writeModelFolder(at(name), { config, layout, buckets });
  await copyFile(tokenizerPath(at('data')), tokenizerPath(at(name)));
}

before(async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(at('text.txt'), lines.join(''));
  const sets = [`vocabulary=${VOCABULARY}`, 'row=16', 'validation=10%'];
  await prepareData(dataBlock({ corpus: at('text.txt'), prepared: at('data') }, sets));
  await writeModel('start');
  const recipe = `data: { corpus: ${at('text.txt')}, vocabulary: ${VOCABULARY}, row: 16, validation: 10%, prepared: ${at('data')} }
student: { start: ${at('start')} }
plan: [{ plain: 4 steps }]
batch: { rows: 4 }
roles: { ranks: 2 }
optimizer: { schedule: { warmup: 1 steps, decay: constant } }
evaluate: { every: 2 steps }
checkpoint: { every: 2 steps }
`;
  await writeFile(at('start.yaml'), recipe);
});

const recipeOf = (...sets: string[]) => readRecipe(at('start.yaml'), sets);
const trained = async (resume: boolean, ...sets: string[]) =>
  train({ recipe: await recipeOf(...sets), brine, environment: process.env, resume });

test('two ranks start from the given weights, and checkpoints record the identity of the start', async () => {
  const { loss } = await evaluateCheckpoint({ checkpoint: at('start'), data: at('data'), threads: 1 });
  const result = await trained(false, `run=${at('run')}`);
  assert.ok(
    Math.abs(result.evaluations[0]!.loss - loss) < 1e-6,
    `${result.evaluations[0]!.loss}, not ${loss}`,
  );
  assert.equal(new Set(result.parameterHashes).size, 1);
  const state = JSON.parse(await readFile(at('run/checkpoints/step-2/trainer.json'), 'utf8')) as {
    identities: Record<string, string>;
  };
  assert.equal(state.identities['start'], await modelIdentity(at('start')));

  await cp(at('start'), at('kept'), { recursive: true });
  await rm(at('start'), { recursive: true });
  await cp(at('run'), at('half'), { recursive: true });
  await rm(at('half/checkpoints/step-4'), { recursive: true });
  const resumed = await trained(true, `run=${at('half')}`);
  assert.equal(resumed.parameters, result.parameters, 'a run with a checkpoint no longer needs its start');

  await cp(at('run'), at('changed'), { recursive: true });
  await rm(at('changed/checkpoints/step-4'), { recursive: true });
  await writeModel('start', {}, 2);
  await assert.rejects(trained(true, `run=${at('changed')}`), {
    code: 'CHECKPOINT_MISMATCH',
    message: /start/,
  });
  await rm(at('start'), { recursive: true });
  await cp(at('kept'), at('start'), { recursive: true });
});

test('a head padded beyond the tokenizer keeps its width, and layers may be stacked', async () => {
  await writeModel('padded', { vocabularySize: VOCABULARY + 20 });
  const result = await trained(
    false,
    `run=${at('padded-run')}`,
    `student.start=${at('padded')}`,
    'student.stack=2',
    'roles.ranks=1',
  );
  assert.ok(Number.isFinite(result.validationLoss));
  const config = await readModelConfig(at('padded-run/checkpoints/step-4'));
  assert.equal(config.layers, 2 * (await readModelConfig(at('padded'))).layers);
  assert.equal(config.vocabularySize, VOCABULARY + 20);
});

test('unused weights in student.model are refused, with a hint to student.start', async () => {
  const unused = { code: 'CONFIG_INVALID', hint: /--set student\.start=/ };
  const start = (path: string) => `student.start=${path}`;
  const model = (path: string) => `student.model=${path}`;
  await writeFile(
    at('plain.yaml'),
    (await readFile(at('start.yaml'), 'utf8')).replace(/^student: .*\n/m, ''),
  );
  for (const path of [at('start'), at('run')]) {
    const recipe = await readRecipe(at('plain.yaml'), [`run=${at('refused')}`, model(path)]);
    await assert.rejects(train({ recipe, brine, environment: process.env, resume: false }), unused);
    await assert.rejects(stat(at('refused')), { code: 'ENOENT' });
  }
  await writeModel('second');
  await assert.rejects(checkStudent(await recipeOf(model(at('second')))), unused);
  const home = process.cwd();
  process.chdir(folder);
  try {
    await checkStudent(await recipeOf(model('start')));
    await checkStudent(await recipeOf(start('run@2')));
  } finally {
    process.chdir(home);
  }
  await mkdir(at('architecture'));
  await copyFile(at('start/config.json'), at('architecture/config.json'));
  await checkStudent(await recipeOf(model(at('architecture'))));
});

test('a start with another architecture or tokenizer, or without weights, is refused before the run writes anything', async () => {
  await assert.rejects(checkStudent(await recipeOf(`student.model=${shipped('micro-untied')}`)), {
    code: 'CONFIG_INVALID',
    message: /student\.start .* has hiddenSize 16, student\.model .* has 24/,
    hint: /Remove student\.model/,
  });
  await assert.rejects(checkStudent(await recipeOf(`student.start=${shipped('micro-tied')}`)), {
    code: 'FILE_MISSING',
  });
  await assert.rejects(checkStudent(await recipeOf(`data.prepared=${at('new-data')}`)), {
    code: 'TOKENIZER_MISMATCH',
    hint: new RegExp(`data\\.tokenizer=${at('start/tokenizer.json')}`),
  });
  const text = 'Completely different words, again and again. ';
  await writeFile(at('other.txt'), text.repeat(300));
  const sets = [`vocabulary=${VOCABULARY}`, 'row=16', 'validation=10%'];
  await prepareData(dataBlock({ corpus: at('other.txt'), prepared: at('other') }, sets));
  const recipe = await recipeOf(`run=${at('refused')}`, `data.prepared=${at('other')}`);
  await assert.rejects(train({ recipe, brine, environment: process.env, resume: false }), {
    code: 'TOKENIZER_MISMATCH',
  });
  await assert.rejects(stat(at('refused')), { code: 'ENOENT' });
  await writeModel('narrow', { vocabularySize: VOCABULARY - 1 });
  await assert.rejects(checkStudent(await recipeOf(`student.start=${at('narrow')}`)), {
    code: 'TOKENIZER_MISMATCH',
    message: /has 299 token ids/,
  });
});

test('a teacher that cannot process the rows is refused before the run writes anything', async () => {
  await mkdir(at('teacher'));
  const graph = await exportedGraph({ checkpoint: at('start'), rows: 2, positions: 16, lastOnly: true });
  await writeFile(at('teacher/model.onnx'), exportedBytes(graph));
  const sets = [`run=${at('refused')}`, `teacher.checkpoint=${at('teacher')}`];
  await writeFile(
    at('distil.yaml'),
    `extends: start.yaml\nteacher: { checkpoint: ${at('teacher')} }\nplan: [{ distil: 2 steps }]\n`,
  );
  const refused = async (code: string, message: RegExp) => {
    const recipe = await readRecipe(at('distil.yaml'), sets);
    const run = train({ recipe, brine, environment: process.env, resume: false });
    await assert.rejects(run, { code, message });
    await assert.rejects(stat(at('refused')), { code: 'ENOENT' });
  };
  await refused('GRAPH_INVALID', /logits \[2, 1, 300\], .* all 16 positions/);
  await rm(at('teacher'), { recursive: true });
  await cp(at('start'), at('teacher'), { recursive: true });
  const document = JSON.parse(await readFile(at('teacher/config.json'), 'utf8')) as object;
  const yarn = { ...document, rope_scaling: { type: 'yarn', factor: 2 } };
  await writeFile(at('teacher/config.json'), JSON.stringify(yarn));
  await refused('CONFIG_INVALID', /rope_scaling\.type/);
});

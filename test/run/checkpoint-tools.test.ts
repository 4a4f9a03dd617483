/** brine eval and generate over a small model with fresh weights and a small prepared text. */
import assert from 'node:assert/strict';
import { copyFile, cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  initialParameters,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../src/model/index.ts';
import { allocate, flatLayout } from '../../src/tensor/layout.ts';
import { packageRoot } from '../../src/base/files.ts';
import { evaluateCheckpoint } from '../../src/run/evaluate.ts';
import { findCheckpoint } from '../../src/run/find-checkpoint.ts';
import { generateText } from '../../src/run/generate.ts';
import { prepareData, tokenizerPath } from '../../src/run/prepare.ts';
import { dataBlock } from '../../src/run/recipe.ts';

const VOCABULARY = 300;
const folder = await mkdtemp(join(tmpdir(), 'brine-tools-'));
after(() => rm(folder, { recursive: true, force: true }));
const data = join(folder, 'data');
const run = join(folder, 'run');
const checkpoint = join(run, 'checkpoints', 'step-20');

before(async () => {
  const text = Array.from({ length: 400 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`).join(
    '',
  );
  await writeFile(join(folder, 'text.txt'), text);
  const sets = [`vocabulary=${VOCABULARY}`, 'row=16', 'validation=10%'];
  await prepareData(dataBlock({ corpus: join(folder, 'text.txt'), prepared: data }, sets));
  const shipped = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const config = { ...shipped, vocabularySize: VOCABULARY };
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, 1, { layout, buckets });
  await writeModelFolder(checkpoint, { config, layout, buckets });
  await copyFile(tokenizerPath(data), tokenizerPath(checkpoint));
});

test('fresh weights know nothing: the loss is near the logarithm of the vocabulary', async () => {
  const report = await evaluateCheckpoint({ checkpoint: run, data, threads: 1 });
  assert.ok(Math.abs(report.loss - Math.log(VOCABULARY)) < 0.3, `${report.loss}`);
  assert.ok(report.accuracy < 0.1);
  assert.equal(report.perplexity, Math.exp(report.loss));
});

test('the mean over some rows is that of these rows alone', async () => {
  const [one, two, both] = await Promise.all(
    [1, 2, 2].map((rows) => evaluateCheckpoint({ checkpoint: `${run}@20`, data, rows, threads: 1 })),
  );
  assert.equal(two?.loss, both?.loss);
  assert.notEqual(one?.loss, two?.loss);
});

test('text grows from the prompt, the same for one seed, past the window of the model', async () => {
  const options = { checkpoint: run, prompt: 'Line 1', tokens: 80, temperature: 1, topP: 1, threads: 1 };
  const [first, again, other] = await Promise.all(
    [1, 1, 2].map((seed) => generateText({ ...options, seed })),
  );
  assert.ok(first?.text.startsWith('Line 1'));
  assert.equal(first?.text, again?.text);
  assert.notEqual(first?.text, other?.text);
  assert.ok(first && first.tokens > 0 && first.tokens <= 80);
});

test('a checkpoint that is not there is named, with those that are', async () => {
  await assert.rejects(findCheckpoint(`${run}@30`), {
    code: 'FILE_MISSING',
    message: /run@30 does not exist \(it has those of steps 20\)/,
  });
  await assert.rejects(findCheckpoint(join(folder, 'nowhere')), { code: 'FILE_MISSING' });
  assert.equal(await findCheckpoint(run), checkpoint);
  assert.equal(await findCheckpoint(checkpoint), checkpoint);
});

test('a truncated checkpoint is damaged, not misread', async () => {
  const broken = join(folder, 'broken');
  await cp(checkpoint, broken, { recursive: true });
  await truncate(join(broken, 'model.safetensors'), 2000);
  await assert.rejects(evaluateCheckpoint({ checkpoint: broken, data, threads: 1 }), {
    code: 'FILE_DAMAGED',
  });
});

test('rows of another tokenizer are refused, and both sides are named', async () => {
  const other = join(folder, 'other');
  const sets = [`vocabulary=${VOCABULARY}`, 'row=16', 'validation=10%'];
  await writeFile(join(folder, 'other.txt'), 'Completely different words, again and again. '.repeat(300));
  await prepareData(dataBlock({ corpus: join(folder, 'other.txt'), prepared: other }, sets));
  await assert.rejects(
    evaluateCheckpoint({ checkpoint: run, data: other, threads: 1 }),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, 'TOKENIZER_MISMATCH');
      assert.ok(error.message.includes(checkpoint) && error.message.includes(other));
      return true;
    },
  );
});

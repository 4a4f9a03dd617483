/** brine eval and generate with a small untrained model and a small prepared text. */
import assert from 'node:assert/strict';
import { copyFile, cp, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
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
import { packageRoot } from '../../src/base/files/files.ts';
import { evaluateCheckpoint } from '../../src/tasks/evaluation/evaluate.ts';
import { findCheckpoint } from '../../src/recipe/find-checkpoint.ts';
import { generateText } from '../../src/tasks/generate.ts';
import { windowFor } from '../../src/tasks/next-token.ts';
import { scoreData } from '../../src/tasks/selection/score.ts';
import { saveCheckpoint } from '../../src/student/checkpoint/checkpoint.ts';
import { openSafetensors } from '../../src/tensor/safetensors.ts';
import { exportedBytes, exportedGraph } from '../teacher/onnx-model.ts';
import { tokenizerPath } from '../../src/inputs/prepared-data.ts';
import { prepareData } from '../../src/inputs/prepare.ts';
import { dataBlock } from '../../src/recipe/recipe.ts';

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

test('the loss of an untrained model is close to the logarithm of the vocabulary size', async () => {
  const report = await evaluateCheckpoint({ checkpoint: run, data, threads: 1 });
  assert.ok(Math.abs(report.loss - Math.log(VOCABULARY)) < 0.3, `${report.loss}`);
  assert.ok(report.accuracy < 0.1);
  assert.equal(report.perplexity, Math.exp(report.loss));
});

test('the loss over a number of rows depends only on these rows', async () => {
  const [one, two, both] = await Promise.all(
    [1, 2, 2].map((rows) => evaluateCheckpoint({ checkpoint: `${run}@20`, data, rows, threads: 1 })),
  );
  assert.equal(two?.loss, both?.loss);
  assert.notEqual(one?.loss, two?.loss);
});

test('generated text starts with the prompt, depends on the seed, and can exceed the window of the model', async () => {
  const options = { checkpoint: run, prompt: 'Line 1', tokens: 80, temperature: 1, topP: 1, threads: 1 };
  const [first, again, other] = await Promise.all(
    [1, 1, 2].map((seed) => generateText({ ...options, seed })),
  );
  assert.ok(first?.text.startsWith('Line 1'));
  assert.equal(first?.text, again?.text);
  assert.notEqual(first?.text, other?.text);
  assert.ok(first && first.tokens > 0 && first.tokens <= 80);
});

test('a missing checkpoint is reported with the existing ones', async () => {
  await assert.rejects(findCheckpoint(`${run}@30`), {
    code: 'FILE_MISSING',
    message: /run@30 does not exist \(the run has checkpoints of steps 20\)/,
  });
  await assert.rejects(findCheckpoint(join(folder, 'nowhere')), { code: 'FILE_MISSING' });
  assert.equal(await findCheckpoint(run), checkpoint);
  assert.equal(await findCheckpoint(checkpoint), checkpoint);
});

test('a checkpoint whose files do not match their hashes is refused, and the error names an older intact one', async () => {
  const damaged = join(folder, 'damaged');
  const root = join(damaged, 'checkpoints');
  const fill = (to: string) => cp(checkpoint, to, { recursive: true });
  for (const step of [20, 40]) {
    const state = { step, cursor: { seed: 1, batchRows: 4 }, phase: null, identities: {} };
    await saveCheckpoint(root, { state, keep: 2, fill });
  }
  const latest = join(root, 'step-40');
  assert.equal(await findCheckpoint(damaged), latest);
  const refused = {
    code: 'CHECKPOINT_DAMAGED',
    message: /step-40 is damaged: /,
    hint: new RegExp(`${damaged}@20$`),
  };
  const sampling = { prompt: 'Line', tokens: 2, temperature: 1, topP: 1, threads: 1, seed: 1 };
  const faults: [string, () => Promise<void>][] = [
    ['one byte changed', () => writeFile(join(latest, 'model.safetensors'), 'X', { flag: 'r+' })],
    ['weights gone', () => rm(join(latest, 'model.safetensors'))],
    ['an empty trainer.json', () => writeFile(join(latest, 'trainer.json'), '')],
    ['an empty folder', () => rm(latest, { recursive: true }).then(() => mkdir(latest))],
  ];
  for (const [what, harm] of faults) {
    await rm(latest, { recursive: true, force: true });
    await cp(join(root, 'step-20'), latest, { recursive: true });
    await harm();
    for (const name of [damaged, `${damaged}@40`]) {
      await assert.rejects(evaluateCheckpoint({ checkpoint: name, data, threads: 1 }), refused, what);
      await assert.rejects(generateText({ ...sampling, checkpoint: name }), refused, what);
      await assert.rejects(findCheckpoint(name, { what: 'the teacher' }), refused, what);
    }
    assert.equal(await findCheckpoint(`${damaged}@20`), join(root, 'step-20'));
  }
});

test('a folder whose name ends in @ and digits takes precedence over a step of a run', async () => {
  const odd = join(folder, 'model@2024');
  await cp(checkpoint, odd, { recursive: true });
  assert.equal(await findCheckpoint(odd), odd);
  await mkdir(`${run}@20`);
  assert.equal(await findCheckpoint(`${run}@20`), checkpoint, 'an empty folder of that name is ignored');
  await rm(`${run}@20`, { recursive: true });
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'pytorch_model.bin'), 'x');
  await assert.rejects(findCheckpoint(join(folder, 'bin')), {
    code: 'WEIGHTS_UNSUPPORTED',
    hint: /save_pretrained/,
  });
  await assert.rejects(findCheckpoint(folder), {
    code: 'FILE_MISSING',
    message: /neither a model nor a run/,
  });
});

test('an evaluation uses the data of the run unless --data is given', async () => {
  const own = join(folder, 'own');
  await cp(run, own, { recursive: true });
  await assert.rejects(evaluateCheckpoint({ checkpoint: own, threads: 1 }), {
    code: 'BAD_ARGUMENT',
    hint: /--data/,
  });
  await writeFile(join(own, 'recipe.yaml'), `run: ${own}\ndata: { corpus: text.txt, prepared: ${data} }\n`);
  const named = await evaluateCheckpoint({ checkpoint: run, data, rows: 3, threads: 1 });
  const found = await evaluateCheckpoint({ checkpoint: own, rows: 3, threads: 1 });
  assert.equal(found.loss, named.loss);
  assert.equal(found.data, data);
});

test('text is streamed as it grows, and is complete when a signal ends generation', async () => {
  const options = {
    checkpoint: run,
    prompt: 'Zeile 1 für',
    tokens: 60,
    temperature: 1,
    topP: 1,
    threads: 1,
    seed: 3,
  };
  const pieces: string[] = [];
  const whole = await generateText({ ...options, stream: (piece) => pieces.push(piece) });
  assert.equal(pieces.join(''), whole.text);
  assert.ok(pieces.length > 10 && !whole.stopped);
  const stop = new AbortController();
  const shown: string[] = [];
  const part = await generateText({
    ...options,
    signal: stop.signal,
    stream: (piece) => {
      shown.push(piece);
      if (shown.length === 4) stop.abort();
    },
  });
  assert.ok(part.stopped && part.tokens < whole.tokens);
  assert.equal(shown.join(''), part.text);
  assert.equal(whole.text.startsWith(part.text.replace(/\ufffd+$/, '')), true);
});

test('the size of the window does not change the generated text', async () => {
  const options = { checkpoint: run, prompt: 'Line 1 says', temperature: 0, topP: 1, threads: 1, seed: 1 };
  const [short, long] = await Promise.all([9, 40].map((tokens) => generateText({ ...options, tokens })));
  assert.ok(long!.text.startsWith(short!.text.replace(/\ufffd+$/, '')));
  const sizes = { most: 1000, positions: 200 };
  assert.deepEqual(
    [1, 16, 17, 24, 25, 33, 100, 193, 200].map((length) => windowFor(length, sizes)),
    [16, 16, 24, 24, 32, 48, 128, 200, 200],
  );
  assert.equal(windowFor(5, { most: 9, positions: 200 }), 9);
});

test('eval, score and generate give the same results for an exported model and its checkpoint', async () => {
  const options = { prompt: 'Line 1', tokens: 6, temperature: 0, topP: 1, threads: 1, seed: 1 };
  const exported = join(folder, 'exported');
  const graph = await exportedGraph({ checkpoint, rows: 4, positions: 16, mask: true });
  await mkdir(exported);
  await writeFile(join(exported, 'model.onnx'), exportedBytes(graph));
  await assert.rejects(generateText({ ...options, checkpoint: exported }), {
    code: 'FILE_MISSING',
    message: /has no tokenizer\.json/,
  });
  await copyFile(tokenizerPath(data), tokenizerPath(exported));
  const [theirs, ours] = await Promise.all(
    [exported, run].map((name) => evaluateCheckpoint({ checkpoint: name, data, threads: 1 })),
  );
  assert.ok(Math.abs(theirs!.loss - ours!.loss) < 1e-5, `${theirs!.loss}, not ${ours!.loss}`);
  assert.equal(theirs!.rows, ours!.rows);
  const [other, own] = await Promise.all(
    [exported, run].map((name) => generateText({ ...options, checkpoint: name })),
  );
  assert.equal(other!.text, own!.text);
  const scores = { data, topK: 10, statistic: 'median', engines: 1, threads: 1 } as const;
  const [first, second] = await Promise.all(
    [exported, run].map(async (name, at) => {
      const out = join(folder, `scores-${at}.safetensors`);
      await scoreData({ ...scores, checkpoint: name, out });
      return (await openSafetensors(out)).tensors.size;
    }),
  );
  assert.equal(first, second);
});

test('a truncated checkpoint is reported as damaged', async () => {
  const broken = join(folder, 'broken');
  await cp(checkpoint, broken, { recursive: true });
  await truncate(join(broken, 'model.safetensors'), 2000);
  await assert.rejects(evaluateCheckpoint({ checkpoint: broken, data, threads: 1 }), {
    code: 'FILE_DAMAGED',
  });
});

test('rows of another tokenizer are refused with both folders in the error', async () => {
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

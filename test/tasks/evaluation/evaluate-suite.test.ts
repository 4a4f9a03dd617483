/** brine eval with several sets, a reference, the probe and corpora, with small untrained models. */
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readTokenizer } from '../../../src/data/tokenizer/tokenizer.ts';
import { prepareData } from '../../../src/inputs/prepare.ts';
import { tokenizerPath } from '../../../src/inputs/prepared-data.ts';
import {
  initialParameters,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../../src/model/index.ts';
import { dataBlock } from '../../../src/recipe/recipe.ts';
import { evaluateCheckpoint, evaluateSuite } from '../../../src/tasks/evaluation/evaluate.ts';
import type { SuiteOptions } from '../../../src/tasks/evaluation/suite.ts';
import { allocate, flatLayout } from '../../../src/tensor/layout.ts';
import { exportedBytes, exportedGraph } from '../../teacher/onnx-model.ts';

const VOCABULARY = 300;
const ROW = 16;
const folder = await mkdtemp(join(tmpdir(), 'brine-eval-'));
after(() => rm(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);
const data = at('data');

async function model(name: string, { seed, scale = 1 }: { seed: number; scale?: number }): Promise<string> {
  const shipped = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const config = { ...shipped, vocabularySize: VOCABULARY };
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, seed, { layout, buckets });
  for (const bucket of buckets) bucket.forEach((value, i) => (bucket[i] = scale * value));
  await writeModelFolder(at(name), { config, layout, buckets });
  await copyFile(tokenizerPath(data), tokenizerPath(at(name)));
  return at(name);
}

const suite = (options: Omit<SuiteOptions, 'threads' | 'checkpoint'> & { checkpoint?: string }) =>
  evaluateSuite({ checkpoint: at('large'), threads: 1, data, ...options });

const near = (value: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(value - expected) < tolerance, `${value}, not ${expected}`);

before(async () => {
  const lines = Array.from({ length: 400 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(at('text.txt'), lines.join(''));
  const sets = [`vocabulary=${VOCABULARY}`, `row=${ROW}`, 'validation=10%'];
  await prepareData(dataBlock({ corpus: at('text.txt'), prepared: data }, sets));
  await model('large', { seed: 1, scale: 4 });
  await model('small', { seed: 2, scale: 4 });
  await model('uniform', { seed: 1, scale: 0 });
  await mkdir(at('wiki'));
  await writeFile(at('wiki', 'a.txt'), 'The café is closed. 漢字!\n'.repeat(20));
  await writeFile(at('wiki', 'b.jsonl'), `${JSON.stringify({ text: 'A short record.' })}\n`.repeat(3));
  await writeFile(at('notes.txt'), 'Notes on salt and water.\n'.repeat(9));
});

test('one call evaluates the validation rows, corpora and token shards, each with its metrics', async () => {
  const { sets } = await suite({
    sets: [
      { name: 'wiki', path: at('wiki') },
      { name: 'notes', path: at('notes.txt') },
      { name: 'train', path: join(data, 'train') },
      { name: 'prepared', path: data },
    ],
  });
  assert.deepEqual(
    sets.map(({ name }) => name),
    ['validation', 'train', 'prepared', 'wiki', 'notes'],
  );
  for (const { loss, perplexity, bitsPerByte, bytes, tokens, calibrationError, accuracy } of sets) {
    assert.equal(perplexity, Math.exp(loss));
    near(bitsPerByte!, (loss * tokens) / Math.LN2 / bytes!, 1e-9);
    assert.ok(calibrationError >= 0 && calibrationError <= 1 && accuracy <= 1);
  }
  const [validation, , prepared] = sets;
  assert.deepEqual({ ...prepared, name: 'validation' }, validation);
});

test('the report on validation rows is that of evaluateCheckpoint', async () => {
  const one = await evaluateCheckpoint({ checkpoint: at('large'), data, threads: 1 });
  const { sets } = await suite({});
  const { name: _, path, ...metrics } = sets[0]!;
  assert.deepEqual(one, { ...one, ...metrics, data: path });
});

test('every token of a corpus is evaluated once, and its bytes are those of its files', async () => {
  const tokenizer = await readTokenizer(tokenizerPath(data));
  const { sets } = await suite({ validation: false, sets: [{ name: 'wiki', path: at('wiki') }] });
  const [{ sources = [], tokens, bytes, loss }] = sets as [(typeof sets)[0]];
  const a = await readFile(at('wiki', 'a.txt'), 'utf8');
  const record = 'A short record.';
  const ofSource = (name: string) => sources.find(({ source }) => source === name)!;
  assert.equal(ofSource('a.txt').tokens, (await tokenizer.encode(a)).length + 1);
  assert.equal(ofSource('a.txt').bytes, Buffer.byteLength(a));
  assert.equal(ofSource('b.jsonl').tokens, 3 * ((await tokenizer.encode(record)).length + 1));
  assert.equal(ofSource('b.jsonl').bytes, 3 * Buffer.byteLength(record));
  assert.equal(tokens, ofSource('a.txt').tokens + ofSource('b.jsonl').tokens);
  assert.equal(bytes, ofSource('a.txt').bytes! + ofSource('b.jsonl').bytes!);
  const weighted = sources.reduce((sum, source) => sum + source.tokens * source.loss, 0) / tokens;
  near(weighted, loss, 1e-9);
});

test('results do not depend on the size of a batch', async () => {
  const [one, many] = await Promise.all(
    [1, 5].map((batch) =>
      suite({ batch, sets: [{ name: 'wiki', path: at('wiki') }], reference: at('small') }),
    ),
  );
  for (const [i, set] of one!.sets.entries()) {
    const other = many!.sets[i]!;
    for (const key of ['loss', 'accuracy', 'calibrationError', 'entropy'] as const)
      near(set[key], other[key], 1e-5);
    assert.deepEqual([set.tokens, set.bytes, set.rows], [other.tokens, other.bytes, other.rows]);
    near(set.reference!.loss, other.reference!.loss, 1e-5);
  }
});

test('a limit of rows counts the rows of each set', async () => {
  const { sets } = await suite({ rows: 2, sets: [{ name: 'wiki', path: at('wiki') }] });
  for (const { rows, tokens } of sets) assert.deepEqual([rows, tokens], [2, 2 * ROW]);
});

test('a model without weights predicts uniformly, and its calibration error follows from its accuracy', async () => {
  const { sets, induction } = await suite({
    checkpoint: at('uniform'),
    induction: { rows: 4, seed: 1 },
    sets: [{ name: 'wiki', path: at('wiki') }],
  });
  for (const { loss, entropy, accuracy, calibrationError } of sets) {
    near(loss, Math.log(VOCABULARY), 1e-5);
    near(entropy, Math.log(VOCABULARY), 1e-5);
    assert.ok(accuracy < 0.5, 'a tie is no correct prediction of every label');
    near(calibrationError, Math.abs(accuracy - 1 / VOCABULARY), 1e-6);
  }
  near(induction!.loss, Math.log(VOCABULARY), 1e-5);
});

test('the probe is seeded, and an untrained model cannot copy', async () => {
  const probe = (seed: number) => suite({ validation: false, induction: { rows: 16, seed } });
  const [one, again, other] = [await probe(1), await probe(1), await probe(2)];
  assert.deepEqual(one.induction, again.induction);
  assert.notEqual(one.induction!.loss, other.induction!.loss);
  const untrained = await evaluateSuite({
    checkpoint: await model('untrained', { seed: 3 }),
    validation: false,
    induction: { rows: 16, seed: 1 },
    threads: 1,
  });
  near(untrained.induction!.loss, Math.log(VOCABULARY), 0.2);
  near(untrained.induction!.firstLoss, Math.log(VOCABULARY), 0.2);
  assert.ok(untrained.induction!.accuracy < 0.1);
});

test('thirds by a reference average to the loss of each model, and a model is its own reference', async () => {
  const { sets } = await suite({ reference: at('small') });
  const [{ loss, tokens, reference }] = sets as [(typeof sets)[0]];
  const small = await suite({ checkpoint: at('small') });
  near(reference!.loss, small.sets[0]!.loss, 1e-6);
  for (const groups of [Object.values(reference!.thirds), reference!.byEntropy]) {
    const mean = groups.reduce((sum, group) => sum + group.tokens * group.loss, 0) / tokens;
    near(mean, loss, 1e-6);
  }
  const own = await suite({ reference: at('large') });
  for (const group of Object.values(own.sets[0]!.reference!.thirds))
    assert.equal(group.loss, group.referenceLoss);
});

test('a reference with another tokenizer is refused', async () => {
  await writeFile(at('other.txt'), 'Completely different words, again and again. '.repeat(300));
  const sets = [`vocabulary=${VOCABULARY}`, `row=${ROW}`, 'validation=10%'];
  await prepareData(dataBlock({ corpus: at('other.txt'), prepared: at('other-data') }, sets));
  const other = await model('other', { seed: 2 });
  await copyFile(tokenizerPath(at('other-data')), tokenizerPath(other));
  await assert.rejects(suite({ reference: other }), { code: 'TOKENIZER_MISMATCH', message: /reference/ });
});

test('an exported model has the same metrics as its checkpoint', async () => {
  const graph = await exportedGraph({ checkpoint: at('large'), rows: 4, positions: ROW, mask: true });
  await mkdir(at('exported'));
  await writeFile(at('exported', 'model.onnx'), exportedBytes(graph));
  await copyFile(tokenizerPath(data), tokenizerPath(at('exported')));
  const options = { sets: [{ name: 'wiki', path: at('wiki') }], induction: { rows: 4, seed: 1 } };
  const [ours, theirs] = [await suite(options), await suite({ ...options, checkpoint: at('exported') })];
  for (const [i, set] of ours.sets.entries()) {
    for (const key of ['loss', 'accuracy', 'calibrationError', 'entropy'] as const)
      near(theirs.sets[i]![key], set[key], 1e-4);
    assert.equal(theirs.sets[i]!.tokens, set.tokens);
  }
  near(theirs.induction!.loss, ours.induction!.loss, 1e-4);
});

test('nothing to evaluate, a context beyond the model and an empty corpus are refused', async () => {
  await assert.rejects(suite({ validation: false }), { code: 'BAD_ARGUMENT', message: /nothing/ });
  await assert.rejects(suite({ context: 1000 }), { code: 'BAD_ARGUMENT', message: /160 positions/ });
  await assert.rejects(suite({ sets: [{ name: 'none', path: at('none') }] }), { code: 'CORPUS_MISSING' });
});

test('validation rows are left out with a note when a checkpoint outside a run is evaluated on a corpus', async () => {
  const notes: string[] = [];
  const { sets } = await evaluateSuite({
    checkpoint: at('large'),
    sets: [{ name: 'notes', path: at('notes.txt') }],
    threads: 1,
    note: (text) => notes.push(text),
  });
  assert.deepEqual(
    sets.map(({ name }) => name),
    ['notes'],
  );
  assert.match(notes.join('\n'), /no validation rows are evaluated/);
});

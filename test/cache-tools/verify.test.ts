/**
 * brine cache verify against token ids and a teacher, over labels that a small model drew for a
 * small prepared text.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { scoped } from '../../src/base/scope.ts';
import { identityHash, type LabelIdentity } from '../../src/labels/identity.ts';
import { openLmdbStore } from '../../src/labels/store/lmdb.ts';
import { encodeRecord } from '../../src/labels/record/record.ts';
import {
  initialParameters,
  modelIdentity,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../src/model/index.ts';
import { verifyCache, verifyFailure, type VerifyOptions } from '../../src/cache-tools/verify.ts';
import { openData, tokenizerPath } from '../../src/inputs/prepared-data.ts';
import { prepareData } from '../../src/inputs/prepare.ts';
import { dataBlock } from '../../src/recipe/recipe.ts';
import { openTeacherEngines } from '../../src/worker/teacher/teacher-engine.ts';
import { allocate, flatLayout } from '../../src/tensor/layout.ts';
import { rowLabels } from '../labels/fixtures.ts';

const VOCABULARY = 300;
const ROWS = 30;
const folder = await mkdtemp(join(tmpdir(), 'brine-verify-'));
after(() => rm(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

before(async () => {
  const lines = Array.from({ length: 400 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(at('text.txt'), lines.join(''));
  await writeFile(at('other.txt'), lines.toReversed().join(''));
  const sets = [`vocabulary=${VOCABULARY}`, 'row=16', 'validation=10%'];
  await prepareData(dataBlock({ corpus: at('text.txt'), prepared: at('data') }, sets));
  const same = [...sets.slice(1), `tokenizer=${tokenizerPath(at('data'))}`];
  await prepareData(dataBlock({ corpus: at('other.txt'), prepared: at('other-data') }, same));
  const shipped = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const config = { ...shipped, vocabularySize: VOCABULARY };
  for (const [name, seed] of [
    ['teacher', 1],
    ['other-teacher', 2],
  ] as const) {
    const layout = flatLayout(parameterSpecs(config));
    const buckets = allocate(layout);
    initialParameters(config, seed, { layout, buckets });
    await writeModelFolder(at(name), { config, layout, buckets });
    await copyFile(tokenizerPath(at('data')), tokenizerPath(at(name)));
  }
});

/** A cache with labels of the teacher; the records of `instead` replace its own. */
async function filled(
  name: string,
  instead: (
    draw: (row: number, tokens: Uint32Array) => Promise<Uint8Array>,
  ) => Promise<[number, Uint8Array][]>,
): Promise<LabelIdentity> {
  return scoped(async (scope) => {
    const { train } = scope.use(await openData(at('data')));
    const identity: LabelIdentity = {
      tokenizer: train.tokenizerIdentity,
      data: train.identity,
      teacher: await modelIdentity(at('teacher')),
      rule: { kind: 'sampled', draws: 20, temperature: 1, seed: 3 },
    };
    const [engine] = await openTeacherEngines(scope, {
      modelFolder: at('teacher'),
      identity,
      positions: train.rowLength - 1,
      vocabulary: train.vocabularySize,
      threads: 1,
      engines: 1,
      device: 'cpu',
    });
    const rows = Array.from({ length: ROWS }, (_, row) => row);
    const { records } = await engine!.call('label', { rows, tokens: rows.map((row) => train.read(row)) });
    const store = scope.use(await openLmdbStore(at(name), { identity }));
    await Promise.all(rows.map((row) => store.put(row, records[row]!)));
    const draw = async (row: number, tokens: Uint32Array) =>
      (await engine!.call('label', { rows: [row], tokens: [tokens] })).records[0]!;
    for (const [row, record] of await instead(draw)) await store.put(row, record);
    return identity;
  });
}

const verify = (name: string, more: Partial<VerifyOptions> = {}) =>
  verifyCache({ folders: [at(name)], data: at('data'), threads: 1, ...more });

test('labels of the teacher are intact, match their data, and are drawn again byte for byte', async () => {
  await filled('whole', async () => []);
  const report = await verify('whole', { teacher: at('teacher'), sample: 11 });
  assert.deepEqual([report.rows, report.faults, report.redrawn], [ROWS, 0, 11]);
  const all = await verify('whole', { teacher: at('teacher') });
  assert.equal(all.redrawn, ROWS, 'a sample is at most as large as the cache');
});

test('labels of other token ids are misaligned, and a repair deletes only these', async () => {
  const shifted = (row: number) => Uint32Array.from({ length: 17 }, (_, i) => (row + i) % VOCABULARY);
  await filled('misaligned', async (draw) => [
    [4, await draw(4, shifted(4))],
    [100_000, await draw(100_000, shifted(0))],
  ]);
  assert.equal((await verify('misaligned', { data: undefined })).faults, 0, 'undetected without the data');
  const report = await verify('misaligned', { repair: true });
  assert.deepEqual(
    report.first.map(({ row, code }) => [row, code]),
    [
      [4, 'LABEL_MISALIGNED'],
      [100_000, 'LABEL_MISALIGNED'],
    ],
  );
  assert.deepEqual([report.repaired, verifyFailure(report)], [2, undefined]);
  assert.deepEqual((await verify('misaligned')).rows, ROWS - 1);
});

test('labels that the teacher does not draw are a conflict, and a repair does not hide it', async () => {
  const identity = await filled('conflict', async () => []);
  await filled('conflict', () =>
    scoped(async (scope) => {
      const { train } = scope.use(await openData(at('data')));
      const form = { identity: identityHash(identity), rule: identity.rule, vocabulary: VOCABULARY };
      const labels = rowLabels({ row: 9, positions: 16, vocabulary: VOCABULARY, identity });
      return [[9, encodeRecord(labels, { ...form, tokens: train.read(9) })]];
    }),
  );
  assert.equal((await verify('conflict')).faults, 0, 'undetected without the teacher');
  const report = await verify('conflict', { teacher: at('teacher'), repair: true });
  assert.deepEqual([report.faults, report.repaired, report.first[0]!.row], [1, 0, 9]);
  assert.equal(verifyFailure(report)?.code, 'LABEL_CONFLICT');
});

test('other data, another teacher, or a teacher without data are refused by an error that names both sides', async () => {
  await filled('refusing', async () => []);
  await assert.rejects(verify('refusing', { data: at('other-data') }), { code: 'DATA_MISMATCH' });
  await assert.rejects(verify('refusing', { teacher: at('other-teacher') }), { code: 'TEACHER_MISMATCH' });
  await assert.rejects(verify('refusing', { teacher: at('teacher'), data: undefined }), {
    code: 'BAD_ARGUMENT',
  });
  await assert.rejects(verify('refusing', { data: at('nowhere') }), { code: 'FILE_MISSING' });
  await assert.rejects(verify('refusing', { teacher: at('teacher'), signal: AbortSignal.abort() }), {
    code: 'CANCELLED',
  });
});

/** The files of scores and selections. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  isChosenBy,
  manifestText,
  readSelection,
  writeSelection,
  type SelectionManifest,
} from '../../src/select/manifest.ts';
import { readScores, writeScores, type StoredScores } from '../../src/select/scores-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'select-files-'));
after(() => rm(folder, { recursive: true }));

test('scores round-trip through their file, and only for their data set', async () => {
  const path = join(folder, 'scores.safetensors');
  const stored = {
    score: Float32Array.of(1, NaN),
    meanLoss: Float32Array.of(2, 3),
    data: 'd1',
    scorer: 's1',
    topK: 10,
    statistic: 'median',
  } as const;
  for (const variant of [
    {},
    { topK: 'all' },
    { statistic: 'mean' },
    { statistic: 'trimmed-mean', topK: 1 },
    { later: 's2' },
  ] as const) {
    await writeScores(path, { ...stored, ...variant });
    assert.deepEqual(await readScores(path, { data: 'd1' }), { ...stored, ...variant });
  }
  await assert.rejects(readScores(path, { data: 'd2' }), { code: 'DATA_MISMATCH', message: /d1.*d2/ });
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length - 1));
  await assert.rejects(readScores(path, { data: 'd1' }), { code: 'FILE_DAMAGED' });
});

test('scores of the first version are read as medians, and medians are still written in its bytes', async () => {
  const path = join(folder, 'first.safetensors');
  const header =
    '{"__metadata__":{"format":"brine-scores-1","data":"d1","scorer":"s1","top_k":"10"},' +
    '"score":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
    '"mean_loss":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}      ';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const columns = Buffer.from(Float32Array.of(1, NaN, 2, 3).buffer);
  const bytes = Buffer.concat([length, Buffer.from(header), columns]);
  await writeFile(path, bytes);
  const scores = await readScores(path, { data: 'd1' });
  const { topK, statistic, later } = scores;
  assert.deepEqual([topK, statistic, later], [10, 'median', undefined]);
  await writeScores(path, scores);
  assert.deepEqual(await readFile(path), bytes);
  for (const [variant, format] of [
    [{}, 1],
    [{ topK: 'all' }, 2],
    [{ statistic: 'mean' }, 2],
    [{ later: 's2' }, 2],
  ] as const) {
    await writeScores(path, { ...scores, ...variant });
    assert.match(
      await readFile(path, 'latin1'),
      new RegExp(`"brine-scores-${format}"`),
      'earlier versions refuse 2',
    );
  }
});

const MANIFEST: SelectionManifest = {
  version: 1,
  data: 'd1',
  scorer: 's1',
  rule: { by: 'score', topK: 10, keep: { fraction: 0.5 }, seed: 1 },
  of: 6,
  rows: [0, 2, 5],
};

test('a manifest of the first version means the median, and is still written in its bytes', async () => {
  const path = join(folder, 'first.json');
  const text = `{
  "version": 1,
  "data": "d1",
  "scorer": "s1",
  "rule": {
    "by": "score",
    "topK": 10,
    "keep": {
      "fraction": 0.5
    },
    "seed": 1
  },
  "of": 6,
  "rows": [0,2,5]
}
`;
  await writeFile(path, text);
  const manifest = await readSelection(path, { data: 'd1', rows: 6 });
  assert.deepEqual(manifest, MANIFEST);
  assert.equal(manifestText(manifest), 'highest median loss among predictions in the top 10');
  await writeSelection(path, manifest);
  assert.equal(await readFile(path, 'utf8'), text);
});

test('scores belong to a manifest only if model and rule are the same', () => {
  const empty = new Float32Array(6);
  const scores = {
    score: empty,
    meanLoss: empty,
    data: 'd1',
    scorer: 's1',
    topK: 10,
    statistic: 'median',
  } as const;
  const { rule } = MANIFEST;
  const gap: SelectionManifest = { ...MANIFEST, later: 's2' };
  const trimmed: SelectionManifest = { ...MANIFEST, rule: { ...rule, statistic: 'trimmed-mean' } };
  const every: SelectionManifest = { ...MANIFEST, rule: { ...rule, topK: 'all' } };
  const own = new Map<SelectionManifest, StoredScores>([
    [MANIFEST, scores],
    [gap, { ...scores, later: 's2' }],
    [trimmed, { ...scores, statistic: 'trimmed-mean' }],
    [every, { ...scores, topK: 'all' }],
  ]);
  for (const manifest of own.keys())
    for (const [other, found] of own) assert.equal(isChosenBy(manifest, found), manifest === other);
  assert.equal(isChosenBy(gap, { ...scores, later: 's3' }), false);
  assert.equal(isChosenBy(MANIFEST, { ...scores, scorer: 's9' }), false);
  const hardest: SelectionManifest = { ...MANIFEST, rule: { ...rule, by: 'hardest' } };
  for (const found of own.values()) assert.ok(isChosenBy(hardest, found), 'every scorer has the mean loss');
  assert.equal(isChosenBy({ ...MANIFEST, rule: { ...rule, by: 'random' } }, scores), false);
});

test('the words of a rule name statistic, tokens, gap and strata', () => {
  const { rule } = MANIFEST;
  const texts = [
    { ...MANIFEST, rule: { ...rule, statistic: 'mean', topK: 'all' } },
    { ...MANIFEST, later: 's2', rule: { ...rule, statistic: 'trimmed-mean', strata: 'source' } },
    { ...MANIFEST, rule: { ...rule, by: 'hardest', strata: 'source' } },
    { ...MANIFEST, rule: { ...rule, by: 'random', seed: 7 } },
  ] as const;
  assert.deepEqual(texts.map(manifestText), [
    'highest mean loss over all tokens',
    'highest trimmed mean decrease of the loss among predictions in the top 10, the same share of every source',
    'highest mean loss, the same share of every source',
    'random, seed 7',
  ]);
});

test('a selection round-trips through its manifest; damage and other data are refused', async () => {
  const path = join(folder, 'selection.json');
  const full: SelectionManifest = {
    ...MANIFEST,
    later: 's2',
    rule: { ...MANIFEST.rule, topK: 'all', statistic: 'mean', strata: 'source' },
  };
  for (const one of [full, MANIFEST]) {
    await writeSelection(path, one);
    assert.deepEqual(await readSelection(path, { data: 'd1', rows: 6 }), one);
  }
  const selection = MANIFEST;
  await assert.rejects(readSelection(path, { data: 'd2', rows: 6 }), {
    code: 'DATA_MISMATCH',
    message: /d1.*d2/,
  });
  await assert.rejects(readSelection(path, { data: 'd1', rows: 5 }), { code: 'FILE_DAMAGED' });
  await assert.rejects(writeSelection(path, { ...selection, rows: [2, 1] }), { code: 'BAD_ARGUMENT' });
  await assert.rejects(writeSelection(path, { ...selection, rows: [6] }), { code: 'BAD_ARGUMENT' });
  assert.deepEqual(
    await readSelection(path, { data: 'd1', rows: 6 }),
    selection,
    'the older file is unchanged',
  );
  const text = await readFile(path, 'utf8');
  for (const broken of [text.slice(0, -4), text.replace('"rows"', '"row"'), text.replace('1,', '2,')]) {
    await writeFile(path, broken);
    await assert.rejects(readSelection(path, { data: 'd1', rows: 6 }), { code: 'FILE_DAMAGED' });
  }
  await assert.rejects(readSelection(join(folder, 'none.json'), { data: 'd1', rows: 6 }), {
    code: 'FILE_MISSING',
  });
});

/** Scoring on ONNX Runtime with a micro model, choosing, and the files of both. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { packageRoot } from '../../src/base/files.ts';
import { scoped } from '../../src/base/scope.ts';
import { hostInline } from '../../src/engine/host.ts';
import { tokenHash } from '../../src/labels/header.ts';
import { identityHash, type LabelIdentity } from '../../src/labels/identity.ts';
import { decodeContext } from '../../src/labels/record.ts';
import {
  initialParameters,
  modelIdentity,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../src/model/index.ts';
import { chooseRows } from '../../src/select/choose.ts';
import { readSelection, writeSelection, type SelectionManifest } from '../../src/select/manifest.ts';
import { create, median, type ScorerProgram } from '../../src/select/program.ts';
import { scoreRows } from '../../src/select/score.ts';
import { readScores, writeScores } from '../../src/select/scores-file.ts';
import { create as createTeacher } from '../../src/teacher/program.ts';
import { allocate, flatLayout } from '../../src/tensor/layout.ts';
import { rowTokens } from '../labels/fixtures.ts';

const SHAPE = { positions: 16, vocabulary: 48 };
const TOKENS = { rows: 7, read: (row: number) => rowTokens(row, SHAPE) };
const ENGINE = { threads: 1, device: 'cpu' } as const;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'select-'));
  const config = await readModelConfig(join(packageRoot(), 'models', 'micro-untied'));
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters({ ...config, initializerRange: 0.4 }, 2, { layout, buckets });
  await writeModelFolder(join(folder, 'model'), { config, layout, buckets });
});
after(() => rm(folder, { recursive: true }));

async function scoresAt(topK: number) {
  const init = { modelFolder: join(folder, 'model'), rows: 4, ...SHAPE, topK, ...ENGINE };
  return scoped(async (scope) => {
    const host = hostInline<ScorerProgram>(await create(init));
    scope.defer(() => host.close());
    return scoreRows({ host, tokens: TOKENS, batchRows: 4 });
  });
}

test('a score is the median loss over positions whose true id is in the top k; mean loss is over all', async () => {
  // The teacher's context columns are an independent way to the same numbers.
  const modelFolder = join(folder, 'model');
  const identity: LabelIdentity = {
    tokenizer: 'a',
    data: 'b',
    teacher: await modelIdentity(modelFolder),
    rule: { kind: 'topk', k: 1, temperature: 1 },
  };
  const rows = Array.from({ length: TOKENS.rows }, (_, row) => row);
  const { records } = await scoped(async (scope) => {
    const teacher = scope.use(await createTeacher({ modelFolder, identity, rows: 7, ...SHAPE, ...ENGINE }));
    return teacher.label({ rows, tokens: rows.map(TOKENS.read) });
  });
  const scores = await scoresAt(10);
  for (const row of rows) {
    const expected = { row, identity: identityHash(identity), tokenHash: tokenHash(TOKENS.read(row)) };
    const { trueLogProb, trueRank } = decodeContext(records[row]!, expected)!;
    const losses = trueLogProb.map((value) => -value);
    const gated = median(losses.filter((_, t) => trueRank[t]! < 10));
    assert.ok(
      Number.isNaN(gated) ? Number.isNaN(scores.score[row]) : Math.abs(scores.score[row]! - gated) < 0.002,
    );
    assert.ok(Math.abs(scores.meanLoss[row]! - losses.reduce((a, b) => a + b, 0) / 16) < 0.002);
  }
  const all = await scoresAt(48);
  assert.ok(all.score.every((value) => value > 0));
  assert.notDeepEqual(all.score, scores.score, 'the gate matters');
  assert.deepEqual(all.meanLoss, scores.meanLoss);
});

test('the median of odd, even and no values', () => {
  assert.equal(median(Float32Array.of(3, 1, 2)), 2);
  assert.equal(median(Float32Array.of(4, 1, 2, 3)), 2.5);
  assert.ok(Number.isNaN(median(new Float32Array(0))));
});

test('choosing keeps the highest, ascending, without rows that have no score', () => {
  const score = Float32Array.of(1, NaN, 3, 2, 3);
  const meanLoss = Float32Array.of(5, 9, 1, 1, 1);
  const scores = { score, meanLoss };
  const keep = { count: 2 };
  assert.deepEqual(chooseRows(scores, { by: 'score', keep, seed: 0 }), Uint32Array.of(2, 4));
  assert.deepEqual(
    chooseRows(scores, { by: 'score', keep: { count: 1 }, seed: 0 }),
    Uint32Array.of(2),
    'the earlier of equals',
  );
  assert.deepEqual(
    chooseRows(scores, { by: 'score', keep: { fraction: 1 }, seed: 0 }),
    Uint32Array.of(0, 2, 3, 4),
  );
  assert.deepEqual(chooseRows(scores, { by: 'hardest', keep, seed: 0 }), Uint32Array.of(0, 1));
  const none = { score: Float32Array.of(NaN), meanLoss: Float32Array.of(1) };
  assert.throws(() => chooseRows(none, { by: 'score', keep: { count: 1 }, seed: 0 }), {
    code: 'BAD_ARGUMENT',
  });
  assert.throws(() => chooseRows(scores, { by: 'score', keep: { count: 6 }, seed: 0 }), {
    code: 'BAD_ARGUMENT',
  });
  assert.throws(() => chooseRows(scores, { by: 'score', keep: { fraction: 0.01 }, seed: 0 }), {
    code: 'BAD_ARGUMENT',
  });
});

test('a random choice is a subset of the asked size, by its seed alone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, seed, share) => {
        const count = Math.max(1, Math.round(share * rows));
        const scores = { score: new Float32Array(rows), meanLoss: new Float32Array(rows) };
        const chosen = chooseRows(scores, { by: 'random', keep: { count }, seed });
        assert.equal(new Set(chosen).size, count);
        assert.ok(chosen.every((row, i) => row < rows && (i === 0 || row > chosen[i - 1]!)));
        assert.deepEqual(chooseRows(scores, { by: 'random', keep: { count }, seed }), chosen);
      },
    ),
    { numRuns: 100, seed: 1 },
  );
});

test('scores come back from their file, and only for their data set', async () => {
  const path = join(folder, 'scores.safetensors');
  const stored = {
    score: Float32Array.of(1, NaN),
    meanLoss: Float32Array.of(2, 3),
    data: 'd1',
    scorer: 's1',
    topK: 10,
  };
  await writeScores(path, stored);
  assert.deepEqual(await readScores(path, { data: 'd1' }), stored);
  await assert.rejects(readScores(path, { data: 'd2' }), { code: 'DATA_MISMATCH', message: /d1.*d2/ });
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length - 1));
  await assert.rejects(readScores(path, { data: 'd1' }), { code: 'FILE_DAMAGED' });
});

test('a selection comes back from its manifest; damage and other data are refused', async () => {
  const path = join(folder, 'selection.json');
  const selection: SelectionManifest = {
    version: 1,
    data: 'd1',
    scorer: 's1',
    rule: { by: 'score', topK: 10, keep: { fraction: 0.5 }, seed: 1 },
    of: 6,
    rows: [0, 2, 5],
  };
  await writeSelection(path, selection);
  assert.deepEqual(await readSelection(path, { data: 'd1', rows: 6 }), selection);
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
    'what was there is still there',
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

/** Scoring on ONNX Runtime with a micro model, selection, and the files of both. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { packageRoot } from '../../src/base/files/files.ts';
import { scoped } from '../../src/base/scope.ts';
import { hostInline } from '../../src/engine/host.ts';
import { openSession } from '../../src/engine/session.ts';
import { serialize } from '../../src/graph/index.ts';
import type { LabelIdentity } from '../../src/labels/identity.ts';
import { connectLeases } from '../../src/labels/client/leases.ts';
import {
  initialParameters,
  modelIdentity,
  parameterSpecs,
  readModelConfig,
  readModelFolder,
  writeModelFolder,
} from '../../src/model/index.ts';
import { chooseRows } from '../../src/select/choose.ts';
import { readSelection, writeSelection, type SelectionManifest } from '../../src/select/manifest.ts';
import { median } from '../../src/select/score.ts';
import { readScores, writeScores } from '../../src/select/scores-file.ts';
import { scoreByPool, type PoolOptions } from '../../src/tasks/score-pool.ts';
import { create as createTeacher, type TeacherProgram } from '../../src/teacher/program.ts';
import { runTeacher } from '../../src/teacher/worker.ts';
import { allocate, flatLayout, tensorsOf } from '../../src/tensor/layout.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { rowTokens } from '../labels/fixtures.ts';
import { forwardGraph } from '../support/forward-graph.ts';

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

const ALL = {
  identity: 'b'.repeat(64),
  tokenizerIdentity: 'a'.repeat(64),
  vocabularySize: SHAPE.vocabulary,
  rowLength: SHAPE.positions + 1,
  close: () => undefined,
  ...TOKENS,
};
const modelFolder = () => join(folder, 'model');
const scoresAt = (topK: number, more: Partial<PoolOptions> = {}) =>
  scoreByPool({ modelFolder: modelFolder(), train: ALL, topK, engines: 1, threads: 1, ...more });

/** Losses and ranks of a row's true ids, in float64 from the logits of a bare forward pass. */
async function lossesOf(row: number): Promise<{ losses: number[]; ranks: number[] }> {
  const { positions, vocabulary } = SHAPE;
  const tokens = TOKENS.read(row);
  const { config, layout, buckets } = await readModelFolder(modelFolder());
  return scoped(async (scope) => {
    const graph = forwardGraph(config, 1, positions);
    const session = scope.use(await openSession(serialize(graph), ENGINE));
    const ids = BigInt64Array.from(tokens.subarray(0, positions), BigInt);
    const feeds = { tokens: { dtype: 'int64', shape: [1, positions], data: ids } } as const;
    const out = await session.run({ ...tensorsOf({ layout, buckets }), ...feeds }, { logits: null });
    const logits = Float64Array.from(out['logits']!.data as Float32Array);
    const [losses, ranks]: number[][] = [[], []];
    for (let t = 0; t < positions; t += 1) {
      const z = logits.subarray(t * vocabulary, (t + 1) * vocabulary);
      const own = z[tokens[t + 1]!]!;
      losses!.push(Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0)) - own);
      ranks!.push(z.filter((value) => value > own).length);
    }
    return { losses: losses!, ranks: ranks! };
  });
}

// Records store losses in steps of 1/512 nat.
const STEP = 1 / 1000;

test('a score is the median loss over positions whose true id is in the top k; mean loss is over all', async () => {
  const { scores, scorer } = await scoresAt(10);
  assert.equal(scorer, await modelIdentity(modelFolder()));
  for (let row = 0; row < TOKENS.rows; row += 1) {
    const { losses, ranks } = await lossesOf(row);
    const gated = median(Float32Array.from(losses.filter((_, t) => ranks[t]! < 10)));
    assert.ok(
      Number.isNaN(gated) ? Number.isNaN(scores.score[row]) : Math.abs(scores.score[row]! - gated) < STEP,
    );
    assert.ok(Math.abs(scores.meanLoss[row]! - losses.reduce((a, b) => a + b, 0) / losses.length) < STEP);
  }
  const { scores: all } = await scoresAt(48);
  assert.ok(all.score.every((value) => value > 0));
  assert.notDeepEqual(all.score, scores.score, 'top k changes the scores');
  assert.deepEqual(all.meanLoss, scores.meanLoss);
});

test('a teacher in another process can help, and the scores are the same', async () => {
  const alone = await scoresAt(10);
  const rows = 200;
  const train = { ...ALL, rows };
  const identity: LabelIdentity = {
    tokenizer: ALL.tokenizerIdentity,
    data: ALL.identity,
    teacher: alone.scorer,
    rule: { kind: 'context' },
  };
  let helped: Promise<number> | undefined;
  const { scores } = await scoresAt(10, {
    train,
    bind: 'tcp://127.0.0.1:*',
    note: (text) => {
      const endpoint = /tcp:\S+/.exec(text)![0];
      helped = scoped(async (scope) => {
        const transport = scope.use(zmqTransport());
        const leases = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
        const init = { modelFolder: modelFolder(), identity, rows: 4, ...SHAPE, ...ENGINE };
        const host = hostInline<TeacherProgram>(await createTeacher(init));
        scope.defer(() => host.close());
        return (await runTeacher({ leases, hosts: [host], leaseRows: 4 })).rows;
      });
    },
  });
  assert.ok((await helped!) <= rows);
  assert.deepEqual(scores.meanLoss.slice(0, TOKENS.rows), alone.scores.meanLoss);
  assert.ok(scores.meanLoss.every((loss) => loss > 0));
});

test('cancelled scoring writes no scores, and resumes from the stored records', async () => {
  const labels = join(folder, 'labels');
  const train = { ...ALL, rows: 100 };
  const stop = new AbortController();
  const stopped = scoresAt(10, { train, labels, signal: stop.signal, observe: () => stop.abort() });
  await assert.rejects(stopped, { code: 'CANCELLED', message: /stopped at row 8 of 100/ });
  const seen: string[] = [];
  const { scores } = await scoresAt(10, { train, labels, observe: (text) => seen.push(text) });
  assert.match(seen[0]!, /^scores {4}(8|16) of 100 rows/, 'the first 8 are not scored again');
  assert.deepEqual(scores, (await scoresAt(10, { train })).scores);
  const other = await scoresAt(5, { train, labels });
  assert.notDeepEqual(other.scores.score, scores.score, 'another top k needs no engine');
  await assert.rejects(scoresAt(10, { train: { ...train, identity: 'c'.repeat(64) }, labels }), {
    code: 'DATA_MISMATCH',
  });
});

test('the median of an odd, an even and a zero number of values', () => {
  assert.equal(median(Float32Array.of(3, 1, 2)), 2);
  assert.equal(median(Float32Array.of(4, 1, 2, 3)), 2.5);
  assert.ok(Number.isNaN(median(new Float32Array(0))));
});

test('selection keeps the rows with the highest scores, ascending, without rows that lack a score', () => {
  const score = Float32Array.of(1, NaN, 3, 2, 3);
  const meanLoss = Float32Array.of(5, 9, 1, 1, 1);
  const scores = { score, meanLoss };
  const keep = { count: 2 };
  assert.deepEqual(chooseRows(scores, { by: 'score', keep, seed: 0 }), Uint32Array.of(2, 4));
  assert.deepEqual(
    chooseRows(scores, { by: 'score', keep: { count: 1 }, seed: 0 }),
    Uint32Array.of(2),
    'the earlier of equal rows',
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

test('a random selection has the requested size and depends only on its seed', () => {
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

test('scores round-trip through their file, and only for their data set', async () => {
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

test('a selection round-trips through its manifest; damage and other data are refused', async () => {
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

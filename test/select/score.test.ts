/** Scoring on ONNX Runtime with a micro model. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
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
import { STATISTICS, type ScoreRule } from '../../src/select/rule.ts';
import { scoreByPool, type ScorePoolOptions } from '../../src/tasks/selection/score-pool.ts';
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
  for (const [name, seed] of [
    ['model', 2],
    ['later', 3],
  ] as const) {
    initialParameters({ ...config, initializerRange: 0.4 }, seed, { layout, buckets });
    await writeModelFolder(join(folder, name), { config, layout, buckets });
  }
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
const laterFolder = () => join(folder, 'later');
const scoresAt = (topK: ScoreRule['topK'], more: Partial<ScorePoolOptions> = {}) =>
  scoreByPool({
    modelFolder: modelFolder(),
    train: ALL,
    topK,
    statistic: 'median',
    engines: 1,
    threads: 1,
    ...more,
  });

interface Reference {
  readonly losses: readonly number[];
  readonly ranks: readonly number[];
}

/** Losses and ranks of the true ids of each row, in float64 from the logits of a bare forward pass. */
async function lossesOf(model: string): Promise<Reference[]> {
  const { positions } = SHAPE;
  const { config, layout, buckets } = await readModelFolder(model);
  return scoped(async (scope) => {
    const graph = forwardGraph(config, 1, positions);
    const session = scope.use(await openSession(serialize(graph), ENGINE));
    const rows: Reference[] = [];
    for (let row = 0; row < TOKENS.rows; row += 1) {
      const tokens = TOKENS.read(row);
      const ids = BigInt64Array.from(tokens.subarray(0, positions), BigInt);
      const feeds = { tokens: { dtype: 'int64', shape: [1, positions], data: ids } } as const;
      const out = await session.run({ ...tensorsOf({ layout, buckets }), ...feeds }, { logits: null });
      rows.push(referenceOf(Float64Array.from(out['logits']!.data as Float32Array), tokens));
    }
    return rows;
  });
}

function referenceOf(logits: Float64Array, tokens: Uint32Array): Reference {
  const { positions, vocabulary } = SHAPE;
  const [losses, ranks]: [number[], number[]] = [[], []];
  for (let t = 0; t < positions; t += 1) {
    const z = logits.subarray(t * vocabulary, (t + 1) * vocabulary);
    const own = z[tokens[t + 1]!]!;
    losses.push(Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0)) - own);
    ranks.push(z.filter((value) => value > own).length);
  }
  return { losses, ranks };
}

// Records store losses in steps of 1/512 nat.
const STEP = 1 / 1000;

/** Folders for records, so that the engines draw them once. */
const STORED = () => ({ labels: join(folder, 'early-records') });
const LATER = () => ({ modelFolder: laterFolder(), labels: join(folder, 'later-records') });

/** The statistics, written without the code under test: values leave one by one until the wanted ones remain. */
const REFERENCE = {
  median: (values: readonly number[]) => meanOf(without(values, Math.ceil(values.length / 2) - 1)),
  mean: (values: readonly number[]) => meanOf(values),
  'trimmed-mean': (values: readonly number[]) => meanOf(without(values, Math.floor(values.length / 10))),
};

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The values without the `times` lowest and the `times` highest. */
function without(values: readonly number[], times: number): number[] {
  const left = [...values];
  for (let i = 0; i < times; i += 1)
    for (const extreme of [Math.min(...left), Math.max(...left)]) left.splice(left.indexOf(extreme), 1);
  return left;
}

const isNear = (value: number | undefined, wanted: number, error: number) =>
  Number.isNaN(wanted) ? Number.isNaN(value) : Math.abs(value! - wanted) < error;

test('a score is a statistic of the losses whose true id is in the top k, or of their decreases; mean loss is over all', async () => {
  const rows = Array.from({ length: TOKENS.rows }, (_, row) => row);
  const [early, late] = [await lossesOf(modelFolder()), await lossesOf(laterFolder())];
  for (const topK of [1, 10, 'all'] as const) {
    for (const statistic of STATISTICS) {
      for (const later of [undefined, LATER()]) {
        const { scores, ...models } = await scoresAt(topK, { ...STORED(), statistic, later });
        assert.equal(models.scorer, await modelIdentity(modelFolder()));
        assert.equal(models.later, later && (await modelIdentity(laterFolder())));
        for (const row of rows) {
          const { losses, ranks } = early[row]!;
          const values = later ? losses.map((loss, t) => loss - late[row]!.losses[t]!) : losses;
          const counted = values.filter((_, t) => topK === 'all' || ranks[t]! < topK);
          const wanted = REFERENCE[statistic](counted);
          const what = `${statistic} of ${counted.length} in the top ${topK}, row ${row}`;
          assert.ok(isNear(scores.score[row], wanted, later ? 2 * STEP : STEP), what);
          assert.ok(isNear(scores.meanLoss[row], meanOf(losses), STEP), what);
        }
      }
    }
  }
});

test('the mean over all tokens is the mean loss, and the top k of the whole vocabulary is all tokens', async () => {
  const { scores } = await scoresAt('all', { ...STORED(), statistic: 'mean' });
  assert.deepEqual(scores.score, scores.meanLoss);
  for (const statistic of STATISTICS) {
    const options = { ...STORED(), statistic };
    assert.deepEqual(await scoresAt('all', options), await scoresAt(SHAPE.vocabulary, options));
  }
});

test('exchanged checkpoints give the opposite decreases over all tokens; equal ones are refused', async () => {
  const { scores } = await scoresAt('all', { ...STORED(), later: LATER() });
  const back = await scoresAt('all', {
    ...LATER(),
    later: { modelFolder: modelFolder(), ...STORED() },
    observe: (text) => assert.fail(`${text}: both models have records of all rows`),
  });
  assert.ok(scores.score.some((value) => value > 0) && scores.score.some((value) => value < 0));
  assert.deepEqual(
    back.scores.score,
    scores.score.map((value) => 0 - value),
  );
  await assert.rejects(scoresAt(10, { later: { modelFolder: modelFolder() } }), {
    code: 'BAD_ARGUMENT',
    message: /are the same model/,
  });
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

/** Teachers on ONNX Runtime with a micro model: what they draw, and how they work through leases. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageRoot } from '../../src/base/files.ts';
import { scoped, type Scope } from '../../src/base/scope.ts';
import { hostInline, hostThread } from '../../src/engine/host.ts';
import { connectLabels } from '../../src/labels/client.ts';
import { tokenHash } from '../../src/labels/header.ts';
import { identityHash, type DrawingRule, type LabelIdentity } from '../../src/labels/identity.ts';
import { connectLeases } from '../../src/labels/leases.ts';
import { memoryStore } from '../../src/labels/memory.ts';
import { decodeRecord } from '../../src/labels/record.ts';
import { openLabelServer } from '../../src/labels/server.ts';
import {
  initialParameters,
  modelIdentity,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../src/model/index.ts';
import { create, type TeacherInit, type TeacherProgram } from '../../src/teacher/program.ts';
import { runTeacher } from '../../src/teacher/worker.ts';
import { allocate, flatLayout } from '../../src/tensor/layout.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import { rowTokens } from '../labels/fixtures.ts';

const SHAPE = { positions: 12, vocabulary: 64 };
const TOKENS = { rows: 24, rowLength: 13, vocabularySize: 64, read: (row: number) => rowTokens(row, SHAPE) };
const SAMPLED: DrawingRule = { kind: 'sampled', draws: 20, temperature: 1, seed: 3 };

let folder = '';
let teacher = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'teacher-'));
  const config = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters({ ...config, initializerRange: 0.5 }, 1, { layout, buckets });
  await writeModelFolder(join(folder, 'model'), { config, layout, buckets });
  teacher = await modelIdentity(join(folder, 'model'));
});
after(() => rm(folder, { recursive: true }));

const identityOf = (rule: DrawingRule): LabelIdentity => ({
  tokenizer: 'a'.repeat(64),
  data: 'b'.repeat(64),
  teacher,
  rule,
});

const initOf = (rule: DrawingRule, rows = 4): TeacherInit => ({
  modelFolder: join(folder, 'model'),
  identity: identityOf(rule),
  rows,
  ...SHAPE,
  threads: 1,
  device: 'cpu',
});

async function records(rule: DrawingRule, rows: readonly number[], batch: number): Promise<Uint8Array[]> {
  return scoped(async (scope) => {
    const program = scope.use(await create(initOf(rule, batch)));
    return (await program.label({ rows, tokens: rows.map(TOKENS.read) })).records;
  });
}

const decoded = (record: Uint8Array, row: number, rule: DrawingRule) =>
  decodeRecord(record, {
    row,
    identity: identityHash(identityOf(rule)),
    tokenHash: tokenHash(TOKENS.read(row)),
  });

async function pool(scope: Scope, rule: DrawingRule) {
  const transport = scope.use(memoryTransport(memoryNetwork()));
  const identity = identityOf(rule);
  const store = memoryStore();
  const demand = { length: TOKENS.rows, at: (index: number) => index };
  const server = await openLabelServer({
    transport,
    endpoint: 'memory://*',
    store,
    identity,
    tokens: TOKENS,
    demand,
  });
  scope.defer(() => server.close());
  return { transport, identity, store, server, endpoint: server.endpoint };
}

test('a label depends on its row alone: not on the batch, the order, or who else is in it', async () => {
  const rows = [7, 3, 11, 0, 9];
  const together = await records(SAMPLED, rows, 4);
  const alone = await records(SAMPLED, [9], 4);
  const others = await records(SAMPLED, rows.toReversed(), 2);
  assert.deepEqual(alone[0], together[4]);
  assert.deepEqual(others.toReversed(), together);
});

test('law 4: a label from the cache equals the same label made fresh, byte for byte', () =>
  scoped(async (scope) => {
    const { transport, identity, endpoint, store, server } = await pool(scope, SAMPLED);
    const programs = [create(initOf(SAMPLED)), create(initOf(SAMPLED))];
    const work = programs.map(async (program) => {
      const leases = scope.use(await connectLeases({ transport, endpoint, identity }));
      const host = hostInline<TeacherProgram>(await program);
      scope.defer(() => host.close());
      return runTeacher({ leases, host, leaseRows: 4 });
    });
    const student = scope.use(await connectLabels({ transport, endpoint, identity, tokens: TOKENS }));
    const rows = Array.from({ length: TOKENS.rows }, (_, i) => (i * 7) % TOKENS.rows);
    const labels = await student.fetch(rows);
    const fresh = await records(SAMPLED, rows, 3);
    rows.forEach((row, i) => {
      assert.deepEqual(new Uint8Array(store.get(row)!), fresh[i]);
      assert.deepEqual(labels[i], decoded(fresh[i]!, row, SAMPLED));
    });
    await server.close();
    const figures = await Promise.all(work);
    assert.equal(
      figures.reduce((sum, { rows: labelled }) => sum + labelled, 0),
      TOKENS.rows,
      'each row was labelled once',
    );
    assert.ok(figures.every(({ tokens, rows: labelled }) => tokens === labelled * SHAPE.positions));
  }));

test('sampled and topk agree with dense labels; context columns with them', async () => {
  const dense: DrawingRule = { kind: 'dense', temperature: 0.7 };
  const topk: DrawingRule = { kind: 'topk', k: 5, temperature: 0.7 };
  const sampled: DrawingRule = { kind: 'sampled', draws: 200, temperature: 0.7, seed: 1 };
  const [full, top, draws] = await Promise.all(
    [dense, topk, sampled].map(async (rule) => decoded((await records(rule, [5], 1))[0]!, 5, rule)),
  );
  for (let t = 0; t < SHAPE.positions; t += 1) {
    const p = new Float64Array(SHAPE.vocabulary);
    for (let i = full!.offsets[t]!; i < full!.offsets[t + 1]!; i += 1) p[full!.ids[i]!] = full!.weights[i]!;
    assert.ok(Math.abs(p.reduce((a, b) => a + b, 0) - 1) < 1e-5);
    const largest = p.toSorted((a, b) => b - a).slice(0, 5);
    const kept = Array.from(top!.weights.subarray(top!.offsets[t]!, top!.offsets[t + 1]!)).toSorted(
      (a, b) => b - a,
    );
    kept.forEach((weight, i) => assert.ok(Math.abs(weight - largest[i]!) < 1e-3));
    assert.ok(Math.abs(top!.remaining![t]! - (1 - largest.reduce((a, b) => a + b, 0))) < 1e-4);
    for (let i = draws!.offsets[t]!; i < draws!.offsets[t + 1]!; i += 1) {
      assert.ok(
        Math.abs(draws!.weights[i]! - p[draws!.ids[i]!]!) <= 1.01 / 200,
        'within one draw of the mean',
      );
    }
    assert.deepEqual(draws!.context!.trueRank[t], full!.context!.trueRank[t]);
  }
});

test('in an engine thread the same bytes come out, and an abort ends the work with its lease delivered', () =>
  scoped(async (scope) => {
    const { transport, identity, endpoint, store } = await pool(scope, SAMPLED);
    const url = new URL('../../src/teacher/program.js', import.meta.url);
    const host = await hostThread<TeacherProgram>(url, initOf(SAMPLED));
    scope.defer(() => host.close());
    const leases = scope.use(await connectLeases({ transport, endpoint, identity }));
    const stop = new AbortController();
    const figures = await runTeacher({
      leases,
      host,
      leaseRows: 4,
      signal: stop.signal,
      observe: () => stop.abort(),
    });
    assert.equal(figures.rows, 4);
    assert.equal(store.count(), 4);
    const fresh = await records(SAMPLED, [0, 1, 2, 3], 4);
    fresh.forEach((record, row) => assert.deepEqual(new Uint8Array(store.get(row)!), record));
  }));

test('a teacher with other weights, too small a vocabulary or rows of another length says so', async () => {
  const identity = { ...identityOf(SAMPLED), teacher: 'f'.repeat(64) };
  await assert.rejects(create({ ...initOf(SAMPLED), identity }), {
    code: 'TEACHER_MISMATCH',
    message: /ffffffff…/,
  });
  await assert.rejects(create({ ...initOf(SAMPLED), vocabulary: 65 }), { code: 'TOKENIZER_MISMATCH' });
  await scoped(async (scope) => {
    const program = scope.use(await create(initOf(SAMPLED)));
    await assert.rejects(program.label({ rows: [0], tokens: [new Uint32Array(4)] }), {
      code: 'BAD_ARGUMENT',
    });
    await assert.rejects(program.label({ rows: [0], tokens: [new Uint32Array(13).fill(64)] }), {
      code: 'BAD_ARGUMENT',
    });
  });
});

test('a head with more rows than the tokenizer has ids draws only ids of the tokenizer', async () => {
  const init = { ...initOf(SAMPLED), vocabulary: 40 };
  await scoped(async (scope) => {
    const program = scope.use(await create(init));
    const tokens = rowTokens(2, { positions: 12, vocabulary: 40 });
    const { records: made } = await program.label({ rows: [2], tokens: [tokens] });
    const expected = { row: 2, identity: identityHash(init.identity), tokenHash: tokenHash(tokens) };
    assert.ok(decodeRecord(made[0]!, expected).ids.every((id) => id < 40));
  });
});

/** Teachers on ONNX Runtime with a micro model: their labels and leases. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryPoint } from '../../src/base/entry-points.ts';
import { scoped } from '../../src/base/scope.ts';
import { hostThread } from '../../src/engine/host.ts';
import { tokenHash } from '../../src/labels/record/header.ts';
import { identityHash, type DrawingRule } from '../../src/labels/identity.ts';
import { connectLeases } from '../../src/labels/client/leases.ts';
import { decodeRecord } from '../../src/labels/record/record.ts';
import { create, type TeacherProgram } from '../../src/teacher/program.ts';
import { runTeacher } from '../../src/teacher/worker.ts';
import { rowTokens } from '../labels/fixtures.ts';
import { decoded, identityOf, initOf, pool, records, SAMPLED, SHAPE } from './fixtures.ts';

test('a label depends only on its row, not on the batch, its order or its other rows', async () => {
  const rows = [7, 3, 11, 0, 9];
  const together = await records(SAMPLED, rows, 4);
  const alone = await records(SAMPLED, [9], 4);
  const others = await records(SAMPLED, rows.toReversed(), 2);
  assert.deepEqual(alone[0], together[4]);
  assert.deepEqual(others.toReversed(), together);
});

test('sampled and topk labels and the context columns agree with dense labels', async () => {
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
    const kept = Array.from(top!.weights.subarray(top!.offsets[t], top!.offsets[t + 1])).toSorted(
      (a, b) => b - a,
    );
    kept.forEach((weight, i) => assert.ok(Math.abs(weight - largest[i]!) <= largest[i]! / 250));
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

test('an engine thread draws the same bytes, and an abort ends it after delivering its lease', () =>
  scoped(async (scope) => {
    const { transport, identity, endpoint, store } = await pool(scope, SAMPLED);
    const url = entryPoint('teacher-program');
    const host = await hostThread<TeacherProgram>(url, initOf(SAMPLED));
    scope.defer(() => host.close());
    const leases = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
    const stop = new AbortController();
    const figures = await runTeacher({
      leases,
      hosts: [host],
      leaseRows: 4,
      signal: stop.signal,
      observe: () => stop.abort(),
    });
    assert.equal(figures.rows, 4);
    assert.equal(store.count(), 4);
    const fresh = await records(SAMPLED, [0, 1, 2, 3], 4);
    fresh.forEach((record, row) => assert.deepEqual(new Uint8Array(store.get(row)!), record));
  }));

test('a teacher with other weights, too small a vocabulary or another row length is refused', async () => {
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

/**
 * Law 4: a label from the cache equals the same label drawn afresh, byte for byte. The mean of
 * `sampled` labels is the teacher's distribution.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoped } from '../../src/base/scope.ts';
import { hostInline } from '../../src/engine/host.ts';
import { connectLabels } from '../../src/labels/client/client.ts';
import { drawingOffsets } from '../../src/labels/drawing/drawing.ts';
import { connectLeases } from '../../src/labels/client/leases.ts';
import { create, type TeacherProgram } from '../../src/teacher/program.ts';
import { runTeacher } from '../../src/teacher/worker.ts';
import { draw, randomLogits, sampled, softmaxOf } from '../labels/draw.ts';
import { decoded, initOf, pool, records, SAMPLED, SHAPE, TOKENS } from '../teacher/fixtures.ts';

test('a label from the cache equals the same label drawn afresh, byte for byte', () =>
  scoped(async (scope) => {
    const { transport, identity, endpoint, store, server } = await pool(scope, SAMPLED);
    const programs = [create(initOf(SAMPLED)), create(initOf(SAMPLED))];
    const work = programs.map(async (program) => {
      const leases = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
      const host = hostInline<TeacherProgram>(await program);
      scope.defer(() => host.close());
      return runTeacher({ leases, hosts: [host], leaseRows: 4 });
    });
    const student = scope.use(
      await connectLabels({ transport, endpoints: [endpoint], identity, tokens: TOKENS }),
    );
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

test('the mean of sampled labels is the teacher’s distribution, at any temperature', async () => {
  const [steps, vocabulary, draws] = [256, 700, 20];
  for (const temperature of [0.25, 1, 2]) {
    const one = randomLogits(1, vocabulary, 2);
    const logits = new Float32Array(steps * vocabulary);
    for (let row = 0; row < steps; row += 1) logits.set(one, row * vocabulary);
    // u on an even grid: the mean then differs from p by less than one draw in the whole grid.
    const u = Float32Array.from({ length: steps }, (_, i) => (i + 0.5) / steps);
    const { dense } = await draw({ n: steps, vocabulary, rule: sampled(draws, temperature) }, logits, u);
    const p = softmaxOf(one, temperature);
    for (let id = 0; id < vocabulary; id += 1) {
      let total = 0;
      for (let row = 0; row < steps; row += 1) total += dense[row * vocabulary + id]!;
      const mean = total / (steps * draws);
      assert.ok(Math.abs(mean - p[id]!) <= 1.01 / (steps * draws) + 1e-6, `id ${id}: ${mean} for ${p[id]}`);
    }
  }
});

test('over hashed offsets, the mean equals the distribution within its standard error', async () => {
  const [n, vocabulary, draws] = [4096, 64, 5];
  const one = randomLogits(1, vocabulary, 1.5);
  const logits = new Float32Array(n * vocabulary);
  for (let row = 0; row < n; row += 1) logits.set(one, row * vocabulary);
  const { dense } = await draw({ n, vocabulary, rule: sampled(draws) }, logits, drawingOffsets(3, 9, n));
  const p = softmaxOf(one);
  for (let id = 0; id < vocabulary; id += 1) {
    let total = 0;
    for (let row = 0; row < n; row += 1) total += dense[row * vocabulary + id]!;
    const expected = draws * p[id]!;
    const fraction = expected - Math.floor(expected);
    const deviation = Math.sqrt((fraction * (1 - fraction)) / n);
    assert.ok(Math.abs(total / n - expected) < 5 * deviation + 1e-4, `id ${id}`);
  }
});

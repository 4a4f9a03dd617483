/** The functions of the package `brine`, beside what the tests of the commands show of the same code. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { BrineError, evaluate, replay, teach, train, type RunEvent } from '../../../src/api/index.ts';
import * as graph from '../../../src/api/graph.ts';
import * as graphRoom from '../../../src/graph/index.ts';
import { listCheckpoints } from '../../../src/student/checkpoint/checkpoint.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { smallRuns } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
after(() => runs.remove());
const environment = process.env;
const plain = { recipe: runs.in('plain.yaml'), environment };

test('an aborted run ends with CANCELLED and a checkpoint, which can be evaluated', async () => {
  const run = runs.in('aborted');
  const abort = new AbortController();
  const set = { run, plan: [{ plain: 100_000 }], 'evaluate.every': 50_000 };
  const observe = (event: RunEvent) => {
    if (event.kind === 'snapshot' && (event.snapshot.students?.step ?? 0) > 4) abort.abort();
  };
  await assert.rejects(train({ ...plain, set, observe, signal: abort.signal }), (error: unknown) => {
    assert.ok(error instanceof BrineError);
    assert.equal(error.code, 'CANCELLED');
    return true;
  });
  const step = (await listCheckpoints(runFolder(run).checkpoints)).at(-1)?.step ?? 0;
  assert.ok(step >= 4, `a checkpoint of step ${step}`);
  const seen: number[] = [];
  const report = await evaluate({
    checkpoint: run,
    threads: 1,
    observe: (event) => {
      if (event.kind === 'progress') seen.push(event.rows, event.total);
    },
  });
  assert.ok(report.loss > 0);
  assert.deepEqual(seen.slice(-2), [report.rows, report.rows]);
  const signal = AbortSignal.abort();
  await assert.rejects(evaluate({ checkpoint: run, signal }), { code: 'CANCELLED' });
});

test('faults are BrineErrors with a code and a hint', async () => {
  const signal = AbortSignal.abort();
  const cases = [
    [() => train({ ...plain, recipe: 'none.yaml' }), 'FILE_MISSING'],
    [() => train({ ...plain, set: { 'student.sead': 1 } }), 'CONFIG_INVALID'],
    [() => train({ ...plain, set: { run: runs.in('never') }, signal }), 'CANCELLED'],
    [() => train({ ...plain, set: { run: runs.in('never') }, resume: true }), 'FILE_MISSING'],
    [() => replay({ ...plain, recipe: runs.in('rkd.yaml'), labels: runs.in('nowhere') }), 'FILE_MISSING'],
    [() => teach({}), 'BAD_ARGUMENT'],
    [() => teach({ run: runs.in('nowhere') }), 'FILE_MISSING'],
    [() => evaluate({ checkpoint: runs.in('nowhere') }), 'FILE_MISSING'],
  ] as const;
  for (const [work, code] of cases) {
    await assert.rejects(work, (error: unknown) => {
      assert.ok(error instanceof BrineError, String(error));
      assert.equal(error.code, code, error.message);
      assert.ok(error.hint.length > 0);
      return true;
    });
  }
  assert.ok(!existsSync(runs.in('never/checkpoints')));
});

test('a run from code prints nothing, keeps no listener, and lets the process end', async () => {
  const script = `import { train } from 'brine';
const count = () => process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
const before = JSON.stringify(count());
const { steps } = await train(${JSON.stringify({ recipe: plain.recipe, set: { run: runs.in('quiet') }, environment: {} })});
if (steps !== 12 || JSON.stringify(count()) !== before) process.exitCode = 3;`;
  const words = ['--input-type=module', '--eval', script];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { timeout: 60_000 });
  assert.deepEqual({ stdout, stderr }, { stdout: '', stderr: '' });
});

test('brine/graph has a constructor for every op that the graph room can construct', () => {
  const inner = new Set(Object.keys(graph));
  const ofOps = Object.keys(graphRoom).filter((name) =>
    Object.keys(graphRoom.OPS).some((op) => op.toLowerCase() === name.toLowerCase()),
  );
  assert.ok(ofOps.length > 60, `${ofOps.length} constructors`);
  for (const name of ofOps) assert.ok(inner.has(name), name);
});

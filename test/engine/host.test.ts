import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import { hostInline, hostThread } from '../../src/engine/host.ts';
import { create, type ChainProgram } from './chain-program.ts';

const MODULE = new URL('chain-program.js', import.meta.url);

test('the event loop of the main thread turns while a long graph runs in the engine thread', async () => {
  const host = await hostThread<ChainProgram>(MODULE, { size: 384, steps: 300 });
  const x = new Float32Array(384 ** 2).fill(1);
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  await host.call('run', { x }, [x.buffer]);
  clearInterval(timer);
  assert.equal(x.length, 0, 'the argument moved');
  assert.ok(turns > 10, `${turns} turns`);
  await host.close();
});

test('buffers are transferred in both directions, and calls run in order', async () => {
  const host = await hostThread<ChainProgram>(MODULE, { size: 4, steps: 1 });
  const buffers = [new Float32Array([1, 2, 3]), new Float32Array([4])];
  const back = await host.call(
    'echo',
    buffers,
    buffers.map((buffer) => buffer.buffer),
  );
  assert.deepEqual(
    back.map((buffer) => [...buffer]),
    [[1, 2, 3], [4]],
  );
  assert.ok(buffers.every((buffer) => buffer.length === 0));
  const order: number[] = [];
  await Promise.all([0, 1, 2, 3].map((n) => host.call('echo', []).then(() => order.push(n))));
  assert.deepEqual(order, [0, 1, 2, 3]);
  await host.close();
  await assert.rejects(host.call('echo', []), hasCode('CLOSED'));
});

test("a program's error crosses the thread with its code and hint, and the program continues", async () => {
  const host = await hostThread<ChainProgram>(MODULE, { size: 4, steps: 1 });
  await assert.rejects(
    host.call('fail', 'SHAPE_MISMATCH'),
    (error) =>
      error instanceof BrineError &&
      error.explain() === 'error SHAPE_MISMATCH: the values 3 and 4 differ\nhint: Make them equal.',
  );
  await assert.rejects(host.call('fail', 'plain'), hasCode('ENGINE_FAILED'));
  assert.equal((await host.call('echo', [new Float32Array(1)])).length, 1);
  await host.close();
});

test('the death of the thread rejects the pending and the later calls', async () => {
  const host = await hostThread<ChainProgram>(MODULE, { size: 4, steps: 1 });
  const [pending, queued] = [host.call('die', 'out of luck'), host.call('echo', [])];
  await Promise.all([
    assert.rejects(pending, hasCode('ENGINE_FAILED')),
    assert.rejects(queued, hasCode('ENGINE_FAILED')),
  ]);
  await assert.rejects(host.call('echo', []), hasCode('ENGINE_FAILED'));
  await host.close();
});

test('a failing program or a missing module is an error and leaves no thread', async () => {
  await assert.rejects(hostThread(MODULE, { size: -1, steps: 1 }), hasCode('BAD_ARGUMENT'));
  await assert.rejects(hostThread(new URL('missing.js', import.meta.url), {}), hasCode('ENGINE_FAILED'));
});

test('the inline host returns the same results in the same order', async () => {
  const inline = hostInline(await create({ size: 8, steps: 2 }));
  const thread = await hostThread<ChainProgram>(MODULE, { size: 8, steps: 2 });
  const x = () => new Float32Array(64).fill(0.5);
  const [a, b] = [await inline.call('run', { x: x() }), await thread.call('run', { x: x() })];
  assert.deepEqual(a.y, b.y);
  await assert.rejects(inline.call('fail', 'SHAPE_MISMATCH'), hasCode('SHAPE_MISMATCH'));
  await Promise.all([inline.close(), thread.close()]);
  await assert.rejects(inline.call('echo', []), hasCode('CLOSED'));
});

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof BrineError && error.code === code;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cacheFigures, SnapshotKeeper, teacherFigures } from '../../src/control/snapshot.ts';

const CACHE = {
  endpoint: 'tcp://127.0.0.1:1',
  identity: 'abc',
  stored: 7,
  rowsAhead: 3,
  tokensPerSecond: 900,
};

function progress(name: string, figures: ReturnType<typeof cacheFigures>) {
  return { kind: 'progress', name, figures } as const;
}

test('the number of teachers comes from the cache and includes attached ones', () => {
  const keeper = new SnapshotKeeper(2);
  keeper.after(progress('teacher-0', teacherFigures({ tokensPerSecond: 500, busySeconds: 1, rows: 4 })));
  const { teachers } = keeper.after(
    progress('cache', cacheFigures({ ...CACHE, teachersAlive: 2, hits: 3, misses: 1 })),
  );
  assert.deepEqual(teachers, { alive: 2, tokensPerSecond: 900, rowsAhead: 3 });
});

test('a replay shows no teachers; a launched teacher that exited shows as 0 alive', () => {
  const replay = new SnapshotKeeper(2);
  const none = cacheFigures({ ...CACHE, teachersAlive: 0, hits: 3, misses: 1 });
  assert.equal(replay.after(progress('cache', none)).teachers, undefined);
  const live = new SnapshotKeeper(2);
  live.after(progress('teacher-0', teacherFigures({ tokensPerSecond: 0, busySeconds: 0, rows: 0 })));
  assert.equal(live.after(progress('cache', none)).teachers?.alive, 0);
});

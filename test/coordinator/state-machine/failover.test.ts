/** A coordinator that continues the run of a dead one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoleId } from '../../../src/control/messages.ts';
import type { RunState } from '../../../src/coordinator/state-file.ts';
import { awaiting, Play, students } from './play.ts';

/** The state of a head that died while two students trained on ring 7. */
function ringOfTwo(): RunState {
  const process = (rank: number) => ({ pid: 100 + rank, began: 'boot:1', endpoint: '', state: '' });
  const roles = students(2).map((id) => ({ ...id, ...process(id.rank) }));
  return { generation: 7, ringOrder: [0, 1], excused: [], roles, restarts: {} };
}

test('a successor adopts what returns, replaces what is missing, and remembers only then', () => {
  const play = new Play({ expected: students(2), restarts: 0 }, ringOfTwo());
  play.hello({ role: 'student', rank: 0 }, { again: true, returns: true });
  assert.deepEqual(play.summary, ['status → student-0', 'joined']);
  play.lost({ role: 'student', rank: 1 });
  assert.deepEqual(play.summary, [
    'succeeded',
    'replace student-1',
    'replaced',
    'remember',
    'abandon → student-0',
    'remember',
  ]);
  assert.deepEqual(play.run.restarts, {}, 'it died with the old head, and may restart as often as before');
});

const CACHE: RoleId = { role: 'cache', rank: 0 };

test('a successor knows the endpoint of a cache that was lost with its predecessor', () => {
  const [student] = students(1);
  const expected = [CACHE, student!];
  const first = new Play({ expected }).hello(CACHE).hello(student!).lost(CACHE);
  const remembered = first.effects.findLast((effect) => effect.kind === 'remember');
  assert.ok(remembered?.kind === 'remember');
  const next = new Play({ expected }, remembered.state).wait(3_000);
  assert.deepEqual(
    next.effects.find(({ kind }) => kind === 'replace'),
    { kind: 'replace', id: CACHE, endpoint: 'memory://cache-0' },
  );
});

test('students that leave their ring while they are adopted form the next one after the failover', () => {
  const play = new Play({ expected: students(2) }, ringOfTwo());
  const [first, second] = students(2);
  play.hello(first!, { again: true, returns: true }).say(first!, awaiting(0, 7));
  play.hello(second!, { again: true, returns: true }).say(second!, awaiting(1, 7));
  assert.deepEqual([play.run.phase, play.run.rendezvous.generation], ['running', 8], play.reason);
});

test('a role that returns to a new coordinator gets an answer at once, so that its timeout ends', () => {
  const play = new Play({ expected: students(2) }, ringOfTwo());
  assert.deepEqual(play.hello({ role: 'student', rank: 0 }, { again: true, returns: true }).summary, [
    'status → student-0',
    'joined',
  ]);
});

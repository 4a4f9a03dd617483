/** The coordinator's decisions, without sockets, clocks or processes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError } from '../../../src/base/errors.ts';
import { nextDeadline } from '../../../src/coordinator/state-machine/transition.ts';
import { awaiting, NODE, NOTHING, Play, started, students } from './play.ts';

test('the state file comes before every Start that it must precede', () => {
  const play = started(2);
  assert.deepEqual(play.summary, [
    'joined',
    'remember',
    'remember',
    'start → student-0',
    'start → student-1',
    'started',
  ]);
  assert.match(play.reason, /2 ranks start at step 0/);
  play.lost({ role: 'student', rank: 1 });
  assert.deepEqual(play.summary, ['replace student-1', 'replaced', 'remember', 'abandon → student-0']);
  play.say({ role: 'student', rank: 0 }, awaiting(0, 1));
  assert.deepEqual(play.summary, []);
  play.hello({ role: 'student', rank: 1 });
  const kinds = play.summary;
  assert.deepEqual(kinds.slice(-4), ['remember', 'start → student-0', 'start → student-1', 'ringFormed']);
  const [remembered] = play.effects.filter(({ kind }) => kind === 'remember').slice(-1);
  assert.ok(remembered?.kind === 'remember');
  assert.deepEqual([remembered.state.generation, remembered.state.ringOrder], [2, [0, 1]]);
  assert.deepEqual(remembered.state.restarts, { 'student-1': 1 });
});

test('a role that exits more often than it may restart ends the run, and the reason names it', () => {
  const play = started(1);
  play.lost({ role: 'student', rank: 0 }).hello({ role: 'student', rank: 0 });
  play.lost({ role: 'student', rank: 0 });
  assert.equal(play.run.phase, 'failing');
  assert.match(play.reason, /the run fails: student-0: student-0 died of SIGKILL/);
  play.wait(400);
  const [end] = play.effects;
  assert.ok(end?.kind === 'reject');
  assert.equal(end.error.code, 'ROLE_FAILED');
  assert.equal(nextDeadline(play.run), Infinity, 'nothing is due any more');
});

test('an exit that a node reports twice counts once', () => {
  const id = { role: 'student', rank: 1 } as const;
  const [first, second] = [
    { pid: 101, began: 'boot:1' },
    { pid: 201, began: 'boot:2' },
  ];
  const play = new Play({ expected: students(2), restarts: 2 });
  for (const student of students(2)) play.hello(student);
  play.lost(id, first);
  assert.ok(play.summary.includes('replace student-1'));
  play.lost(id, first);
  assert.deepEqual([play.effects, play.run.restarts], [[], { 'student-1': 1 }]);
  play.hello(id, second).lost(id, second);
  assert.deepEqual(play.run.restarts, { 'student-1': 2 });
});

test('of several students that exited when they were done, each is replaced once for the next ring', () => {
  const play = started(3);
  for (const rank of [0, 1]) {
    play.say({ role: 'student', rank }, { kind: 'done', figures: NOTHING });
    play.lost({ role: 'student', rank });
    assert.deepEqual(play.effects, []);
  }
  play.lost({ role: 'student', rank: 2 });
  const replaced = play.summary.filter((one) => one.startsWith('replace '));
  assert.deepEqual(replaced, ['replace student-2', 'replace student-0', 'replace student-1']);
  assert.deepEqual(play.run.restarts, { 'student-0': 1, 'student-1': 1, 'student-2': 1 });
});

test('a student that does not report after an abandon is killed, and the others wait for its replacement', () => {
  const play = started(3);
  play.lost({ role: 'student', rank: 2 });
  play.say({ role: 'student', rank: 0 }, awaiting(0, 1));
  play.wait(1_750);
  assert.deepEqual(play.effects, []);
  play.wait(250);
  assert.deepEqual(play.summary, ['kill student-1']);
});

test('the first join deadline does not end a run that is in a rendezvous', () => {
  const play = started(2).wait(8_000).lost({ role: 'student', rank: 1 }).wait(1_500);
  play.say({ role: 'student', rank: 0 }, awaiting(0, 1)).wait(2_500);
  assert.equal(play.run.phase, 'running');
  play.hello({ role: 'student', rank: 1 });
  const start = play.effects.find((effect) => effect.kind === 'send' && effect.message.kind === 'start');
  assert.ok(start?.kind === 'send' && start.message.kind === 'start');
  const { generation, agreement, peers } = start.message;
  assert.equal(generation, 2);
  assert.deepEqual(agreement, { step: 5, evaluated: true, donor: 'memory://state-0', newcomers: 1 });
  assert.ok(peers.some(({ endpoint }) => endpoint === 'memory://inbox-0'));
  assert.equal(play.summary.at(-1), 'ringFormed');
});

test('an elastic run forms its ring without a lost student when it has waited for it', () => {
  const play = started(3, { leastStudents: 2, returnWithinMs: 1_000, restarts: undefined });
  play.lost({ role: 'student', rank: 1 });
  for (const rank of [0, 2]) play.say({ role: 'student', rank }, awaiting(rank, 1));
  assert.deepEqual(play.run.membership.ringOrder, [0, 2]);
  assert.equal(play.run.rendezvous.generation, 2);
});

test('after a pause of its own, the coordinator excuses disconnects and postpones what is due', () => {
  const play = started(2);
  play.now += 20_000;
  play.give({ kind: 'gone', peer: 'peer-student-0' });
  assert.deepEqual(play.effects, []);
  assert.match(play.reason, /because this process was suspended/);
  play.hello({ role: 'student', rank: 0 }, { again: true, returns: true, pid: 100 });
  play.wait(4_750);
  assert.equal(play.run.phase, 'running');
  play.give({ kind: 'gone', peer: 'peer-student-1' }).wait(250);
  assert.deepEqual(
    play.summary.filter((one) => one.startsWith('kill')),
    ['kill student-0', 'kill student-1'],
  );
});

test('a node that reconnects is lost first, and its roles are started again', () => {
  const expected = [...students(2), NODE];
  const play = new Play({ expected, nodeOf: ({ rank }) => rank });
  play.hello({ role: 'student', rank: 0 }).hello(NODE);
  assert.ok(play.summary.includes('order → node-1'));
  play.hello(NODE, { again: true, returns: true }, 'another');
  assert.match(play.reason, /node-1 no longer responds, and is replaced; node-1 joins/);
});

test('a coordinator that cannot write its state file stops all roles', () => {
  const play = started(2);
  const error = new BrineError('FILE_UNWRITABLE', 'no space left', { hint: '' });
  play.give({ kind: 'fault', error });
  assert.deepEqual(play.summary, ['stop → student-0', 'stop → student-1']);
  play.wait(500);
  assert.deepEqual(play.effects, [{ kind: 'reject', error }]);
});

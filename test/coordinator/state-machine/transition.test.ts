/** The coordinator's decisions, without sockets, clocks or processes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError } from '../../../src/base/errors.ts';
import type { AwaitingRendezvous, FromRole, Hello, RoleId } from '../../../src/control/messages.ts';
import {
  beginning,
  type Effect,
  type LiveRun,
  type RunEvent,
  type Settings,
} from '../../../src/coordinator/state-machine/live-run.ts';
import { nextDeadline, transition } from '../../../src/coordinator/state-machine/transition.ts';
import type { RunState } from '../../../src/coordinator/state-file.ts';

const students = (count: number): RoleId[] =>
  Array.from({ length: count }, (_, rank) => ({ role: 'student', rank }));
const NODE: RoleId = { role: 'node', rank: 1 };
const NOTHING = { numbers: {}, words: {} };

/** A run that is fed events, with the effects and reasons of the latest one. */
class Play {
  run: LiveRun;
  now = 0;
  effects: readonly Effect[] = [];
  reason = '';

  constructor(settings: Partial<Settings> & Pick<Settings, 'expected'>, predecessor?: RunState) {
    const limits = { joinWithinMs: 10_000, returnWithinMs: 10_000, restarts: 1, mostBreaks: 0 };
    const choices = { fallsBack: false, resume: false, nodeOf: () => 0 };
    this.run = beginning(
      { run: 'run-1', ...limits, ...choices, ...settings },
      { generation: 1, now: 0, predecessor },
    );
    this.give({ kind: 'opened', endpoint: 'memory://coordinator' });
  }

  give(event: RunEvent): this {
    const { state, effects, reason } = transition(frozen(this.run), event, this.now);
    [this.run, this.effects, this.reason] = [state, effects, reason];
    return this;
  }

  say(id: RoleId, message: FromRole, peer = `peer-${id.role}-${id.rank}`): this {
    return this.give({ kind: 'message', peer, message });
  }

  hello(id: RoleId, more: Partial<Hello> = {}, peer?: string): this {
    const endpoints = { endpoint: `memory://${id.role}-${id.rank}`, state: `memory://state-${id.rank}` };
    const process = { pid: 100 + id.rank, began: 'boot:1', again: false, returns: false };
    return this.say(id, { kind: 'hello', id, run: 'run-1', ...endpoints, ...process, ...more }, peer);
  }

  lost(id: RoleId): this {
    return this.give({ kind: 'lost', id, how: 'died of SIGKILL', obeyed: false, hint: '' });
  }

  wait(milliseconds: number): this {
    for (const end = this.now + milliseconds; this.now < end;) {
      this.now = Math.min(end, this.now + 250); // the loop looks at the clock this often
      this.give({ kind: 'time' });
    }
    return this;
  }

  /** The effects of the latest event, in order and in short. */
  get summary(): string[] {
    return this.effects.flatMap((effect) => {
      if (effect.kind === 'send') return [`${effect.message.kind} → ${effect.peer.slice(5)}`];
      if (effect.kind === 'kill' || effect.kind === 'replace')
        return [`${effect.kind} ${effect.id.role}-${effect.id.rank}`];
      return effect.kind === 'observe' ? [effect.event.kind] : [effect.kind];
    });
  }
}

/** The state with everything in it, which a transition must not change. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    for (const inner of Object.values(Object.freeze(value))) frozen(inner);
  return value;
}

function awaiting(rank: number, generation: number): AwaitingRendezvous {
  const progress = { step: 5, evaluated: true, summed: false, blank: false };
  return {
    kind: 'awaitingRendezvous',
    generation,
    ...progress,
    endpoint: `memory://inbox-${rank}`,
    why: 'lost',
  };
}

function started(count: number, settings: Partial<Settings> = {}): Play {
  const play = new Play({ expected: students(count), ...settings });
  for (const id of students(count)) play.hello(id);
  return play;
}

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

test('a successor adopts what returns, replaces what is missing, and remembers only then', () => {
  const role = (rank: number) => ({ pid: 100 + rank, began: 'boot:1', endpoint: '', state: '' });
  const roles = students(2).map((id) => ({ ...id, ...role(id.rank) }));
  const play = new Play(
    { expected: students(2), restarts: 0 },
    { generation: 4, ringOrder: [0, 1], excused: [], restarts: {}, roles },
  );
  play.hello({ role: 'student', rank: 0 }, { again: true, returns: true });
  assert.deepEqual(play.summary, ['joined']);
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

const TEACHER: RoleId = { role: 'teacher', rank: 0 };

/** A run whose student is done, and whose teacher is not. */
function closing(more: Partial<Settings> = {}): Play {
  const [student] = students(1);
  const play = new Play({ expected: [TEACHER, student!], ...more }).hello(TEACHER).hello(student!);
  return play.say(student!, { kind: 'done', figures: NOTHING });
}

test('a run whose training is complete succeeds without a role that is lost while it closes', () => {
  for (const nodeOf of [() => 0, ({ role }: RoleId) => (role === 'teacher' ? 1 : 0)]) {
    const play = closing({ nodeOf }).give({ kind: 'gone', peer: 'peer-teacher-0' });
    assert.equal(play.summary.at(-1), 'resolve', 'its node may have ended before it could report the exit');
  }
});

test('a run whose training is complete succeeds without a role that does not close in time', () => {
  const play = closing().wait(29_750);
  assert.equal(play.run.phase, 'closing');
  assert.deepEqual(play.wait(250).summary, ['dropped', 'resolve']);
});

test('a run whose training is complete succeeds although a role reports a failure', () => {
  const error = new BrineError('CANCELLED', 'the teacher was interrupted', { hint: '' });
  const play = closing().say(TEACHER, { kind: 'failed', error, id: TEACHER, run: 'run-1' });
  assert.deepEqual(play.summary, ['dropped', 'resolve', 'stop → teacher-0']);
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

test('a role that reconnects while the run closes is told that the run has ended well', () => {
  const play = closing();
  play.now += 4_000; // this process was suspended
  play
    .give({ kind: 'gone', peer: 'peer-teacher-0' })
    .hello(TEACHER, { again: true, returns: true }, 'peer-new');
  assert.deepEqual(play.effects, [
    {
      kind: 'send',
      peer: 'peer-new',
      message: { kind: 'stop', reason: 'the students are done', finished: true },
    },
  ]);
});

/** The end of a run whose training is complete. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError } from '../../../src/base/errors.ts';
import type { RoleId } from '../../../src/control/messages.ts';
import type { Settings } from '../../../src/coordinator/state-machine/live-run.ts';
import { NOTHING, Play, students } from './play.ts';

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

test('the latest progress of a teacher counts if it exits without its final report', () => {
  const [student] = students(1);
  const play = new Play({ expected: [TEACHER, student!] }).hello(TEACHER).hello(student!);
  const figures = { numbers: { rows: 24 }, words: {} };
  play.say(TEACHER, { kind: 'progress', figures }).say(student!, { kind: 'done', figures: NOTHING });
  const end = play.give({ kind: 'gone', peer: 'peer-teacher-0' }).effects.at(-1);
  assert.ok(end?.kind === 'resolve');
  assert.deepEqual(end.results.get('teacher-0'), figures);
});

test('a role that reconnects while the run closes learns that training has finished', () => {
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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDisplay } from '../../src/cli/screen/display.ts';
import type { TextOutput } from '../../src/cli/screen/output.ts';
import { cellsOf, cutToCells, wrapParts } from '../../src/cli/screen/cells.ts';
import { formatSnapshot } from '../../src/cli/screen/snapshot-text.ts';
import type { Snapshot } from '../../src/control/snapshot.ts';

class Written implements TextOutput {
  text = '';
  columns = 40;
  rows = 24;
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

function open(json: boolean, isTTY: boolean) {
  const clock = { ms: 0 };
  const out = new Written(isTTY);
  const err = new Written(isTTY);
  return { clock, out, err, display: openDisplay(json, { out, err, now: () => clock.ms }) };
}

test('on a terminal the block is redrawn in place, wraps between its parts, and is removed at the end', () => {
  const { clock, out, display } = open(false, true);
  display.status(['a', `students  ${'b'.repeat(20)} · ${'c'.repeat(20)} · dd`]);
  assert.equal(out.text, `a\nstudents  ${'b'.repeat(20)}\n          ${'c'.repeat(20)} · dd\n`);
  display.status(['too soon']);
  clock.ms = 200;
  out.text = '';
  display.status(['c']);
  assert.equal(out.text, '\r\u001B[3A\u001B[0Jc\n');
  out.text = '';
  display.note('kept');
  assert.equal(out.text, '\r\u001B[1A\u001B[0Jkept\nc\n', 'the block stays below what stays');
  out.text = '';
  display.result({}, 'done');
  assert.equal(out.text, '\r\u001B[1A\u001B[0Jdone\n');
});

test('a block fits the terminal, and is removed completely after the terminal was made narrower', () => {
  const { clock, out, display } = open(false, true);
  out.rows = 4;
  display.status(['1', '2', '3', '4', '5']);
  assert.equal(out.text, '1\n2\n3\n');
  clock.ms = 200;
  display.status(['x'.repeat(39)]);
  clock.ms = 400;
  out.columns = 20;
  out.text = '';
  display.status(['y']);
  assert.equal(out.text, '\r\u001B[2A\u001B[0Jy\n', '39 cells are two rows of 20');
});

test('wide characters count as two cells, marks as none, and long text is cut', () => {
  assert.deepEqual(['run', '実験', 'e\u0301', '👍🏽', '한글.txt', 'ｗ'].map(cellsOf), [3, 4, 1, 2, 8, 2]);
  assert.equal(cutToCells('実験の記録', 6), '実験…');
  assert.deepEqual(wrapParts('trouble   実験 · 記録の場所', 16), ['trouble   実験', '          記録…']);
});

test('a log gets one line a minute, one at once for a new topic, and always the last one', () => {
  const { clock, out, display } = open(false, false);
  for (clock.ms = 0; clock.ms <= 150_000; clock.ms += 10_000)
    display.status(['block'], {
      brief: [`step ${clock.ms / 1000}`],
      topic: clock.ms < 30_000 ? 'plain' : 'distil',
    });
  display.end();
  assert.equal(out.text, 'step 0\nstep 30\nstep 90\nstep 150\n');
});

test('with --json, standard output contains only the result', () => {
  const { out, err, display } = open(true, false);
  display.note('hello');
  display.status(['working']);
  display.result({ loss: 1 }, 'text');
  assert.equal(out.text, '{"loss":1}\n');
  assert.equal(err.text, 'hello\nworking\n');
});

const STUDENTS = {
  step: 214,
  steps: 800,
  phase: 'plain',
  loss: 3.4123,
  validationLoss: 3.398,
  validationStep: 200,
  tokensPerSecond: 17_200,
  ringShare: 0.04,
  waitShare: 0,
  secondsLeft: 3753,
  secondsElapsed: 130,
  plainRows: 1200,
};

test('a snapshot is formatted in 80 columns with the remaining time first', () => {
  const lines = formatSnapshot({
    ranks: 2,
    cache: { endpoint: 'tcp://127.0.0.1:41873', identity: '3f9c0d11', stored: 3200 },
    teachers: { alive: 1, tokensPerSecond: 41_000, rowsAhead: 3200 },
    students: STUDENTS,
  });
  assert.deepEqual(
    lines.flatMap((line) => wrapParts(line, 79)),
    [
      'cache     tcp://127.0.0.1:41873 · labels 3f9c0d… · 3,200 rows stored',
      'teachers  1 alive · 41.0k tokens/s · 3,200 rows ahead',
      'students  1:02:33 left · 2:10 elapsed · step 214/800 · plain · 2 ranks',
      '          loss 3.412 · val 3.398 at 200 · 17.2k tokens/s · ring 4% · wait 0%',
      '          1,200 rows without a label',
    ],
  );
});

test('students with a teacher show its share, the distance to it, and whether they have left it, in 80 columns', () => {
  const { plainRows: _, ...plain } = STUDENTS;
  const distil = { ...plain, phase: 'distil', teacherShare: 0.667, teacherKl: 0.2134 };
  const shown = (students: NonNullable<Snapshot['students']>) =>
    formatSnapshot({ ranks: 2, students }).flatMap((line) => wrapParts(line, 79));
  assert.deepEqual(shown({ ...distil, teacherParts: 1, teacherPartsLeft: 0 }), [
    'students  1:02:33 left · 2:10 elapsed · step 214/800 · distil · 2 ranks',
    '          loss 3.412 · val 3.398 at 200 · teacher share 67% · teacher KL 0.213',
    '          17.2k tokens/s · ring 4% · wait 0%',
  ]);
  const some = {
    ...distil,
    teacherShare: 0.0042,
    teacherParts: 8,
    teacherPartsLeft: 3,
    teacherLeftStep: 200,
  };
  assert.deepEqual(shown(some).slice(1), [
    '          loss 3.412 · val 3.398 at 200 · teacher share 0.4% · teacher KL 0.213',
    '          left the teacher in 3 of 8 entropy buckets · 17.2k tokens/s · ring 4%',
    '          wait 0%',
  ]);
  const whole = { teacherParts: 1, teacherPartsLeft: 1, teacherLeftStep: 1200 };
  assert.match(shown({ ...distil, ...whole }).join('\n'), /share 67%.*leaving the teacher since step 1,200/s);
  assert.deepEqual(shown({ ...plain, phase: 'distil', ...whole }).slice(1), [
    '          loss 3.412 · val 3.398 at 200 · left the teacher at step 1,200',
    '          17.2k tokens/s · ring 4% · wait 0%',
  ]);
});

test('a teacher with its first lease is shown as drawing instead of 0 tokens/s', () => {
  const teachersOf = (teachers: NonNullable<Snapshot['teachers']>, stored: number) =>
    formatSnapshot({ ranks: 1, teachers, cache: { endpoint: 'tcp://h:1', identity: 'a', stored } }).slice(1);
  const first = teachersOf({ alive: 1, tokensPerSecond: 0, rowsAhead: 0 }, 0);
  assert.deepEqual(first, ['teachers  1 alive · drawing · 0 rows ahead']);
  assert.deepEqual(teachersOf({ alive: 0, tokensPerSecond: 0, rowsAhead: 0 }, 0), [
    'teachers  0 alive · 0 rows ahead',
  ]);
  const filled = teachersOf({ alive: 1, tokensPerSecond: 0, rowsAhead: 1024 }, 5);
  assert.deepEqual(filled, ['teachers  1 alive · 1,024 rows ahead']);
});

test('students that wait for labels show this instead of the remaining time', () => {
  const lines = formatSnapshot({ ranks: 1, students: { ...STUDENTS, waitsFor: 'labels' } });
  assert.match(lines[0]!, /^students {2}waiting for labels · 2:10 elapsed · step 214\/800 · plain/);
});

test('a waiting head shows the missing processes and the waiting time', () => {
  const names = ['node-1', 'node-2', 'node-3', 'student-4', 'student-5'];
  const lines = formatSnapshot({ ranks: 8, waiting: { names, seconds: 75 } });
  assert.deepEqual(lines, ['run       waiting for node-1, node-2, node-3, student-4 and 1 more · 1:15']);
});

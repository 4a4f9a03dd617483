import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUCKETS, bucketOf, heldOutTeacher } from '../../../src/student/rules/held-out-teacher.ts';
import type { LeaveRule } from '../../../src/student/rules/leave.ts';
import { Teaching } from '../../../src/student/rules/teaching.ts';
import type { Plan } from '../../../src/student/training/plan.ts';
import { contextOf } from '../small-run.ts';

const teacher = heldOutTeacher(Array.from({ length: 60 }, (_, row) => contextOf(row)));

function leavable(leave: LeaveRule, steps = 20): Plan {
  return [
    { kind: 'distil', steps, rows: 'all', weight: 0.5, fade: 'none', leave },
    { kind: 'plain', steps: 10 },
  ];
}

const weights = (teaching: Teaching, steps: readonly number[]) =>
  steps.map((step) => teaching.weightAt(step));

test('held-out: the weight fades from the step after the evaluation that passes the teacher', () => {
  const start = new Teaching(leavable({ when: 'held-out', margin: 0.1, over: 4 }), teacher);
  const close = start.after({ step: 4, loss: teacher.loss - 0.05 });
  assert.deepEqual(weights(close, [4, 5, 19, 20]), [0.5, 0.5, 0.5, 0]);
  const left = close.after({ step: 8, loss: teacher.loss - 0.2 });
  assert.deepEqual(weights(left, [8, 9, 10, 11, 12, 13]), [0.5, 0.375, 0.25, 0.125, 0, 0]);
  const later = left.after({ step: 12, loss: teacher.loss + 1 });
  assert.deepEqual(weights(later, [9, 12]), [0.375, 0], 'what has been left stays left');
});

test('an evaluation that is repeated replaces the earlier one; states survive a checkpoint', () => {
  const plan = leavable({ when: 'held-out', margin: 0, over: 2 });
  const start = new Teaching(plan, teacher).after({ step: 4, loss: 9 });
  const passed = start.after({ step: 8, loss: 0 });
  const repeated = passed.after({ step: 8, loss: 9 });
  assert.deepEqual([passed.weightAt(10), repeated.weightAt(10)], [0, 0.5]);
  const saved = JSON.parse(JSON.stringify(passed.state)) as Teaching['state'];
  const loaded = new Teaching(plan, teacher, saved);
  assert.deepEqual(loaded.state, passed.state);
  const after = (teaching: Teaching) => teaching.after({ step: 12, loss: 9 }).state;
  assert.deepEqual(after(loaded), after(passed));
});

test('buckets are left one by one, once the smoothed loss passes; the last one ends the labels', () => {
  const plan = leavable({ when: 'bucket', margin: 0, smoothing: 0.5, over: 1 });
  const losses = (gaps: readonly number[]) => teacher.buckets.map(({ loss }, at) => loss + (gaps[at] ?? 1));
  const start = new Teaching(plan, teacher).after({ step: 0, loss: 9, buckets: losses([]) });
  const smooth = start.after({ step: 4, loss: 9, buckets: losses([-0.5]) });
  assert.equal(
    smooth.weights(6, { row: 1, context: contextOf(1) })!.every((factor) => factor === 1),
    true,
  );
  const one = smooth.after({ step: 8, loss: 9, buckets: losses([-0.5]) });
  const factors = one.weights(9, { row: 1, context: contextOf(1) })!;
  const buckets = Array.from(contextOf(1).entropy, (nats) => bucketOf(teacher, nats));
  assert.deepEqual(
    [...factors],
    buckets.map((bucket) => (bucket === 0 ? 0 : 1)),
  );
  assert.equal(one.weightAt(9), 0.5);
  const all = one.after({ step: 12, loss: 9, buckets: losses(Array.from({ length: BUCKETS }, () => -9)) });
  assert.deepEqual(weights(all, [12, 13]), [0.5, 0]);
});

test('angle: left at the evaluation after enough wide measurements in a row', () => {
  const plan = leavable({ when: 'angle', above: 60, times: 2, over: 1 });
  const angles = (...all: number[]) =>
    all
      .reduce((teaching, angle) => teaching.afterAngle(angle), new Teaching(plan))
      .after({ step: 8, loss: 1 });
  assert.equal(angles(70, 50, 70).weightAt(9), 0.5);
  assert.equal(angles(50, 70, 61).weightAt(9), 0);
});

test('evaluations outside the phase, and plans without such a rule, change nothing', () => {
  const start = new Teaching(leavable({ when: 'held-out', margin: 0, over: 1 }), teacher);
  for (const step of [20, 25, 30]) assert.equal(start.after({ step, loss: 0 }), start);
  const plain = new Teaching([{ kind: 'plain', steps: 3 }]);
  assert.equal(plain.after({ step: 1, loss: 0 }), plain);
  assert.deepEqual([plain.adapts, plain.state], [false, undefined]);
});

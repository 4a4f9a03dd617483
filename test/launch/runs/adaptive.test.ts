/** A run that leaves its teacher early, and its replay. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { smallRuns } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
after(() => runs.remove());
await runs.teacher();
// The student is within 9 nats of the teacher at the first evaluation, so the teacher is left there.
await runs.recipe(
  'leaving.yaml',
  `teacher: { checkpoint: ${runs.in('teacher')} }
labels: { draws: 8, folder: ${runs.in('labels')} }
plan: [{ distil: 12 steps, leave: { when: held-out, margin: -9, over: 0% } }]
`,
);

test('a run that leaves its teacher uses no further labels, and its replay is equal without a teacher', async () => {
  const live = await runs.run('live', { recipe: 'leaving.yaml' });
  assert.ok(live.labels.rowsUsed > 0 && live.labels.rowsUsed <= 2 * 4, `${live.labels.rowsUsed} of 48 rows`);
  const again = await runs.run('again', { recipe: 'leaving.yaml', replay: runs.in('labels') });
  assert.equal(again.parameters, live.parameters);
  assert.equal(again.labels.rowsUsed, live.labels.rowsUsed);
});

/** Reports of a whole run: its numbers are those of the metrics files. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { evaluationsOf } from '../../../src/launch/evaluations.ts';
import { writeReport } from '../../../src/reporting/report.ts';
import { collectRun } from '../../../src/reporting/collect-run.ts';
import { readMetrics } from '../../../src/report/metrics.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { named, parseElements } from '../../report/html/elements.ts';
import { smallRuns, type SmallRuns } from '../../support/runs/small-runs.ts';

let runs: SmallRuns;

before(async () => {
  runs = await smallRuns();
  await runs.teacher();
  await runs.recipe(
    'salt-ds.yaml',
    `teacher: { checkpoint: ${runs.in('teacher')} }
labels: { draws: 8 }
selection: { scorer: ${runs.in('teacher')}, topK: 250 }
roles: { ranks: 2 }
plan: [{ distil: 4 steps, rows: selected }, { plain: 4 steps }]
`,
  );
  await runs.run('run', { recipe: 'salt-ds.yaml' });
});

after(() => runs.remove());

test('a report of a run has its losses, labels, scores, examples and samples', async () => {
  const { out, kind } = await writeReport({ folder: runs.in('run') });
  assert.equal(kind, 'run');
  const root = parseElements(await readFile(out, 'utf8'));
  const lines = await readMetrics(runFolder(runs.in('run')).metrics('student-0'));
  const steps = lines.filter(({ event }) => event === 'step');
  assert.equal(steps.length, 8);
  const values = new Set(named(root, 'data').map(({ attributes }) => attributes.get('value')));
  for (const { labelLoss, learningRate, gradientNorm } of steps)
    for (const number of [labelLoss, learningRate, gradientNorm]) assert.ok(values.has(String(number)), String(number));
  const headings = named(root, 'h2').map(({ text }) => text);
  for (const heading of ['Label cache', 'Selected rows', 'Sample texts', 'Checkpoints'])
    assert.ok(headings.includes(heading), headings.join());
  const subheadings = named(root, 'h3').map(({ text }) => text);
  assert.ok(subheadings.includes('Scores of the rows'));
  assert.equal(subheadings.filter((text) => /^Selected: row \d+, median loss \d/.test(text)).length, 2);
  assert.ok(named(root, 'pre').some(({ text }) => /Line \d+ says/.test(text)));
});

test('a report has the evaluations of the run', async () => {
  const { evaluations } = await collectRun({ run: runs.in('run'), samples: false });
  assert.ok(evaluations.length > 0);
  assert.deepEqual(evaluations, await evaluationsOf(runs.in('run')));
});

test('the same seed gives the same sample texts; without samples there are none', async () => {
  const [one, other, none] = [
    await collectRun({ run: runs.in('run'), samples: true }),
    await collectRun({ run: runs.in('run'), samples: true }),
    await collectRun({ run: runs.in('run'), samples: false }),
  ];
  assert.deepEqual(one.notes, []);
  assert.ok(one.samples!.length > 0);
  assert.deepEqual(one.samples, other.samples);
  assert.equal(none.samples, undefined);
});

test('a part that is missing becomes a note', async () => {
  const folder = runFolder(runs.in('run'));
  await rm(folder.selection);
  await rm(folder.scores);
  const { notes, selection, steps } = await collectRun({ run: runs.in('run'), samples: false });
  assert.equal(selection, undefined);
  assert.match(notes.join(), /^Selected rows: cannot read/);
  assert.equal(steps.length, 8);
});

test('another folder is refused', async () => {
  await assert.rejects(writeReport({ folder: runs.in('teacher') }), { code: 'FILE_MISSING' });
  await writeFile(runs.in('study.json'), '{"format": "brine-study-1"}');
  await assert.rejects(writeReport({ folder: runs.folder }), { code: 'FILE_DAMAGED' });
});

/** A whole study with real runs: a teacher, a shared label cache, selected rows, and two seeds. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readStudy } from '../../../src/study/study-file.ts';
import { runStudy } from '../../../src/study/study.ts';
import type { HeldOut, StudyRecord } from '../../../src/report/study-record.ts';
import { BRINE, smallRuns } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
after(() => runs.remove());
await runs.recipe('base.yaml', 'roles: { ranks: 1 }\n');
await runs.recipe('small.yaml', 'student: { seed: 9 }\ncheckpoint: { every: 2 steps, keep: 5 }\nplan: [{ plain: 8 steps }]\n');
await writeFile(runs.in('other.txt'), 'Other text, which no run has seen.\n'.repeat(20));
await writeFile(
  runs.in('study.yaml'),
  `folder: ${runs.in('study')}
base: base.yaml
teachers: { small: small.yaml }
baseline: plain
seeds: [1, 2]
rates: [1e-3, 3e-3]
heldOut: { other: ${runs.in('other.txt')} }
arms:
  plain: { plan: [{ plain: 12 steps }] }
  salt: { labels: { draws: 8 }, plan: [{ distil: 4 steps }, { plain: 8 steps }] }
  picked: { selection: { scorer: small@2, later: small@4, statistic: trimmed-mean }, plan: [{ plain: 12 steps, rows: selected }] }
`,
);

async function run(signal = new AbortController().signal) {
  const notes: string[] = [];
  const record = runStudy({
    study: await readStudy(runs.in('study.yaml')),
    brine: BRINE,
    environment: process.env,
    signal,
    note: (text) => notes.push(text),
    observe: () => undefined,
  });
  return { record, notes };
}

/** A record without the times, which differ from run to run. */
const withoutSeconds = (record: StudyRecord): unknown =>
  JSON.parse(JSON.stringify(record, (key, value: unknown) => (key === 'seconds' ? undefined : value)));

const ROWS = 4; // of a batch
const isClose = (a: number, b: number) => Math.abs(a - b) < 1e-9 * Math.abs(b);

test('a study trains every arm, charges help, continues where it stopped, and repeats a run exactly', async () => {
  const { record: running, notes } = await run();
  const record = await running;
  assert.deepEqual(record.arms.map(({ name, runs: own, tuning }) => [name, own.length, tuning.length]), [
    ['plain', 2, 1],
    ['salt', 2, 1],
    ['picked', 2, 1],
  ]);
  assert.equal(notes.filter((note) => note.startsWith('selecting rows')).length, 1);
  const [plain, salt, picked] = record.arms;
  assert.equal(plain!.helpFlops, 0);
  const perRow = plain!.runs[0]!.flops / (12 * ROWS); // to train on it; teacher and student have the same size
  assert.ok(isClose(salt!.helpFlops, (8 * ROWS + 16 / 3) * perRow), 'the whole teacher, and 16 labelled rows');
  const scoring = picked!.helpFlops / perRow - 4 * ROWS;
  const scored = (3 * scoring) / 2;
  assert.ok(scored > 0 && isClose(scored, Math.round(scored)), 'half of the teacher, and all rows scored twice');
  assert.deepEqual(salt!.runs.map(({ labelledRows }) => labelledRows), [16, 16]);
  const written = JSON.parse(await readFile(join(runs.in('study'), 'study.json'), 'utf8')) as StudyRecord;
  assert.deepEqual(written, record);

  for (const { runs: own, tuning } of record.arms) {
    for (const { heldOut } of own) {
      const [{ loss, thirds }] = heldOut as readonly [HeldOut];
      const { easy, medium, hard } = thirds!;
      assert.ok(Math.abs((easy + medium + hard) / 3 - loss) < 0.01 * loss, 'the thirds are equally large');
    }
    assert.ok(tuning.every(({ heldOut }) => heldOut === undefined), 'the held-out sets play no part in tuning');
  }

  const { folder } = salt!.runs[0]!;
  await rm(runs.in(join('study', folder)), { recursive: true });
  const again = await run();
  assert.deepEqual(withoutSeconds(await again.record), withoutSeconds(record));
  assert.equal(again.notes.filter((note) => note.startsWith('salt')).length, 1, 'only the missing run is repeated');
  assert.ok(!again.notes.some((note) => note.startsWith('drawing labels')), 'its labels are in the cache');
});

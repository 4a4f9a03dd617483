/** Full disks and unwritable folders: the run reports them and loses no data. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { readMetrics } from '../../../src/report/metrics.ts';
import { verifyCache } from '../../../src/cache-tools/verify.ts';
import type { RunEvent, TrainResult } from '../../../src/launch/train.ts';
import { listCheckpoints, readCheckpoint } from '../../../src/student/checkpoint/checkpoint.ts';
import { BRINE, smallRuns } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
after(() => runs.remove());

const STEPS = 240;
const plain = { recipe: 'saving.yaml' };
/** The first run, whose failed writes do not end it. */
let reported: TrainResult;

before(() =>
  runs.recipe(
    'saving.yaml',
    `evaluate: { every: 120 steps, rows: 6 }
checkpoint: { every: 20 steps }
roles: { ranks: 2 }
plan: [{ plain: ${STEPS} steps }]
`,
  ),
);

/**
 * Command that starts brine with a limit on the file size of one role, in blocks of 512 bytes or 1
 * KiB.
 */
function limited(role: string, blocks: number): string[] {
  const limit = `case " $* " in *" role ${role} "*) ulimit -f ${blocks};; esac; exec "$0" "$@"`;
  return ['/bin/sh', '-c', limit, ...BRINE];
}

/** Calls `act` once, as soon as the run has a checkpoint. */
function onceSaved(name: string, act: () => void) {
  let done = false;
  return () => {
    const saved = runs.in(`${name}/checkpoints`);
    if (done || !existsSync(saved) || !readdirSync(saved).some((step) => step.startsWith('step-'))) return;
    done = true;
    act();
  };
}

/** Replaces the folder of checkpoints with a file, so that no checkpoint can be written. */
function takeAway(name: string): void {
  renameSync(runs.in(`${name}/checkpoints`), runs.in(`${name}/away`));
  writeFileSync(runs.in(`${name}/checkpoints`), '');
}

function giveBack(name: string): void {
  rmSync(runs.in(`${name}/checkpoints`));
  renameSync(runs.in(`${name}/away`), runs.in(`${name}/checkpoints`));
}

test('failed writes of checkpoints, metrics and logs are reported and do not end the run', async () => {
  await mkdir(runs.in('later/logs'), { recursive: true });
  for (const rank of [0, 1]) await symlink('/dev/full', runs.in(`later/logs/student-${rank}.log`));
  const troubles = new Map<string, string>();
  const unwritten: string[] = []; // both the metrics and the TensorBoard events of this rank reach their limit
  const isSaved = onceSaved('later', () => takeAway('later'));
  let isBack = false;
  const observe = (event: RunEvent) => {
    isSaved();
    if (event.kind !== 'snapshot') return;
    for (const { name, text } of event.snapshot.troubles ?? []) {
      troubles.set(name, text);
      if (name === 'student-1') unwritten.push(text);
    }
    if (isBack || !troubles.has('student-0')) return;
    isBack = true;
    giveBack('later');
  };
  const brine = limited('student --rank 1', 40); // smaller than the metrics of the run
  reported = await runs.run('later', { ...plain, observe, brine });
  assert.equal(new Set(reported.parameterHashes).size, 1);
  assert.match(troubles.get('student-0')!, /^no checkpoint of step \d+: cannot write .*checkpoints/);
  assert.ok(
    unwritten.some((text) => /cannot write .*student-1\.jsonl: EFBIG/.test(text)),
    unwritten.join('\n'),
  );
  const lines = await readMetrics(runs.in('later/metrics/student-0.jsonl'));
  assert.ok(lines.some(({ event }) => event === 'unsaved'));
  const last = (await listCheckpoints(runs.in('later/checkpoints'))).at(-1);
  assert.equal(last?.step, STEPS, 'later writes are attempted');
});

test('a run that cannot write its last checkpoint fails, and resumes from the last good one', async () => {
  const running = runs.run('never', { ...plain, observe: onceSaved('never', () => takeAway('never')) });
  await assert.rejects(running, { code: 'FILE_UNWRITABLE', message: /cannot write .*checkpoints/ });
  giveBack('never');
  const kept = await listCheckpoints(runs.in('never/checkpoints'));
  assert.ok(kept.length > 0 && kept.at(-1)!.step < STEPS);
  for (const { folder: checkpoint, step } of kept)
    assert.equal((await readCheckpoint(checkpoint)).step, step);
  const { parameters } = await runs.run('never', { ...plain, resume: true });
  assert.equal(parameters, reported.parameters);
});

test('a full disk under the label cache ends the run with an error; the run resumes when there is space', async () => {
  await runs.teacher();
  const rkd = { recipe: 'rkd.yaml', sets: ['plan=[{ distil: 100 steps }]', 'checkpoint.every=20 steps'] };
  const brine = limited('cache', 100); // smaller than the labels of the run
  await assert.rejects(runs.run('labels', { ...rkd, brine }), {
    code: 'FILE_UNWRITABLE',
    message: /the label cache at .*labels cannot be written: .* \(\d+ bytes are free at /,
  });
  const { steps } = await runs.run('labels', { ...rkd, resume: 'auto' });
  assert.equal(steps, 100);
  const { faults } = await verifyCache({ folders: [runs.in('labels/labels')] });
  assert.equal(faults, 0);
});

test('unwritable folders are reported before the first step', async () => {
  for (const name of ['checkpoints', 'logs', 'metrics', 'tensorboard']) {
    const own = `no-${name}`;
    await mkdir(runs.in(own));
    await writeFile(runs.in(`${own}/${name}`), '');
    await assert.rejects(
      runs.run(own),
      { code: 'FILE_UNWRITABLE', message: new RegExp(`cannot write .*${name}`) },
      name,
    );
    const steps = await readdir(runs.in(`${own}/checkpoints`)).catch(() => []);
    assert.deepEqual(steps, []);
  }
});

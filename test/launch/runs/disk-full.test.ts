/** Full disks and unwritable folders: the run reports them and loses no data. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readMetrics } from '../../../src/report/metrics.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import type { Resume } from '../../../src/worker/resume/resumption.ts';
import { train, type RunEvent, type TrainResult } from '../../../src/launch/train.ts';
import { listCheckpoints, readCheckpoint } from '../../../src/student/checkpoint/checkpoint.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'brine-disk-'));
const inFolder = (name: string) => join(folder, name);
after(() => rm(folder, { recursive: true, force: true }));

const STEPS = 400;
let undisturbed: TrainResult;

before(async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(inFolder('text.txt'), lines.join(''));
  await writeFile(
    inFolder('shared.yaml'),
    `data: { corpus: ${inFolder('text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${inFolder('data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: 4 }
evaluate: { every: 200 steps, rows: 6 }
checkpoint: { every: 20 steps }
`,
  );
  await writeFile(inFolder('slm.yaml'), 'extends: shared.yaml\nplan: [{ plain: 4 steps }]\n');
  await writeFile(
    inFolder('plain.yaml'),
    `extends: shared.yaml\nroles: { ranks: 2 }\nplan: [{ plain: ${STEPS} steps }]\n`,
  );
  await writeFile(
    inFolder('rkd.yaml'),
    `extends: shared.yaml
teacher: { checkpoint: ${inFolder('slm')} }
labels: { draws: 8 }
plan: [{ distil: 100 steps }]
`,
  );
  undisturbed = await run('plain', 'undisturbed');
});

interface More {
  readonly resume?: Resume;
  readonly brine?: readonly string[];
  readonly observe?: (event: RunEvent) => void;
}

async function run(recipe: string, name: string, { resume = false, observe, brine }: More = {}) {
  return train({
    recipe: await readRecipe(inFolder(`${recipe}.yaml`), [`run=${inFolder(name)}`]),
    brine: brine ?? [process.execPath, main],
    environment: process.env,
    resume,
    ...(observe && { observe }),
  });
}

/**
 * Command that starts brine with a limit on the file size of one role, in blocks of 512 bytes or 1
 * KiB.
 */
function limited(role: string, blocks: number): string[] {
  const limit = `case " $* " in *" role ${role} "*) ulimit -f ${blocks};; esac; exec "$0" "$@"`;
  return ['/bin/sh', '-c', limit, process.execPath, main];
}

/** Calls `act` once, as soon as the run has a checkpoint. */
function onceSaved(name: string, act: () => void) {
  let done = false;
  return () => {
    const saved = inFolder(`${name}/checkpoints`);
    if (done || !existsSync(saved) || !readdirSync(saved).some((step) => step.startsWith('step-'))) return;
    done = true;
    act();
  };
}

/** Replaces the folder of checkpoints with a file, so that no checkpoint can be written. */
function takeAway(name: string): void {
  renameSync(inFolder(`${name}/checkpoints`), inFolder(`${name}/away`));
  writeFileSync(inFolder(`${name}/checkpoints`), '');
}

function giveBack(name: string): void {
  rmSync(inFolder(`${name}/checkpoints`));
  renameSync(inFolder(`${name}/away`), inFolder(`${name}/checkpoints`));
}

test('failed writes of checkpoints, metrics and logs are reported and do not end the run', async () => {
  await mkdir(inFolder('later/logs'), { recursive: true });
  for (const rank of [0, 1]) await symlink('/dev/full', inFolder(`later/logs/student-${rank}.log`));
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
  const { parameters } = await run('plain', 'later', { observe, brine });
  assert.equal(parameters, undisturbed.parameters);
  assert.match(troubles.get('student-0')!, /^no checkpoint of step \d+: cannot write .*checkpoints/);
  assert.ok(
    unwritten.some((text) => /cannot write .*student-1\.jsonl: EFBIG/.test(text)),
    unwritten.join('\n'),
  );
  const lines = await readMetrics(inFolder('later/metrics/student-0.jsonl'));
  assert.ok(lines.some(({ event }) => event === 'unsaved'));
  const last = (await listCheckpoints(inFolder('later/checkpoints'))).at(-1);
  assert.equal(last?.step, STEPS, 'later writes are attempted');
});

test('a run that cannot write its last checkpoint fails, and resumes from the last good one', async () => {
  const running = run('plain', 'never', { observe: onceSaved('never', () => takeAway('never')) });
  await assert.rejects(running, { code: 'FILE_UNWRITABLE', message: /cannot write .*checkpoints/ });
  giveBack('never');
  const kept = await listCheckpoints(inFolder('never/checkpoints'));
  assert.ok(kept.length > 0 && kept.at(-1)!.step < STEPS);
  for (const { folder: checkpoint, step } of kept)
    assert.equal((await readCheckpoint(checkpoint)).step, step);
  const { parameters } = await run('plain', 'never', { resume: true });
  assert.equal(parameters, undisturbed.parameters);
});

test('a full disk under the label cache ends the run with an error; the run resumes when there is space', async () => {
  await run('slm', 'slm');
  const expected = await run('rkd', 'rkd');
  const brine = limited('cache', 100); // smaller than the labels of the run
  await assert.rejects(run('rkd', 'labels', { brine }), {
    code: 'FILE_UNWRITABLE',
    message: /the label cache at .*labels cannot be written: .* \(\d+ bytes are free at /,
  });
  const { parameters } = await run('rkd', 'labels', { resume: 'auto' });
  assert.equal(parameters, expected.parameters);
});

test('unwritable folders are reported before the first step', async () => {
  for (const name of ['checkpoints', 'logs', 'metrics', 'tensorboard']) {
    const own = `no-${name}`;
    await mkdir(inFolder(own));
    await writeFile(inFolder(`${own}/${name}`), '');
    await assert.rejects(
      run('plain', own),
      { code: 'FILE_UNWRITABLE', message: new RegExp(`cannot write .*${name}`) },
      name,
    );
    const steps = await readdir(inFolder(`${own}/checkpoints`)).catch(() => []);
    assert.deepEqual(steps, []);
  }
});

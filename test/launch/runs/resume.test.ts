/** Resuming a run: where it continues, which keys may change, and that only one process leads a run. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { TrainResult } from '../../../src/launch/train.ts';
import { resumeOrBegin } from '../../../src/cli/resume-option.ts';
import { evaluateCheckpoint } from '../../../src/tasks/evaluation/evaluate.ts';
import { holdFolder } from '../../support/unremovable.ts';
import { MAIN, smallRuns } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
after(() => runs.remove());
let whole: TrainResult;
before(async () => {
  whole = await runs.run('whole');
  await runs.interrupted('whole', 'begun', 12);
});

const copy = async (name: string) => {
  await cp(runs.in('begun'), runs.in(name), { recursive: true });
  return runs.in(name);
};
const brine = (...args: string[]) =>
  promisify(execFile)(process.execPath, [MAIN, 'train', ...args, '--json'], { cwd: runs.folder });

test('resuming with other cadences, threads and data paths gives the same parameters; an undeletable old checkpoint causes one warning', async () => {
  const folder = await copy('free');
  await cp(runs.in('data'), runs.in('moved-data'), { recursive: true });
  const release = await holdFolder(join(folder, 'checkpoints', 'step-4'));
  const notes: string[] = [];
  const sets = [
    'evaluate.every=3',
    'evaluate.rows=5',
    'checkpoint.every=2',
    'checkpoint.keep=1',
    'roles.threads=2',
    'roles.restarts=1',
    'roles.waitAtMost=50 s',
    `data.prepared=${runs.in('moved-data')}`,
  ];
  const result = await runs.run('free', { sets, notes, resume: true });
  await release();
  assert.equal(result.parameters, whole.parameters);
  assert.deepEqual([whole.firstStep, result.firstStep], [0, 8]);
  assert.match(notes.join('\n'), /the recipe has changed: .*data\.prepared: .*checkpoint\.every: 4, now 2/);
  const troubles = notes.filter((note) => note.includes('step-4'));
  assert.equal(troubles.length, 1, notes.join('\n'));
  assert.match(troubles[0]!, /trouble +student-0 · the old checkpoint .*step-4 cannot be removed/);
});

test('a finished run that is extended equals a run of the full length', async () => {
  const sets = ['plan=[{plain: 16 steps}]'];
  const long = await runs.run('long', { sets });
  await cp(runs.in('whole'), runs.in('longer'), { recursive: true });
  const longer = await runs.run('longer', { sets, resume: true });
  assert.deepEqual([longer.firstStep, longer.steps], [12, 16]);
  assert.equal(longer.parameters, long.parameters);
});

test('changing a key that affects results is refused with both values, also in an edited saved recipe', async () => {
  const folder = await copy('edited');
  await assert.rejects(runs.run('edited', { sets: ['batch.rows=8'], resume: true }), {
    code: 'CONFIG_INVALID',
    message: /edited was started with another recipe: batch\.rows: 4, now 8$/,
  });
  const recipe = join(folder, 'recipe.yaml');
  const text = await readFile(recipe, 'utf8');
  await writeFile(recipe, text.replace('rate: 0.001', 'rate: 0.1'));
  await assert.rejects(brine(recipe, '--resume', '--set', `run=${folder}`), {
    code: 1,
    stderr: /optimizer\.adamw\.rate: 0\.001, now 0\.1/,
  });
});

test('of two runs started at once in one folder, one trains and the other fails and names it; each step is recorded once', async () => {
  const outcomes = await Promise.allSettled([runs.run('two'), runs.run('two', { sets: ['student.seed=2'] })]);
  const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  assert.equal(refused.length, 1);
  assert.match(refused[0]!.message, new RegExp(`two is in use by process ${process.pid} on`));
  assert.equal((refused[0] as Error & { code: string }).code, 'FILE_EXISTS');
  const lines = (await readFile(runs.in('two/metrics/student-0.jsonl'), 'utf8')).trim().split('\n');
  const steps = lines.map((line) => JSON.parse(line) as { event: string; step: number });
  assert.deepEqual(
    steps.filter(({ event }) => event === 'step').map(({ step }) => step),
    Array.from({ length: 12 }, (_, i) => i + 1),
  );
  assert.ok(!existsSync(runs.in('two/run.lock')));
});

test('--resume without a run is an error, --resume=auto starts one; the argument after --resume is the recipe', async () => {
  await assert.rejects(runs.run('typo', { resume: true }), {
    code: 'FILE_MISSING',
    message: /nothing to resume in .*typo: it contains no run/,
    hint: /--resume=auto/,
  });
  assert.ok(!existsSync(runs.in('typo')));
  const { stdout, stderr } = await brine(
    '--resume=auto',
    runs.in('plain.yaml'),
    '--set',
    `run=${runs.in('auto')}`,
  );
  assert.equal((JSON.parse(stdout) as TrainResult).firstStep, 0);
  assert.match(stderr, /begins at step 0/);
  await assert.rejects(brine('--resume', runs.in('plain.yaml'), '--set', `run=${runs.in('typo')}`), {
    stderr: /nothing to resume/,
  });
  await assert.rejects(brine(runs.in('plain.yaml'), '--resume=later'), { code: 2 });
  assert.deepEqual([{ resume: true }, { resume: 'auto' as const }, {}].map(resumeOrBegin), [
    'auto',
    'auto',
    false,
  ]);
});

test('eval of a run without validation rows finds its data and reports the missing rows', async () => {
  await runs.run('blind', {
    sets: ['data.validation=0', `data.prepared=${runs.in('blind-data')}`, 'plan=[{plain: 2 steps}]'],
  });
  await assert.rejects(evaluateCheckpoint({ checkpoint: runs.in('blind'), threads: 1 }), {
    code: 'FILE_MISSING',
    message: /blind-data has no validation rows/,
  });
});

test('a failed start removes its run folder and keeps files that existed before', async () => {
  const bad = ['data.corpus=/nowhere/at/all', `data.prepared=${runs.in('bad-data')}`];
  await assert.rejects(runs.run('failed/deep', { sets: bad }), { code: 'CORPUS_MISSING' });
  assert.ok(!existsSync(runs.in('failed')));
  await mkdir(runs.in('mine'));
  await writeFile(runs.in('mine/notes.txt'), 'mine');
  await assert.rejects(runs.run('mine', { recipe: 'rkd.yaml' }), {
    code: 'FILE_MISSING',
    message: /the teacher/,
  });
  assert.equal(await readFile(runs.in('mine/notes.txt'), 'utf8'), 'mine');
  await assert.rejects(runs.run('late', { sets: ['roles.bind=192.0.2.1', 'roles.keys=/no/keys'] }));
  assert.ok(!existsSync(runs.in('late')));
});

test('a saved recipe resumes its run from any working folder, and after the run was moved', async () => {
  const folder = await copy('before');
  const saved = parse(await readFile(join(folder, 'recipe.yaml'), 'utf8')) as { run: string };
  assert.equal(saved.run, runs.in('whole'));
  await assert.rejects(brine(join(folder, 'recipe.yaml'), '--resume'), {
    stderr: /is the recipe of a run in .*before, but names the run folder .*whole/,
  });
  await writeFile(
    join(folder, 'recipe.yaml'),
    (await readFile(join(folder, 'recipe.yaml'), 'utf8')).replace(`run: ${saved.run}`, `run: ${folder}`),
  );
  await rename(folder, runs.in('after'));
  const { stdout } = await brine(runs.in('after/recipe.yaml'), '--resume');
  const { run, firstStep, parameters } = JSON.parse(stdout) as TrainResult;
  assert.deepEqual([run, firstStep, parameters], [runs.in('after'), 8, whole.parameters]);
  assert.ok(!existsSync(folder));
});

/** Defects of the environment, such as TMPDIR and limits, are reported by name and value. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { failureOf } from '../../../src/cli/failure.ts';
import { asBrineError, BrineError } from '../../../src/base/errors.ts';
import { temporaryFault } from '../../../src/base/files/temporary-folder.ts';
import { openFiles, roomIn } from '../../../src/tasks/doctor-environment.ts';
import { main, smallRecipe } from '../live-run.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-environment-'));
after(() => rm(folder, { recursive: true, force: true }));
const inFolder = (name: string) => join(folder, name);

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

/** Runs a script in bash, which can set limits. `$BRINE` is the command that starts brine. */
function shell(script: string, environment: Record<string, string> = {}): Promise<Answer> {
  const env = { ...process.env, BRINE: `${process.execPath} ${main}`, ...environment };
  return new Promise((resolve) => {
    execFile('bash', ['-c', script], { cwd: folder, env }, (failed, out, err) => {
      const last = err.trimEnd().split('\n').at(-1) ?? '';
      const { error } = (last.startsWith('{') ? JSON.parse(last) : { error: {} }) as Answer;
      resolve({ code: typeof failed?.code === 'number' ? failed.code : 0, out, error });
    });
  });
}

test('an unwritable TMPDIR is reported with its value instead of the output folder', async () => {
  await writeFile(inFolder('words.txt'), 'some words and some more words\n'.repeat(200));
  for (const value of ['/scratch/job-4711', inFolder('words.txt'), 'missing', '/proc']) {
    const prepare = '$BRINE prepare words.txt --out out-folder --set vocabulary=300 --set row=16 --json';
    const { code, error } = await shell(prepare, { TMPDIR: value });
    assert.deepEqual([code, error.code], [1, 'ENVIRONMENT_BROKEN'], error.message);
    assert.ok(error.message.includes(`TMPDIR=${value}: `), error.message);
    assert.ok(!error.message.includes('out-folder'), error.message);
    assert.match(error.hint, /^Set TMPDIR to /);
  }
});

test('a full TMPDIR is reported with its free bytes', () => {
  const { message } = temporaryFault(new Error('ENOSPC: no space left on device, write'));
  assert.ok(message.includes(`TMPDIR=${tmpdir()}: ENOSPC`), message);
  assert.match(message, /bytes are free at /);
});

test('doctor reports a bad TMPDIR instead of the label store', async () => {
  const { out } = await shell('$BRINE doctor --json', { TMPDIR: '/scratch/job-4711' });
  const { findings } = JSON.parse(out) as { findings: { name: string; state: string; detail: string }[] };
  const by = (name: string) => findings.find((one) => one.name === name);
  assert.equal(by('TMPDIR')?.state, 'broken');
  assert.match(by('TMPDIR')?.detail ?? '', /TMPDIR=\/scratch\/job-4711/);
  assert.equal(by('lmdb')?.state, 'good');
  assert.equal(by('descriptors')?.state, 'good');
});

test('doctor checks the limit of open files and the free space of TMPDIR', () => {
  const limits = (soft: string) =>
    `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}  4096  files\n`;
  assert.equal(openFiles(limits('1024')).state, 'good');
  assert.equal(openFiles(limits('unlimited')).state, 'good');
  assert.deepEqual(
    [openFiles(limits('128')).state, openFiles(limits('128')).hint.includes('ulimit -n')],
    ['broken', true],
  );
  assert.equal(openFiles('').state, 'absent');
  assert.equal(roomIn('/t', 1e6).state, 'broken');
  assert.match(roomIn('/t', 1e6).hint, /TMPDIR=\/t/);
});

test('a run with too few file descriptors fails with a hint to raise the limit', async () => {
  const recipe = await smallRecipe(inFolder('few'), 20);
  for (const most of [24, 32, 48]) {
    const words = `ulimit -n ${most}; $BRINE train ${recipe} --set run=${inFolder(`run-${most}`)} --json`;
    const { code, error } = await shell(words);
    assert.deepEqual([code, error.code], [1, 'ENVIRONMENT_BROKEN'], error.message);
    assert.match(error.message, /EMFILE|too many open files/i);
    assert.match(error.hint, /ulimit -n/);
  }
});

test('an error caused by too few descriptors has its code and hint, also inside another error', () => {
  const cause = Object.assign(new Error('cannot open'), { code: 'EMFILE' });
  const wrapped = new BrineError('CORPUS_MISSING', 'cannot read the corpus', { hint: 'Look.', cause });
  for (const error of [asBrineError(new Error('EMFILE: too many open files')), wrapped]) {
    assert.equal(error.code, 'ENVIRONMENT_BROKEN');
    assert.match(error.hint, /ulimit -n/);
  }
});

test('a missing module is reported as an incomplete installation or too few descriptors', () => {
  const error = Object.assign(new Error("Cannot find package 'csv-parse'"), { code: 'ERR_MODULE_NOT_FOUND' });
  const { code, hint } = failureOf(error)!;
  assert.equal(code, 'ENVIRONMENT_BROKEN');
  assert.match(hint, /Install Brine again.*ulimit -n 4096/);
});

test('a deleted working folder is not reported as a bug', async () => {
  await mkdir(inFolder('gone'));
  const { error } = await shell('cd gone; rmdir ../gone; $BRINE doctor --json');
  assert.equal(error.code, 'ENVIRONMENT_BROKEN', error.message);
  assert.match(error.message, /working folder/);
});

/** Signals at running commands: real processes, each in a group of its own. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { wasStartedByNohup } from '../../../src/cli/signals.ts';
import { command, isAlive, LiveRun, smallRecipe } from '../live-run.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-signals-'));
after(() => rm(folder, { recursive: true, force: true }));
const recipe = await smallRecipe(folder, 100_000);
const inFolder = (name: string) => join(folder, name);

test('SIGUSR1 to all processes of a run saves its last step and ends them, without a debugger', async () => {
  const run = new LiveRun({ recipe, run: inFolder('usr1') });
  await run.savedAfter(0);
  const roles = run.roles();
  assert.equal(roles.length, 1);
  run.signalAll('SIGUSR1');
  assert.equal(await run.ended(), 138, run.err);
  assert.equal(run.saved().at(-1), run.lastStep(), 'the last common step is saved');
  assert.deepEqual(roles.filter(isAlive), []);
  assert.equal(existsSync(join(run.run, 'coordinator.json')), false, 'nobody is to succeed it');
  assert.doesNotMatch(run.err, /Debugger listening/);
  assert.doesNotMatch(await readFile(join(run.run, 'logs', 'student-0.log'), 'utf8'), /Debugger listening/);
});

test('SIGHUP to the head alone also ends its roles, after a checkpoint', async () => {
  const run = new LiveRun({ recipe, run: inFolder('head-alone'), sets: ['roles.ranks=2'] });
  await run.savedAfter(0);
  const roles = run.roles();
  assert.equal(roles.length, 2);
  run.child.kill('SIGHUP');
  assert.equal(await run.ended(), 129, run.err);
  assert.equal(run.saved().at(-1), run.lastStep());
  assert.deepEqual(roles.filter(isAlive), []);
});

test('a run started by nohup survives SIGHUP with all its roles', async () => {
  const run = new LiveRun({ recipe, run: inFolder('nohup'), brine: ['nohup', command] });
  await run.savedAfter(0);
  run.signalAll('SIGHUP');
  await run.savedAfter(run.lastStep() + 20);
  assert.equal(run.roles().filter(isAlive).length, 1);
  run.signalAll('SIGTERM');
  assert.equal(await run.ended(), 143, run.err);
  assert.equal(run.saved().at(-1), run.lastStep());
});

test('a signal repeated at once, as npm forwards Ctrl-C, counts once', async () => {
  const run = new LiveRun({ recipe, run: inFolder('twice') });
  await run.savedAfter(0);
  run.signalAll('SIGINT');
  run.signalAll('SIGINT');
  assert.equal(await run.ended(), 130, run.err);
  assert.equal(run.saved().at(-1), run.lastStep());
});

test('recognises a process started by nohup', () => {
  const none = { environment: {}, parentStatus: '', standardInput: '' };
  const status = (mask: string) => `Name:\tbash\nSigIgn:\t${mask}\nSigCgt:\t0000000000000001\n`;
  assert.equal(wasStartedByNohup(none), false);
  assert.equal(wasStartedByNohup({ ...none, environment: { BRINE_NOHUP: '1' } }), true);
  assert.equal(wasStartedByNohup({ ...none, environment: { _: '/usr/bin/nohup' } }), true);
  assert.equal(wasStartedByNohup({ ...none, environment: { BRINE_NOHUP: '0', _: '/usr/bin/nohup' } }), false);
  assert.equal(wasStartedByNohup({ ...none, environment: { _: '/usr/bin/node' } }), false);
  assert.equal(
    wasStartedByNohup({ ...none, standardInput: 'pos:\t0\nflags:\t0100001\nmnt_id:\t29\n' }),
    true,
  );
  assert.equal(
    wasStartedByNohup({ ...none, standardInput: 'pos:\t0\nflags:\t0100000\nmnt_id:\t29\n' }),
    false,
  );
  assert.equal(wasStartedByNohup({ ...none, parentStatus: status('0000000000000001') }), true);
  assert.equal(wasStartedByNohup({ ...none, parentStatus: status('0000000000001000') }), false);
});

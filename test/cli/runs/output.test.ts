/** Standard output and standard error that are closed, full, or lost while a command runs. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LiveRun, main, RunFiles, smallRecipe } from '../live-run.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-output-'));
after(() => rm(folder, { recursive: true, force: true }));
const recipe = await smallRecipe(folder, 300);

/** The run came to its end, as if nothing had happened. */
async function reachesItsEnd(run: LiveRun): Promise<void> {
  assert.equal(await run.ended(), 0, run.err);
  assert.equal(run.saved().at(-1), 300);
  assert.equal(existsSync(join(run.run, 'coordinator.json')), false);
}

test('a run completes when the reader of its output exits', async () => {
  const run = new LiveRun({ recipe, run: join(folder, 'reader') });
  await once(run.child.stdout!, 'data');
  run.child.stdout!.destroy();
  run.child.stderr!.destroy();
  await reachesItsEnd(run);
});

test('a run completes when the disk under its output is full', async () => {
  const full = openSync('/dev/full', 'w');
  await reachesItsEnd(new LiveRun({ recipe, run: join(folder, 'full'), stdio: ['ignore', full, full] }));
});

test('a run completes when its terminal closes without SIGHUP', async () => {
  const run = join(folder, 'terminal');
  // script(1) gives the command a terminal of its own; killed, it takes the terminal away.
  const words = `exec "${process.execPath}" "${main}" train "${recipe}" --set run=${run} --set "plan.0.plain=600 steps"`;
  const terminal = spawn('script', ['-qec', `trap '' HUP; ${words}`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, BRINE_NOHUP: '1' },
  });
  const live = new RunFiles(run);
  await live.savedAfter(0);
  terminal.kill('SIGKILL');
  await live.savedAfter(599);
  await live.left();
});

test('a command whose reader exits succeeds without a stack trace; on a full disk it fails with an error', async () => {
  const piped = await shell(`"${process.execPath}" "${main}" doctor | head -c 1; echo " \${PIPESTATUS[0]}"`);
  assert.deepEqual([piped.out.split(' ').at(-1), piped.err], ['0\n', '']);
  const full = await shell(`"${process.execPath}" "${main}" doctor > /dev/full; echo $?`);
  assert.match(
    full.err,
    /^error FILE_UNWRITABLE: cannot write the result to standard output: ENOSPC\nhint: /,
  );
  assert.equal(full.out, '1\n');
});

function shell(script: string): Promise<{ out: string; err: string }> {
  return new Promise((resolve) => {
    execFile('bash', ['-c', script], { cwd: folder }, (_, out, err) => resolve({ out, err }));
  });
}

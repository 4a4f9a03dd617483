import assert from 'node:assert/strict';
import { on } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type RoleProcess, spawnRole } from '../../../src/launch/processes/spawn.ts';
import { ProcessSupervisor } from '../../../src/launch/processes/process-supervisor.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-spawn-'));
after(() => rm(folder, { recursive: true, force: true }));

function start(name: string, script: string): Promise<RoleProcess> {
  const spec = {
    id: { role: 'student', rank: 0 } as const,
    name,
    command: [process.execPath, '-e', script],
    environment: { BRINE_TEST: 'yes' },
  };
  return spawnRole(spec, { log: join(folder, 'logs', `${name}.log`), environment: {} });
}

/** Resolves when the log contains the word; rejects after half a minute. */
async function logged(log: string, word: string): Promise<void> {
  const watcher = watch(log);
  const changes = on(watcher, 'change', { signal: AbortSignal.timeout(30_000) });
  try {
    while (!(await readFile(log, 'utf8')).includes(word)) await changes.next();
  } finally {
    watcher.close();
  }
}

test('a role gets its environment, and its output goes to its log', async () => {
  const child = await start('prints', 'console.log(process.env.BRINE_TEST); console.error("oh")');
  assert.deepEqual(await child.gone, { how: 'exited with code 0', obeyed: false, succeeded: true });
  assert.equal(await readFile(child.log, 'utf8'), 'yes\noh\n');
});

test('reports the exit code or signal of a process', async () => {
  assert.deepEqual(await (await start('code', 'process.exit(3)')).gone, {
    how: 'exited with code 3',
    obeyed: false,
    succeeded: false,
  });
  const killed = await start('killed', 'process.kill(process.pid, "SIGKILL")');
  assert.deepEqual(await killed.gone, { how: 'was killed by SIGKILL', obeyed: false, succeeded: false });
});

test('a process that ignores SIGTERM is killed', async () => {
  const child = await start(
    'deaf',
    'process.on("SIGTERM", () => 0); console.log("ready"); setInterval(() => 0, 1000)',
  );
  await logged(child.log, 'ready');
  await child.end(50);
  assert.deepEqual(await child.gone, { how: 'was killed by SIGKILL', obeyed: false, succeeded: false });
});

test('a program that does not exist is named in the error', async () => {
  const spec = {
    id: { role: 'cache', rank: 0 } as const,
    name: 'cache',
    command: [join(folder, 'no-such-program')],
    environment: {},
  };
  await assert.rejects(spawnRole(spec, { log: join(folder, 'x.log'), environment: {} }), {
    code: 'ROLE_FAILED',
    message: /no-such-program/,
  });
});

test('an impatient end terminates roles at once', { timeout: 10_000 }, async () => {
  const script = 'setInterval(() => 0, 1000)';
  const id = { role: 'student', rank: 0 } as const;
  const spec = { id, name: 'student-0', command: [process.execPath, '-e', script], environment: {} };
  const logOf = (name: string) => join(folder, 'logs', `${name}.log`);
  const supervisor = new ProcessSupervisor({ specs: [spec], environment: {}, logOf, lost: () => undefined });
  await supervisor.start(spec);
  await supervisor.end({ patiently: false });
});

test('killing a role that has exited reports its exit again', { timeout: 10_000 }, async () => {
  const id = { role: 'student', rank: 0 } as const;
  const spec = {
    id,
    name: 'student-0',
    command: [process.execPath, '-e', 'process.exit(3)'],
    environment: {},
  };
  const reports: string[] = [];
  let reported = () => undefined as void;
  const supervisor = new ProcessSupervisor({
    specs: [spec],
    environment: {},
    logOf: (name) => join(folder, 'logs', `${name}.log`),
    lost: ({ how }) => {
      reports.push(how);
      reported();
    },
  });
  const exited = new Promise<void>((resolve) => (reported = resolve));
  await supervisor.start(spec);
  await exited;
  supervisor.kill(id);
  assert.deepEqual(reports, ['exited with code 3', 'exited with code 3']);
  await supervisor.end();
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from '../../src/launch/launch.ts';
import type { RoleSpec } from '../../src/launch/processes/roles.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';

const program = fileURLToPath(new URL('../support/runs/role-process.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'brine-launch-'));
const transport = zmqTransport();
after(async () => {
  await transport.close();
  await rm(folder, { recursive: true, force: true });
});

type Behaviour = 'works' | 'waits' | 'dies' | 'leaves' | 'deaf';

function start(name: string, behaviours: Behaviour[], signal?: AbortSignal) {
  const roles = (coordinator: string): RoleSpec[] =>
    behaviours.map((behaviour, rank) => ({
      id: { role: 'student', rank },
      name: `student-${rank}`,
      command: [process.execPath, program, 'student', String(rank), coordinator, behaviour],
      environment: { SAID: `hello ${rank}` },
    }));
  return launch({
    transport,
    run: 'run-1',
    joinWithinMs: 30_000,
    generation: 1,
    environment: {},
    roles,
    logOf: (role) => join(folder, name, `${role}.log`),
    signal,
  });
}

test('processes join, work and exit, and launch returns their results', async () => {
  const results = await start('works', ['works', 'works']);
  assert.deepEqual(results.get('student-1'), { numbers: { peers: 2 }, words: { environment: 'hello 1' } });
});

test('when one process is killed, the others are stopped with its error and exit', async () => {
  await assert.rejects(start('killed', ['waits', 'dies']), {
    code: 'ROLE_FAILED',
    message: 'student-1 was killed by SIGKILL',
    hint: /student-1\.log/,
  });
  const log = await readFile(join(folder, 'killed', 'student-0.log'), 'utf8');
  assert.match(log, /^student-0 was stopped: student-1: student-1 was killed by SIGKILL$/m);
});

test('a process that exits before it joins ends the run at once', async () => {
  await assert.rejects(start('leaves', ['leaves', 'waits']), {
    code: 'ROLE_FAILED',
    message: 'student-0 exited with code 3',
  });
});

test('an interrupted run leaves no process', async () => {
  const abort = new AbortController();
  const run = start('interrupted', ['waits', 'waits'], abort.signal);
  abort.abort();
  await assert.rejects(run, { code: 'CANCELLED' });
});

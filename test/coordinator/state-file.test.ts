/** What is read of the stateFile that a dead head has left. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RoleId } from '../../src/control/messages.ts';
import { predecessorOf, type CoordinatorState } from '../../src/coordinator/state-file.ts';
import { ownProcess, type ProcessName } from '../../src/base/process/process-identity.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-stateFile-'));
after(() => rm(folder, { recursive: true, force: true }));
const path = join(folder, 'coordinator.json');

const STUDENT: RoleId = { role: 'student', rank: 0 };
/** Its number is this process's, which began at another time. */
const GONE: ProcessName = { pid: process.pid, began: 'before' };

/** The stateFile of a head that is gone, with this process as its one student or with none that lives. */
async function leave(student: ProcessName): Promise<CoordinatorState> {
  const stateFile: CoordinatorState = {
    format: 'brine-coordinator-1',
    run: 'run-1',
    endpoint: 'tcp://10.0.0.1:29400',
    head: GONE,
    generation: 7,
    ringOrder: [0],
    excused: [],
    expected: ['student-0', 'node-1'],
    roles: [{ ...STUDENT, ...student, endpoint: '', state: '' }],
    restarts: {},
  };
  await writeFile(path, JSON.stringify(stateFile));
  return stateFile;
}

const two = { run: 'run-1', expected: [STUDENT, { role: 'node', rank: 1 } as const], nodes: 2 };

test('a run of several machines goes on from the stateFile, whoever lives', async () => {
  for (const student of [GONE, ownProcess()]) {
    const stateFile = await leave(student);
    assert.deepEqual(await predecessorOf(path, { ...two, port: 29400 }), stateFile);
  }
});

test('where the head serves at another port now, those that live elsewhere cannot find it: the stateFile says nothing', async () => {
  await leave(GONE);
  assert.equal(await predecessorOf(path, { ...two, port: 29401 }), undefined);
});

test('while one lives here that looks for the head at another port, the run is not begun anew', async () => {
  await leave(ownProcess());
  await assert.rejects(predecessorOf(path, { ...two, port: 29401 }), {
    code: 'CONFIG_INVALID',
    message: /look for its head at tcp:\/\/10\.0\.0\.1:29400/,
  });
});

test('on one machine a stateFile of which nobody lives says nothing', async () => {
  const stateFile = await leave(GONE);
  const one = { ...two, nodes: 1, port: undefined };
  assert.equal(await predecessorOf(path, one), undefined);
  await writeFile(path, JSON.stringify({ ...stateFile, head: ownProcess() }));
  await assert.rejects(predecessorOf(path, one), { code: 'ADDRESS_IN_USE' });
});

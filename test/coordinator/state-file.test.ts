/** Reading the coordinator state file of a dead head. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RoleId } from '../../src/control/messages.ts';
import {
  predecessorOf,
  readCoordinatorState,
  type CoordinatorState,
  type ResumedRun,
} from '../../src/coordinator/state-file.ts';
import { ownProcess, type ProcessName } from '../../src/base/process/process-identity.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-stateFile-'));
after(() => rm(folder, { recursive: true, force: true }));
const path = join(folder, 'coordinator.json');

const predecessor = async (run: ResumedRun) => predecessorOf(await readCoordinatorState(path), run);

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

test('a run on several machines takes over the state file, whichever processes are alive', async () => {
  for (const student of [GONE, ownProcess()]) {
    const stateFile = await leave(student);
    assert.deepEqual(await predecessor({ ...two, port: 29400 }), stateFile);
  }
});

test('the state file is ignored when the head has another port and no process here is alive', async () => {
  await leave(GONE);
  assert.equal(await predecessor({ ...two, port: 29401 }), undefined);
});

test('a run is refused while a live process here expects the head at another port', async () => {
  await leave(ownProcess());
  await assert.rejects(predecessor({ ...two, port: 29401 }), {
    code: 'CONFIG_INVALID',
    message: /expect its head at tcp:\/\/10\.0\.0\.1:29400/,
  });
});

test('on one machine, a state file with no live processes is ignored', async () => {
  const stateFile = await leave(GONE);
  const one = { ...two, nodes: 1, port: undefined };
  assert.equal(await predecessor(one), undefined);
  await writeFile(path, JSON.stringify({ ...stateFile, head: ownProcess() }));
  await assert.rejects(predecessor(one), { code: 'ADDRESS_IN_USE' });
});

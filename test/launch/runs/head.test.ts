/**
 * Coordinator failover: when the head dies, its processes continue, and under a new head the result
 * is bit-identical.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readMetrics } from '../../../src/report/metrics.ts';
import { adoptProcess } from '../../../src/launch/processes/adopted.ts';
import type { CoordinatorEvent } from '../../../src/control/coordinator-events.ts';
import { readCoordinatorState, type CoordinatorState } from '../../../src/coordinator/state-file.ts';
import { isAlive } from '../../../src/base/process/process-identity.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { train, type RunEvent, type TrainResult } from '../../../src/launch/train.ts';
import { listCheckpoints } from '../../../src/student/checkpoint/checkpoint.ts';
import type { HeadOrder } from '../../support/runs/head-process.ts';

const brine = [process.execPath, fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url))];
const headProgram = fileURLToPath(new URL('../../support/runs/head-process.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'brine-head-'));
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
batch: { rows: 6 }
optimizer: { schedule: { warmup: 2 steps, decay: constant } }
evaluate: { every: 250 steps, rows: 6 }
checkpoint: { every: 5000 steps }
`,
  );
  await writeFile(inFolder('slm.yaml'), 'extends: shared.yaml\nplan: [{ plain: 4 steps }]\n');
  await writeFile(
    inFolder('rkd.yaml'),
    `extends: shared.yaml
teacher: { checkpoint: ${inFolder('slm')} }
labels: { draws: 8 }
roles: { ranks: 2 }
plan: [{ distil: ${STEPS / 2} steps }, { plain: ${STEPS / 2} steps }]
`,
  );
  await run('slm', 'slm');
  undisturbed = await run('rkd', 'undisturbed');
  assert.equal(existsSync(runFolder(inFolder('undisturbed')).stateFile), false);
});

interface Settings {
  readonly sets?: readonly string[];
  readonly resume?: boolean;
  readonly observe?: (event: RunEvent) => void;
}

async function run(recipe: string, name: string, { sets = [], resume = false, observe }: Settings = {}) {
  return train({
    recipe: await readRecipe(inFolder(`${recipe}.yaml`), [`run=${inFolder(name)}`, ...sets]),
    brine,
    environment: process.env,
    resume,
    ...(observe && { observe }),
  });
}

/**
 * Runs a head as a separate process, kills it when it reports the given step, and returns what it
 * leaves behind.
 */
async function killedHead(name: string, { atStep, sets = [] }: { atStep: number; sets?: string[] }) {
  const order: HeadOrder = {
    recipe: inFolder('rkd.yaml'),
    sets: [`run=${inFolder(name)}`, ...sets],
    brine,
    resume: false,
  };
  const head = spawn(process.execPath, [headProgram, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(head, 'exit');
  for await (const line of createInterface({ input: head.stdout })) {
    const { step = 0 } = JSON.parse(line) as { step?: number };
    if (step >= atStep) head.kill('SIGKILL');
  }
  assert.deepEqual(await gone, [null, 'SIGKILL']);
  const stateFile = await readCoordinatorState(runFolder(inFolder(name)).stateFile);
  assert.ok(stateFile);
  return stateFile;
}

async function allGone({ roles }: CoordinatorState): Promise<void> {
  await Promise.all(
    roles.map(({ role, rank, ...name }) => {
      const spec = { id: { role, rank }, name: '', command: [], environment: {} };
      return adoptProcess(name, { spec, log: '' }).gone;
    }),
  );
}

/**
 * Checks that every step of any rank is equal to that of the undisturbed run, and that no step is
 * missing.
 */
async function sameSteps(name: string): Promise<void> {
  const stepsOf = async (of: string) => {
    const all = await Promise.all(
      [0, 1].map((rank) => readMetrics(inFolder(`${of}/metrics/student-${rank}.jsonl`))),
    );
    return all.map((lines) =>
      lines.flatMap(({ event, step, loss }) => (event === 'step' ? [[step, loss]] : [])),
    );
  };
  assert.deepEqual(await stepsOf(name), await stepsOf('undisturbed'));
}

function succession() {
  const events: CoordinatorEvent[] = [];
  const observe = (event: RunEvent) => {
    if (event.kind === 'event') events.push(event.event);
  };
  return { observe, events };
}

test('a killed head is restarted, and the run ends like an undisturbed one', async () => {
  const stateFile = await killedHead('again', { atStep: 50 });
  assert.equal(stateFile.roles.filter(isAlive).length, 4);
  const { observe, events } = succession();
  const result = await run('rkd', 'again', { resume: true, observe });
  const succeeded = events.filter(({ kind }) => kind === 'succeeded');
  assert.deepEqual(succeeded, [{ kind: 'succeeded', adopted: 4, missing: [] }]);
  assert.equal(events.filter(({ kind }) => kind === 'replaced' || kind === 'ringFormed').length, 0);
  assert.equal(result.parameters, undisturbed.parameters);
  await sameSteps('again');
  assert.equal(stateFile.roles.filter(isAlive).length, 0);
  assert.equal(existsSync(runFolder(inFolder('again')).stateFile), false);
});

test('a rank, the cache and the teacher that die without a head are replaced by the next head', async () => {
  const stateFile = await killedHead('many', { atStep: 50 });
  for (const { role, rank, pid } of stateFile.roles)
    if (role !== 'student' || rank === 1) process.kill(pid, 'SIGKILL');
  const { observe, events } = succession();
  const result = await run('rkd', 'many', { resume: true, observe });
  const names = events.flatMap((event) => (event.kind === 'replaced' ? [event.name] : []));
  assert.deepEqual(names.toSorted(), ['cache', 'student-1', 'teacher-0']);
  assert.equal(events.filter(({ kind }) => kind === 'ringFormed').length, 1);
  assert.equal(result.parameters, undisturbed.parameters);
  assert.deepEqual(new Set(result.parameterHashes), new Set([undisturbed.parameters]));
});

test('without a new head all processes save and exit, and the run resumes from that checkpoint', async () => {
  const sets = ['roles.headless=0.5 s', 'student.seed=1'];
  const stateFile = await killedHead('alone', { atStep: 50, sets });
  await allGone(stateFile);
  const [saved] = await listCheckpoints(runFolder(inFolder('alone')).checkpoints);
  assert.ok(saved && saved.step > 50, `saved at ${saved?.step}`);
  for (const rank of [0, 1])
    assert.match(
      await readFile(inFolder(`alone/logs/student-${rank}.log`), 'utf8'),
      /without a coordinator|done/,
    );
  const result = await run('rkd', 'alone', { resume: true, sets });
  assert.equal(result.parameters, undisturbed.parameters);
});

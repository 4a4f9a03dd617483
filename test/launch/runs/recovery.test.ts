/**
 * Processes that die, that get SIGTERM, or whose head dies during a run: no step is lost, and the result is
 * bit-identical.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { BrineError } from '../../../src/base/errors.ts';
import { isAlive } from '../../../src/base/process/process-identity.ts';
import { readMetrics } from '../../../src/report/metrics.ts';
import type { RunEvent, TrainResult } from '../../../src/launch/train.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { listCheckpoints } from '../../../src/student/checkpoint/checkpoint.ts';
import { RunProcesses } from '../../../scripts/soak/run-processes.ts';
import { allGone, killedHead } from '../../support/runs/killed-head.ts';
import { BRINE, smallRuns } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
after(() => runs.remove());

const STEPS = 240;
const recipe = 'ranks.yaml';
let undisturbed: TrainResult;

before(async () => {
  await runs.teacher();
  await runs.recipe(
    recipe,
    `batch: { rows: 4 }
optimizer: { adamw: { clip: 1e30 } }
evaluate: { every: 120 steps, rows: 6 }
checkpoint: { every: 60 steps }
teacher: { checkpoint: ${runs.in('teacher')} }
labels: { draws: 8, ahead: 64 }
roles: { ranks: 2 }
plan: [{ distil: ${STEPS} steps }]
`,
  );
  undisturbed = await runs.run('undisturbed', { recipe });
  assert.equal(existsSync(runFolder(runs.in('undisturbed')).stateFile), false);
});

/** A signal to a process, sent once: after the given step, and after the given number of new rings. */
interface Blow {
  readonly name: string;
  readonly signal: NodeJS.Signals;
  readonly afterStep?: number;
  readonly afterRings?: number;
}

/** Observes a run and signals its processes. */
function strike(blows: readonly Blow[]) {
  const processes = new RunProcesses();
  const left = new Set(blows);
  const observe = (event: RunEvent) => {
    processes.see(event);
    for (const blow of left) {
      const { name, signal, afterStep = 0, afterRings = 0 } = blow;
      if (processes.step <= afterStep || processes.rings.length < afterRings) continue;
      left.delete(blow);
      processes.signal(name, signal);
    }
  };
  const died = (name: string) => processes.replaced.includes(`${name} was killed by SIGKILL`);
  return { observe, processes, died };
}

const kill = (name: string, afterRings = 0): Blow => ({ name, signal: 'SIGKILL', afterRings });

/** The loss and the hash of the labels that each rank reports for each step. */
async function stepsOf(name: string): Promise<Map<number, string>[]> {
  return Promise.all(
    [0, 1].map(async (rank) => {
      const lines = await readMetrics(runs.in(`${name}/metrics/student-${rank}.jsonl`));
      const steps = lines.filter(({ event }) => event === 'step');
      return new Map(steps.map((line) => [line.step!, `${String(line['loss'])} ${String(line['labels'])}`]));
    }),
  );
}

/**
 * Checks that every written line equals that of the undisturbed run. The last lines of a killed
 * rank may be missing.
 */
async function sameSteps(name: string): Promise<void> {
  const [own, expected] = [await stepsOf(name), await stepsOf('undisturbed')];
  for (const [rank, lines] of own.entries())
    for (const [step, line] of lines) assert.equal(line, expected[rank]!.get(step), `${rank} at ${step}`);
  for (const step of expected[0]!.keys())
    assert.ok(
      own.some((lines) => lines.has(step)),
      `step ${step}`,
    );
}

function sameResult(result: TrainResult): void {
  assert.equal(result.parameters, undisturbed.parameters);
  assert.deepEqual(new Set(result.parameterHashes), new Set([undisturbed.parameters]));
}

test('with a sharded optimizer, all ranks restart from the latest checkpoint, and the result is the same', async () => {
  const { observe, processes, died } = strike([kill('student-1')]);
  const result = await runs.run('shares', { recipe, sets: ['roles.shardOptimizer=true'], observe });
  assert.ok(died('student-1') && died('student-0'));
  assert.equal(processes.rings.length, 1);
  sameResult(result);
});

test('without restarts, the exit of a rank ends the run with an error that names the rank', async () => {
  const { observe } = strike([kill('student-1')]);
  const sets = ['roles.ranks=2', 'roles.restarts=0', 'plan=[{ plain: 100000 steps }]'];
  await assert.rejects(runs.run('never', { sets, observe }), {
    code: 'ROLE_FAILED',
    message: /student-1 was killed by SIGKILL/,
  });
  assert.match(
    await readFile(runs.in('never/logs/student-0.log'), 'utf8'),
    /student-1 was killed by SIGKILL/,
  );
});

/** Starts every role in a shell that records its exit code. */
const RECORDING = [
  '/bin/sh',
  '-c',
  `"$0" "$@"; code=$?; echo "$3 $5 $code" >> ${runs.in('codes')}; exit $code`,
  ...BRINE,
];

async function codesOf(work: () => Promise<void>): Promise<string[]> {
  await rm(runs.in('codes'), { force: true });
  await work();
  return (await readFile(runs.in('codes'), 'utf8')).trim().split('\n').toSorted();
}

test('a run survives SIGTERM to a student, the loss of its head without a new one, and then SIGTERM to teacher and cache', async () => {
  const drained = strike([{ name: 'student-1', signal: 'SIGTERM' }]);
  let step = 0;
  const stopped = await codesOf(() =>
    assert.rejects(
      runs.run('drained', { recipe, brine: RECORDING, observe: drained.observe }),
      (error: BrineError) => {
        assert.equal(error.code, 'CANCELLED');
        step = Number(/stopped after step (\d+), which is saved/.exec(error.message)?.[1]);
        return true;
      },
    ),
  );
  assert.ok(step > 0 && step < STEPS, `step ${step}`);
  assert.equal(await lastSaved('drained'), step);
  assert.ok(stopped.includes('student 1 0'), stopped.join());

  const sets = ['roles.headless=0.5 s'];
  const { state } = await killedHead(runs, 'drained', {
    recipe,
    sets,
    resume: true,
    when: (trained) => trained > step,
  });
  await allGone(state);
  assert.ok((await lastSaved('drained')) > step, 'without a head, the processes save and exit');
  for (const rank of [0, 1])
    assert.match(
      await readFile(runs.in(`drained/logs/student-${rank}.log`), 'utf8'),
      /without a coordinator|done/,
    );

  const afterStep = await lastSaved('drained');
  const left = strike(['teacher-0', 'cache'].map((name) => ({ name, signal: 'SIGTERM' as const, afterStep })));
  const ended = await codesOf(async () => {
    const { observe } = left;
    sameResult(await runs.run('drained', { recipe, sets, brine: RECORDING, observe, resume: true }));
  });
  assert.deepEqual(left.processes.replaced.toSorted(), ['cache has left', 'teacher-0 has left']);
  assert.equal(left.processes.rings.length, 0, 'the students keep their ring');
  assert.deepEqual(ended, [
    'cache 0 0',
    'cache 0 0',
    'student 0 0',
    'student 1 0',
    'teacher 0 0',
    'teacher 0 0',
  ]);
});

const lastSaved = async (name: string) =>
  (await listCheckpoints(runFolder(runs.in(name)).checkpoints)).at(-1)!.step;

test('a head that is killed twice has successors, which replace a rank, the cache and the teacher that died without a head, and then another rank', async () => {
  const first = await killedHead(runs, 'heads', { recipe, when: (step) => step >= 30 });
  assert.equal(first.state.roles.filter(isAlive).length, 4);
  const second = await killedHead(runs, 'heads', {
    recipe,
    resume: true,
    when: (_, events) => events.some(({ kind }) => kind === 'succeeded'),
  });
  const changes = second.events.filter(({ kind }) => kind !== 'opened' && kind !== 'joined');
  assert.deepEqual(changes, [{ kind: 'succeeded', adopted: 4, missing: [] }]);
  for (const { role, rank, pid } of second.state.roles)
    if (role !== 'student' || rank === 1) process.kill(pid, 'SIGKILL');
  const { observe, processes } = strike([kill('student-0', 1)]);
  const result = await runs.run('heads', { recipe, resume: true, observe });
  const names = processes.replaced.map((text) => text.split(' ')[0]);
  assert.deepEqual(new Set(names), new Set(['cache', 'student-0', 'student-1', 'teacher-0']));
  assert.ok(processes.rings.length >= 2);
  sameResult(result);
  await sameSteps('heads');
  assert.equal(second.state.roles.filter(isAlive).length, 0);
  assert.equal(existsSync(runFolder(runs.in('heads')).stateFile), false);
});

/** Runs that adapt to their teacher: they leave it early, and recover around that time. */
import assert from 'node:assert/strict';
import { readFileSync, watch } from 'node:fs';
import { after, before, test } from 'node:test';
import { RunProcesses } from '../../../scripts/soak/run-processes.ts';
import type { RunEvent, TrainResult } from '../../../src/launch/train.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { readMetrics, type MetricsLine } from '../../../src/report/metrics.ts';
import { listCheckpoints } from '../../../src/student/checkpoint/checkpoint.ts';
import { smallRuns } from '../../support/runs/small-runs.ts';

const [STEPS, FADE, ROWS] = [160, 140, 4];

const runs = await smallRuns();
after(() => runs.remove());
const recipe = 'leaving.yaml';
const replay = runs.in('labels');

let undisturbed: TrainResult;
/** After how many steps the undisturbed run left its teacher. */
let left: number;

before(async () => {
  await runs.teacher({ initializerRange: 0.3 });
  // The student is better than its biased teacher at the start, and by the margin in mid-run.
  await runs.recipe(
    recipe,
    `teacher: { checkpoint: ${runs.in('teacher')} }
labels: { draws: 8, folder: ${replay} }
optimizer: { adamw: { rate: 4e-3 } }
evaluate: { every: 12 steps, rows: 6 }
checkpoint: { every: 1000 steps }
roles: { ranks: 2 }
plan:
  - distil: ${STEPS} steps
    listen: { rule: bias-variance, unit: 10 steps }
    leave: { when: held-out, margin: 1.5, over: ${FADE / STEPS} }
`,
  );
  undisturbed = await runs.run('undisturbed', { recipe });
  const lines = await readMetrics(metricsOf('undisturbed'));
  const steps = lines.filter(({ event }) => event === 'step');
  const [full, ...weights] = steps.map(({ weight }) => Number(weight));
  left = weights.findIndex((weight) => weight < full!);
  const shares = steps.map(({ teacherShare }) => Number(teacherShare));
  assert.ok(shares[left]! < 0.95 * shares[0]!, 'the listening rule lowers the share of the teacher');
});

const metricsOf = (name: string) => runFolder(runs.in(name)).metrics('student-0');

/** Calls `act` once, as soon as rank 0 of a run has recorded a line that fits. */
function onLine(name: string, fits: (line: MetricsLine) => boolean, act: () => void): void {
  const watcher = watch(metricsOf(name), { persistent: false }, () => {
    const whole = readFileSync(metricsOf(name), 'utf8').split('\n').slice(0, -1);
    if (!whole.some((text) => fits(JSON.parse(text) as MetricsLine))) return;
    watcher.close();
    act();
  });
}

const isStep = (trained: number) => ({ event, step }: MetricsLine) => event === 'step' && step === trained;

/** What a step determines, with its number: the steps of all ranks of a run. */
async function stepsOf(name: string): Promise<[number, string][]> {
  const folder = runFolder(runs.in(name));
  const lines = await Promise.all([0, 1].map((rank) => readMetrics(folder.metrics(`student-${rank}`))));
  const steps = lines.flat().filter(({ event }) => event === 'step');
  return steps.map(({ step, loss, weight }) => [step!, `loss ${loss}, weight ${weight}`]);
}

test('a run leaves its teacher in mid-run, and uses no labels after the fade', () => {
  assert.ok(left > 0 && left + FADE < STEPS, `left after step ${left}`);
  assert.equal(undisturbed.labels.rowsUsed, (left + FADE) * ROWS);
});

test('a replay without a teacher, whose rank is killed as it leaves the teacher, and which is stopped in its fade and resumed, ends with the same parameters', async () => {
  const processes = new RunProcesses();
  const stop = new AbortController();
  const observe = (event: RunEvent) => {
    processes.see(event);
    if (event.kind !== 'event') return;
    if (event.event.kind === 'started') {
      // No evaluation follows soon, so the new rank can know what was decided only from the other one.
      onLine('disturbed', isStep(left + 2), () => processes.signal('student-1', 'SIGKILL'));
    }
    if (event.event.kind === 'ringFormed') {
      onLine('disturbed', isStep(event.event.step + 4), () => stop.abort());
    }
  };
  const disturbed = runs.run('disturbed', { recipe, replay, observe, signal: stop.signal });
  await assert.rejects(disturbed, { code: 'CANCELLED' });
  assert.deepEqual(processes.replaced, ['student-1 was killed by SIGKILL']);
  const [saved] = await listCheckpoints(runFolder(runs.in('disturbed')).checkpoints);
  const [ring] = processes.rings;
  assert.ok(ring!.step > left && saved!.step >= ring!.step + 4, `ring at ${ring!.step}, stop at ${saved!.step}`);
  assert.ok(saved!.step < left + FADE, `stopped after step ${saved!.step}, when the fade has ended`);
  const expected = new Map(await stepsOf('undisturbed'));
  for (const [step, result] of await stepsOf('disturbed'))
    assert.equal(result, expected.get(step), `step ${step}; left after ${left}, killed at ${ring!.step}`);

  const resumed = await runs.run('disturbed', { recipe, replay, resume: true });
  assert.equal(resumed.firstStep, saved!.step);
  assert.deepEqual(new Set(resumed.parameterHashes), new Set([undisturbed.parameters]));
});

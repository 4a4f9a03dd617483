/** Processes that die during a run: no step is lost, and the result is bit-identical. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readMetrics } from '../../../src/report/metrics.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { train, type RunEvent, type TrainResult } from '../../../src/launch/train.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'brine-recovery-'));
const inFolder = (name: string) => join(folder, name);
after(() => rm(folder, { recursive: true, force: true }));

const STEPS = 300;
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
evaluate: { every: 100 steps, rows: 6 }
checkpoint: { every: 100 steps }
`,
  );
  await writeFile(inFolder('slm.yaml'), 'extends: shared.yaml\nplan: [{ plain: 4 steps }]\n');
  await writeFile(
    inFolder('rkd.yaml'),
    `extends: shared.yaml
teacher: { checkpoint: ${inFolder('slm')} }
labels: { draws: 8 }
roles: { ranks: 3 }
plan: [{ distil: ${STEPS / 2} steps }, { plain: ${STEPS / 2} steps }]
`,
  );
  await run('slm', 'slm');
  undisturbed = await run('rkd', 'undisturbed');
});

async function run(
  recipe: string,
  name: string,
  more: { sets?: string[]; observe?: (event: RunEvent) => void } = {},
): Promise<TrainResult> {
  return train({
    recipe: await readRecipe(inFolder(`${recipe}.yaml`), [`run=${inFolder(name)}`, ...(more.sets ?? [])]),
    brine: [process.execPath, main],
    environment: process.env,
    resume: false,
    ...(more.observe && { observe: more.observe }),
  });
}

/** Kills each role once: at the first reported step, or after the given number of new rings. */
function killer(victims: readonly (readonly [role: string, afterRings: number])[]) {
  const deaths: string[] = [];
  const pids = new Map<string, number>();
  const left = new Map(victims);
  let rings = 0;
  const observe = (event: RunEvent) => {
    if (event.kind === 'event') {
      const own = event.event;
      if (own.kind === 'joined') pids.set(own.name, own.pid);
      if (own.kind === 'replaced') deaths.push(`${own.name} ${own.why}`);
      if (own.kind === 'ringFormed') rings += 1;
    }
    const steps = event.kind === 'snapshot' ? (event.snapshot.students?.step ?? 0) : 0;
    for (const [role, afterRings] of left) {
      if (rings < afterRings || (afterRings === 0 && steps === 0)) continue;
      left.delete(role);
      process.kill(pids.get(role)!, 'SIGKILL');
    }
  };
  return { observe, died: (role: string) => deaths.includes(`${role} was killed by SIGKILL`), rings: () => rings };
}

/** The loss and the hash of the labels that each rank reports for each step. */
async function stepsOf(name: string): Promise<Map<number, string>[]> {
  return Promise.all(
    [0, 1, 2].map(async (rank) => {
      const lines = await readMetrics(inFolder(`${name}/metrics/student-${rank}.jsonl`));
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

test('with a sharded optimizer, all ranks restart from the latest checkpoint, and the result is the same', async () => {
  const sets = ['roles.shardOptimizer=true', 'optimizer.adamw.clip=1e30'];
  const whole = await run('rkd', 'whole', { sets: ['optimizer.adamw.clip=1e30'] });
  const { observe, died, rings } = killer([['student-1', 0]]);
  const result = await run('rkd', 'shares', { sets, observe });
  assert.ok(died('student-1') && died('student-0') && died('student-2'));
  assert.equal(rings(), 1);
  assert.equal(result.parameters, whole.parameters);
  assert.deepEqual(new Set(result.parameterHashes), new Set([whole.parameters]));
});

test('killed ranks are replaced, and the run ends like an undisturbed one', async () => {
  const victims = [
    ['student-1', 0],
    ['student-0', 1],
  ] as const;
  const { observe, died, rings } = killer(victims);
  const result = await run('rkd', 'ranks', { observe });
  for (const [role] of victims) assert.ok(died(role), role);
  assert.equal(rings(), 2);
  assert.equal(result.parameters, undisturbed.parameters);
  assert.deepEqual(new Set(result.parameterHashes), new Set([undisturbed.parameters]));
  await sameSteps('ranks');
});

test('teacher and cache are replaced while the students keep their ring', async () => {
  const victims = [
    ['cache', 0],
    ['teacher-0', 0],
  ] as const;
  const { observe, died, rings } = killer(victims);
  const result = await run('rkd', 'labels-lost', { observe });
  for (const [role] of victims) assert.ok(died(role), role);
  assert.equal(rings(), 0);
  assert.equal(result.parameters, undisturbed.parameters);
});

test('a rank, the cache and the teacher may die at the same time', async () => {
  const victims = [
    ['student-2', 0],
    ['cache', 0],
    ['teacher-0', 0],
  ] as const;
  const { observe, died, rings } = killer(victims);
  const result = await run('rkd', 'many', { observe });
  for (const [role] of victims) assert.ok(died(role), role);
  assert.equal(rings(), 1);
  assert.equal(result.parameters, undisturbed.parameters);
});

test('without restarts, the exit of a rank ends the run with an error that names the rank', async () => {
  const { observe } = killer([['student-1', 0]]);
  await assert.rejects(run('rkd', 'never', { sets: ['roles.restarts=0'], observe }), {
    code: 'ROLE_FAILED',
    message: /student-1 was killed by SIGKILL/,
  });
  assert.match(await readFile(inFolder('never/logs/student-0.log'), 'utf8'), /student-1 was killed by SIGKILL/);
});

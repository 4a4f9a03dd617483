/** SIGTERM to single processes of a run, as when their machine is drained. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { BrineError } from '../../../src/base/errors.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { train, type RunEvent, type TrainResult } from '../../../src/launch/train.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'brine-drain-'));
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
batch: { rows: 4 }
optimizer: { schedule: { warmup: 2 steps, decay: constant } }
evaluate: { every: 200 steps, rows: 6 }
checkpoint: { every: ${STEPS} steps }
`,
  );
  await writeFile(inFolder('slm.yaml'), 'extends: shared.yaml\nplan: [{ plain: 4 steps }]\n');
  await writeFile(
    inFolder('rkd.yaml'),
    `extends: shared.yaml
teacher: { checkpoint: ${inFolder('slm')} }
labels: { draws: 8, ahead: 64 }
roles: { ranks: 2 }
plan: [{ distil: ${STEPS} steps }]
`,
  );
  await run('slm', 'slm');
  undisturbed = await run('rkd', 'undisturbed');
});

/** Runs every role in a shell that records its exit code. */
const SHELL = ['/bin/sh', '-c', `"$0" "$@"; code=$?; echo "$3 $5 $code" >> ${inFolder('codes')}; exit $code`];

async function run(
  recipe: string,
  name: string,
  { observe, resume = false }: { observe?: (event: RunEvent) => void; resume?: boolean } = {},
): Promise<TrainResult> {
  return train({
    recipe: await readRecipe(inFolder(`${recipe}.yaml`), [`run=${inFolder(name)}`]),
    brine: [...SHELL, process.execPath, main],
    environment: process.env,
    resume,
    ...(observe && { observe }),
  });
}

/** Sends SIGTERM to these roles once the students train. */
function drain(...names: string[]) {
  const pids = new Map<string, number>();
  const replaced: string[] = [];
  const left = new Set(names);
  const observe = (event: RunEvent) => {
    if (event.kind === 'event' && event.event.kind === 'joined') pids.set(event.event.name, event.event.pid);
    if (event.kind === 'event' && event.event.kind === 'replaced')
      replaced.push(`${event.event.name} ${event.event.why}`);
    if (event.kind !== 'snapshot' || (event.snapshot.students?.step ?? 0) < 1) return;
    for (const name of left) process.kill(pids.get(name)!, 'SIGTERM');
    left.clear();
  };
  return { observe, replaced };
}

async function codesOf(work: () => Promise<void>): Promise<string[]> {
  await rm(inFolder('codes'), { force: true });
  await work();
  return (await readFile(inFolder('codes'), 'utf8')).trim().split('\n').toSorted();
}

test('SIGTERM to a student stops all ranks after a common step, which is saved, and the student exits with 0', async () => {
  let step = 0;
  const codes = await codesOf(() =>
    assert.rejects(run('rkd', 'student', drain('student-1')), (error: BrineError) => {
      assert.equal(error.code, 'CANCELLED');
      step = Number(/stopped after step (\d+), which is saved/.exec(error.message)?.[1]);
      return true;
    }),
  );
  assert.ok(step > 0 && step < STEPS, `step ${step}`);
  assert.deepEqual(await readdir(inFolder('student/checkpoints')), [`step-${step}`]);
  assert.ok(codes.includes('student 1 0'), codes.join());
  const resumed = await run('rkd', 'student', { resume: true });
  assert.equal(resumed.parameters, undisturbed.parameters);
});

test('a teacher and a cache that get SIGTERM exit with 0 and are replaced', async () => {
  const { observe, replaced } = drain('teacher-0', 'cache');
  let result: TrainResult | undefined;
  const codes = await codesOf(async () => {
    result = await run('rkd', 'labels', { observe });
  });
  assert.deepEqual(replaced.toSorted(), ['cache has left', 'teacher-0 has left']);
  assert.equal(result!.parameters, undisturbed.parameters);
  assert.deepEqual(codes, [
    'cache 0 0',
    'cache 0 0',
    'student 0 0',
    'student 1 0',
    'teacher 0 0',
    'teacher 0 0',
  ]);
});

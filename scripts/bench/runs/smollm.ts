/**
 * Uses a label cache with a third-party teacher: a student distils from SmolLM2-135M, a second
 * teacher attaches and fetches the model from the cache, then the run is replayed from the filled
 * cache without a teacher.
 *
 *     npm run -s bench -- smollm --json teacher=runs/smollm2
 *
 * scripts/smollm2.py creates the teacher's folder. Settings: teacher=runs/smollm2 steps=60 out=(a
 * temporary folder).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../../src/base/files/files.ts';
import { scoped } from '../../../src/base/scope.ts';
import { AttachedTeacher } from '../../../src/demo/attached.ts';
import { cacheStats } from '../../../src/cache-tools/stats.ts';
import { sameLabels } from '../../../src/demo/demo-replay.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { train, type TrainResult } from '../../../src/launch/train.ts';
import { round } from '../figures.ts';
import type { BenchOptions } from '../bench.ts';
import { BRINE } from '../brine.ts';

/** Distilled steps after which the second teacher starts. */
const ATTACHED_AT = 0.25;

export async function* bench({ settings }: BenchOptions): AsyncGenerator<Record<string, unknown>> {
  yield await scoped(async (scope) => {
    const out = settings['out'] ?? (await mkdtemp(join(tmpdir(), 'smollm-')));
    if (settings['out'] === undefined) scope.defer(() => rm(out, { recursive: true }));
    const teacher = resolve(settings['teacher'] ?? 'runs/smollm2');
    const steps = Number(settings['steps'] ?? 60);
    const sets = [
      `data.tokenizer=${join(teacher, 'tokenizer.json')}`,
      `data.prepared=${join(out, 'data')}`,
      `teacher.checkpoint=${teacher}`,
      `labels.folder=${join(out, 'labels')}`,
      `plan.0.distil=${steps}`,
      'plan.1.plain=4',
    ];
    const second = new AttachedTeacher({
      brine: BRINE,
      environment: process.env,
      atStep: Math.max(1, Math.round(steps * ATTACHED_AT)),
      store: join(out, 'models'),
      log: join(out, 'attached.log'),
    });
    const filled = await run(out, { name: 'filled', sets }, second);
    const replayed = await run(out, { name: 'replayed', sets: [...sets, 'student.seed=2'], replay: true });
    const { sameLabelBytes } = await sameLabels(join(out, 'filled'), join(out, 'replayed'), 1);
    const stats = await cacheStats({ folders: [join(out, 'labels')] });
    return figuresOf({ filled, replayed, stats, attached: await second.leave(), sameLabelBytes });
  });
}

interface Outcome {
  readonly filled: TrainResult;
  readonly replayed: TrainResult;
  readonly stats: Awaited<ReturnType<typeof cacheStats>>;
  readonly attached: Awaited<ReturnType<AttachedTeacher['leave']>>;
  readonly sameLabelBytes: boolean;
}

function figuresOf({ filled, replayed, stats, attached, sameLabelBytes }: Outcome): Record<string, unknown> {
  const { rowsDrawn, drawingSeconds } = filled.labels;
  return {
    bench: 'smollm',
    steps: filled.steps,
    rowsDrawn,
    bytesPerToken: round(stats.bytesPerToken, 1),
    /** Throughput of the run's own teacher while it draws. */
    teacherTokensPerSecond: Math.round((rowsDrawn * stats.positions) / stats.rows / drawingSeconds),
    attachedRows: attached?.rows ?? 0,
    attachedSecondsToFirst: attached?.secondsToFirst ?? null,
    waitShare: round(filled.cost.waiting / filled.cost.seconds, 3),
    validationLoss: filled.validationLoss,
    replayedValidationLoss: replayed.validationLoss,
    replayDrawn: replayed.labels.rowsDrawn,
    sameLabelBytes,
  };
}

async function run(
  out: string,
  { name, sets, replay = false }: { name: string; sets: readonly string[]; replay?: boolean },
  second?: AttachedTeacher,
): Promise<TrainResult> {
  const result = train({
    recipe: await readRecipe(join(packageRoot(), 'cluster', 'smollm2.yaml'), [
      ...sets,
      `run=${join(out, name)}`,
    ]),
    brine: BRINE,
    environment: process.env,
    resume: false,
    ...(replay && { replay: join(out, 'labels') }),
    observe: (event) => {
      if (event.kind === 'snapshot') second?.see(event.snapshot);
    },
  });
  await result.catch(() => undefined); // thrown below, once the second teacher has left
  await second?.leave();
  return result;
}

/**
 * A whole student run in one process: micro models, generated token rows, inline engines, rings
 * over an in-memory transport.
 */
import { hash32 } from '../../src/base/random.ts';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/files/files.ts';
import { Scope } from '../../src/base/scope.ts';
import { allRows } from '../../src/data/tokens/batches.ts';
import { hostInline } from '../../src/engine/host.ts';
import type { ContextColumns } from '../../src/labels/record/context.ts';
import type { RowLabels } from '../../src/labels/record/record.ts';
import { readModelConfig } from '../../src/model/index.ts';
import type { Rest } from '../../src/loss/index.ts';
import { schedule } from '../../src/optim/index.ts';
import { openRingInbox } from '../../src/ring/place.ts';
import { openRing } from '../../src/ring/open-ring.ts';
import type { Wire } from '../../src/ring/wire.ts';
import type { StudentEvent } from '../../src/student/training/events.ts';
import type { ProductPrecision } from '../../src/student/program/precision.ts';
import { smoothsLabels, type DataOrder, type Plan } from '../../src/student/training/plan.ts';
import { create, type StudentInit, type StudentProgram } from '../../src/student/program/program.ts';
import { StudentTrainer } from '../../src/student/training/trainer.ts';
import type { TrainerOptions, TrainingOutcome } from '../../src/student/training/trainer-options.ts';
import type { LabelSource } from '../../src/student/training/batches.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';

export const POSITIONS = 12;
const VOCABULARY = 64;
const DRAWS = 3;
const TOP_WEIGHTS = [0.5, 0.2, 0.1];

/** Learnable rows: each id follows from the previous one, with some noise. */
export function tokenRows(rows: number, seed = 1) {
  const read = (row: number) => {
    const ids = new Uint32Array(POSITIONS + 1);
    ids[0] = hash32(seed, row) % VOCABULARY;
    for (let t = 1; t <= POSITIONS; t += 1) {
      const noise = hash32(seed, row, t) % 4 === 0 ? hash32(seed, row, t, 1) : 0;
      ids[t] = (ids[t - 1]! * 5 + 3 + noise) % VOCABULARY;
    }
    return ids;
  };
  return { rows, rowLength: POSITIONS + 1, read };
}

export interface SmallLabels {
  /** Top-k labels: unequal weights that leave a fifth of the mass. */
  readonly topk?: boolean;
  /** Whether the labels have context columns. */
  readonly context?: boolean;
  /** Rows without labels. */
  readonly missing?: (row: number) => boolean;
}

/** Labels as a pure function of the row. Records the requested rows. */
export function labelSource({
  topk = false,
  context = false,
  missing = () => false,
}: SmallLabels = {}): LabelSource & {
  readonly asked: number[];
} {
  const asked: number[] = [];
  return {
    asked,
    prefetch: (rows) => {
      asked.push(...rows);
    },
    forget: () => undefined,
    fetch: async (rows) => {
      asked.push(...rows);
      return rows.map((row) => (missing(row) ? undefined : labelsOf(row, topk, context)));
    },
  };
}

/** Entropies from 0 to 4 nats, and losses near them. */
export function contextOf(row: number): ContextColumns {
  const entropy = Float32Array.from({ length: POSITIONS }, (_, t) => (hash32(row, t, 2) % 1024) / 256);
  return {
    entropy,
    trueLogProb: entropy.map((nats, t) => -nats - (hash32(row, t, 3) % 256) / 512),
    trueRank: Uint16Array.from(entropy, (_, t) => hash32(row, t, 4) % 20),
  };
}

function labelsOf(row: number, topk: boolean, context: boolean): RowLabels {
  const count = POSITIONS * DRAWS;
  return {
    row,
    positions: POSITIONS,
    offsets: Uint32Array.from({ length: POSITIONS + 1 }, (_, t) => t * DRAWS),
    ids: Uint32Array.from(
      { length: count },
      (_, i) => (hash32(row, Math.floor(i / DRAWS)) + (i % DRAWS) * 7) % VOCABULARY,
    ),
    weights: Float32Array.from({ length: count }, (_, i) => (topk ? TOP_WEIGHTS[i % DRAWS]! : 1 / DRAWS)),
    ...(context && { context: contextOf(row) }),
    remaining: topk ? new Float32Array(POSITIONS).fill(0.2) : undefined,
  };
}

export interface SmallRun {
  readonly plan: Plan;
  readonly ranks?: number;
  readonly wire?: Wire;
  readonly microBatches?: number;
  /** Stages of the backward pass. */
  readonly stages?: number;
  /** Whether the optimizer state is sharded. */
  readonly sharded?: boolean;
  /** Clipping threshold of the gradient norm. Default 1. */
  readonly clip?: number;
  /** Rows of a micro-batch. Default: so that every rank has `microBatches`. */
  readonly microRows?: number;
  readonly accumulate?: 'graph' | 'host';
  readonly precision?: ProductPrecision;
  readonly batchRows?: number;
  readonly model?: 'micro-tied' | 'micro-untied';
  readonly optimizer?: 'adamw' | 'adafactor';
  /** A checkpoint folder to load on every rank, and its step. */
  readonly resume?: { folder: string; step: number };
  readonly options?: Partial<TrainerOptions>;
  readonly labels?: LabelSource;
  readonly rest?: Rest;
  /** Called on every rank before the first step. */
  readonly prepare?: (program: StudentProgram) => Promise<void>;
  /** Called on every rank after every step. */
  readonly afterStep?: (rank: number, step: number, program: StudentProgram) => void;
}

export interface RankOutcome {
  readonly result: TrainingOutcome;
  readonly events: StudentEvent[];
  /** Hash of the final parameters. */
  readonly hash: string;
}

export function dataOrderOf(plan: Plan, batchRows = 8): DataOrder {
  return { plan, seed: 7, batchRows, pools: { all: allRows(40) } };
}

/** Trains all ranks concurrently. Resolves to one outcome per rank. */
export async function trainSmall(run: SmallRun): Promise<RankOutcome[]> {
  const { ranks = 1, wire = 'float32' } = run;
  const scope = new Scope();
  try {
    const transport = scope.use(memoryTransport(memoryNetwork()));
    const places = Array.from({ length: ranks }, (_, rank) => ({
      rank,
      size: ranks,
      run: 'small',
      generation: 1,
    }));
    const inboxes = await Promise.all(
      places.map((place) => openRingInbox(transport, `memory://ring-${place.rank}`, { size: ranks })),
    );
    const rings = await Promise.all(
      places.map((place) =>
        openRing({
          ...place,
          transport,
          inbox: inboxes[place.rank]!,
          nextEndpoint: inboxes[(place.rank + 1) % ranks]!.endpoint,
          deadlineMs: 20_000,
          wire,
        }),
      ),
    );
    for (const ring of rings) scope.use(ring);
    return await Promise.all(rings.map((ring) => trainRank(run, { ring, rank: ring.rank, scope })));
  } finally {
    await scope.close();
  }
}

async function trainRank(
  run: SmallRun,
  { ring, rank, scope }: { ring: TrainerOptions['ring']; rank: number; scope: Scope },
): Promise<RankOutcome> {
  const {
    plan,
    ranks = 1,
    microBatches = 1,
    batchRows = 8,
    optimizer = 'adamw',
    resume,
    afterStep,
    clip = 1,
  } = run;
  const { microRows = batchRows / (ranks * microBatches) } = run;
  const init: StudentInit = {
    config: await readModelConfig(join(packageRoot(), 'models', run.model ?? 'micro-tied')),
    rows: microRows,
    positions: POSITIONS,
    targetWidths: [1, DRAWS + 1],
    rest: run.rest,
    smooths: smoothsLabels(plan),
    accumulate: run.accumulate,
    precision: run.precision,
    optimizer:
      optimizer === 'adamw'
        ? { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip }
        : { kind: 'adafactor', decay: 0, clip: 1, relative: false },
    engine: { threads: 1, device: 'cpu' },
    seed: 5,
    bucketElements: 2048,
    stages: run.stages,
    shard: run.sharded ? { rank, ranks } : undefined,
  };
  const program = await create(init);
  const host = scope.use(hostInline(program));
  if (resume) await host.call('load', { folder: resume.folder });
  await run.prepare?.(program);
  const events: StudentEvent[] = [];
  const steps = plan.reduce((sum, phase) => sum + phase.steps, 0);
  const trainer = new StudentTrainer({
    host,
    shape: init,
    ring,
    place: { rank, ranks },
    dataOrder: dataOrderOf(plan, batchRows),
    tokens: tokenRows(40),
    labels: run.labels,
    learningRate: schedule({ peak: 5e-3, warmup: 2, steps, decay: { kind: 'cosine', end: 0.1 } }),
    from: resume?.step ?? 0,
    graceMs: 200,
    ...run.options,
    observe: (event) => {
      events.push(event);
      if (event.event === 'step') afterStep?.(rank, event.step, program);
      run.options?.observe?.(event);
    },
  });
  const result = await trainer.train();
  return { result, events, hash: await host.call('parameterHash', undefined) };
}

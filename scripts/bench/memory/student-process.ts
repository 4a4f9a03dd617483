/**
 * One student process of the memory benchmark. It opens a student, trains some steps, evaluates and
 * saves, each as in a run, and prints the highest resident memory of each part as JSON. argv: a
 * MemoryRequest as JSON.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryPoint } from '../../../src/base/entry-points.ts';
import { Random } from '../../../src/base/random.ts';
import { Scope } from '../../../src/base/scope.ts';
import { allRows } from '../../../src/data/tokens/batches.ts';
import type { EngineOptions } from '../../../src/engine/engine.ts';
import { hostThread } from '../../../src/engine/host.ts';
import type { ModelConfig } from '../../../src/model/index.ts';
import type { CheckpointWriter } from '../../../src/student/checkpoint/checkpoint-writer.ts';
import { writeState } from '../../../src/student/checkpoint/run-checkpoints.ts';
import { SINGLE_RANK } from '../../../src/student/training/collectives.ts';
import type { DataOrder } from '../../../src/student/training/plan.ts';
import type { StudentEngine, StudentInit } from '../../../src/student/program/program.ts';
import { StudentTrainer } from '../../../src/student/training/trainer.ts';
import { evaluateTogether } from '../../../src/student/training/validation.ts';
import { median, round } from '../figures.ts';

export interface MemoryRequest {
  readonly config: ModelConfig;
  /** Rows of a micro-batch. */
  readonly rows: number;
  readonly positions: number;
  readonly steps: number;
  readonly stages: number;
  readonly engine: EngineOptions;
}

export interface MemoryAnswer {
  /** Highest resident memory in MiB, by part. */
  readonly open: number;
  readonly train: number;
  readonly evaluate: number;
  readonly save: number;
  /** The median step, in wall time and in processor time. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const { config, rows, positions, steps, stages, engine } = JSON.parse(process.argv[2]!) as MemoryRequest;
const scope = new Scope();
const init: StudentInit = {
  config,
  rows,
  positions,
  targetWidths: [1],
  optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
  engine,
  seed: 1,
  stages,
};
const program = entryPoint('student-program');
const host = scope.use(await hostThread<StudentEngine>(program, init));
const open = await peakMiB();
const dataOrder: DataOrder = {
  plan: [{ kind: 'plain', steps }],
  seed: 1,
  batchRows: rows,
  pools: { all: allRows(1024) },
};
const tokens = { rowLength: positions + 1, read: randomRow };
const [seconds, processor]: [number[], number[]] = [[], []];
let used = process.cpuUsage();
const trainer = new StudentTrainer({
  host,
  shape: init,
  ring: SINGLE_RANK,
  place: { rank: 0, ranks: 1 },
  dataOrder,
  tokens,
  learningRate: () => 1e-4,
  observe: (event) => {
    if (event.event !== 'step') return;
    const { user, system } = process.cpuUsage(used);
    used = process.cpuUsage();
    if (event.step === 1) return; // the first step warms up the sessions
    seconds.push(event.seconds);
    processor.push((user + system) / 1e6);
  },
});
await trainer.train();
const trained = await peakMiB();
const validation = { tokens, rows: 2 * rows, every: steps };
await evaluateTogether({ host, ring: SINGLE_RANK, place: { rank: 0, ranks: 1 }, validation }, steps);
const evaluated = await peakMiB();
const root = await mkdtemp(join(tmpdir(), 'brine-memory-'));
scope.defer(() => rm(root, { recursive: true, force: true }));
const writer = entryPoint('checkpoint-writer');
const saver = scope.use(await hostThread<CheckpointWriter>(writer, { config }));
const checkpoints = { root, every: steps, keep: 1, identities: {}, writer: async () => saver };
const { written } = await writeState(host, { dataOrder, checkpoints, step: steps });
await written;
const answer: MemoryAnswer = {
  open,
  train: trained,
  evaluate: evaluated,
  save: await peakMiB(),
  seconds: round(median(seconds), 3),
  cpuSeconds: round(median(processor), 3),
};
console.log(JSON.stringify(answer));
await scope.close();

function randomRow(row: number): Uint32Array {
  const random = new Random(1, row);
  return Uint32Array.from({ length: positions + 1 }, () => random.integer(config.vocabularySize));
}

/** The highest resident memory since the last call. */
async function peakMiB(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8');
  await writeFile('/proc/self/clear_refs', '5');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]) / 1024);
}

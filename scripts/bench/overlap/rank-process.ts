/**
 * One rank of the overlap benchmark, driven by JSON lines from overlap.ts. argv: rank, ranks,
 * address, and an OverlapModel as JSON. It prints its endpoint, receives the next rank's endpoint,
 * and answers each request with the seconds of each step.
 */
import { entryPoint } from '../../../src/base/entry-points.ts';
import { Random } from '../../../src/base/random.ts';
import { Scope } from '../../../src/base/scope.ts';
import { allRows } from '../../../src/data/tokens/batches.ts';
import { hostThread, type ProgramHost } from '../../../src/engine/host.ts';
import type { ModelConfig } from '../../../src/model/index.ts';
import { openRingInbox } from '../../../src/ring/place.ts';
import { openRing } from '../../../src/ring/open-ring.ts';
import type { StepShape } from '../../../src/student/program/step-shape.ts';
import { SINGLE_RANK } from '../../../src/student/training/collectives.ts';
import type { StudentEngine, StudentInit } from '../../../src/student/program/program.ts';
import { StudentTrainer } from '../../../src/student/training/trainer.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { lineReader, print } from '../lines.ts';

export interface OverlapModel {
  readonly config: ModelConfig;
  /** Rows of one micro-batch of one rank. */
  readonly rows: number;
  readonly positions: number;
  readonly microBatches: number;
  readonly threads: number;
}

export interface OverlapQuestion {
  /** Stages of the backward pass. */
  readonly stages: number;
  /** Whether the optimizer state is sharded over the ranks. */
  readonly sharded: boolean;
  readonly ring: boolean;
  readonly steps: number;
}

export interface OverlapAnswer {
  /** Seconds of each step except the first. */
  readonly seconds: readonly number[];
  /** Memory of the process. */
  readonly residentMiB: number;
}

const [rankText, ranksText, address, modelText] = process.argv.slice(2);
const [rank, ranks] = [Number(rankText), Number(ranksText)];
const { config, rows, positions, microBatches, threads } = JSON.parse(modelText!) as OverlapModel;

const scope = new Scope();
const transport = scope.use(zmqTransport());
const inbox = await openRingInbox(transport, address!, { size: ranks });
const receive = lineReader();
print({ endpoint: inbox.endpoint });
const { next } = (await receive<{ next: string }>())!;
const place = { run: 'bench', generation: 1, rank, size: ranks };
const ring = scope.use(
  await openRing({ ...place, transport, inbox, nextEndpoint: next, deadlineMs: 600_000 }),
);
const programs = new Map<string, Promise<OpenProgram>>();
for (;;) {
  const question = await receive<OverlapQuestion>();
  if (!question) break;
  const seconds = await secondsOf(question);
  print({ seconds, residentMiB: process.memoryUsage().rss / 2 ** 20 } satisfies OverlapAnswer);
}
await scope.close();
process.stdin.destroy();

interface OpenProgram {
  readonly host: ProgramHost<StudentEngine>;
  readonly shape: StepShape;
}

/** Programs, opened at first use and kept. */
function programFor({ stages, sharded }: OverlapQuestion): Promise<OpenProgram> {
  const key = `${stages} ${sharded}`;
  let program = programs.get(key);
  if (!program) programs.set(key, (program = openProgram(stages, sharded)));
  return program;
}

async function openProgram(stages: number, sharded: boolean): Promise<OpenProgram> {
  const init: StudentInit = {
    config,
    rows,
    positions,
    targetWidths: [1],
    optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
    engine: { threads, device: 'cpu' },
    seed: 1,
    stages,
    shard: sharded ? { rank, ranks } : undefined,
  };
  const url = entryPoint('student-program');
  return { host: scope.use(await hostThread<StudentEngine>(url, init)), shape: init };
}

/** Trains from the first step, with the current parameters. */
async function secondsOf(question: OverlapQuestion): Promise<number[]> {
  const seconds: number[] = [];
  const trainer = new StudentTrainer({
    ...(await programFor(question)),
    place: question.ring ? { rank, ranks } : { rank: 0, ranks: 1 },
    ring: question.ring ? ring : SINGLE_RANK,
    dataOrder: {
      plan: [{ kind: 'plain', steps: question.steps }],
      seed: 1,
      batchRows: rows * microBatches * (question.ring ? ranks : 1),
      pools: { all: allRows(1024) },
    },
    tokens: { read: randomRow },
    learningRate: () => 1e-4,
    observe: (event) => {
      if (event.event === 'step' && event.step > 1) seconds.push(event.seconds);
    },
  });
  await trainer.train();
  return seconds;
}

function randomRow(row: number): Uint32Array {
  const random = new Random(1, row);
  return Uint32Array.from({ length: positions + 1 }, () => random.integer(config.vocabularySize));
}

/**
 * Measures the cost of distillation for a student: alternating blocks of distilled and plain steps
 * within one training run of the demo's size, on the whole path: fetching, decoding, targets,
 * gradients and update. The cache server runs in the same process, so its work is included.
 *
 *     npm run -s bench -- distil --json
 */
import { join } from 'node:path';
import { entryPoint } from '../../../src/base/entry-points.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import { Random } from '../../../src/base/random.ts';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { allRows } from '../../../src/data/tokens/batches.ts';
import { hostThread } from '../../../src/engine/host.ts';
import { connectLabels, type LabelClient } from '../../../src/labels/client/client.ts';
import { identityHash, type DrawingRule, type LabelIdentity } from '../../../src/labels/identity.ts';
import { memoryStore } from '../../../src/labels/store/memory.ts';
import { encodeRecord, type RowLabels } from '../../../src/labels/record/record.ts';
import { openLabelServer } from '../../../src/labels/server/server.ts';
import { readModelConfig } from '../../../src/model/index.ts';
import type { StepEvent } from '../../../src/student/training/events.ts';
import type { Phase } from '../../../src/student/training/plan.ts';
import type { StudentEngine, StudentInit } from '../../../src/student/program/program.ts';
import { SINGLE_RANK } from '../../../src/student/training/collectives.ts';
import { StudentTrainer } from '../../../src/student/training/trainer.ts';
import { memoryNetwork, memoryTransport } from '../../../src/transport/memory.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';
import { median } from '../figures.ts';

export interface DistilFigures extends Record<string, unknown> {
  readonly bench: 'distil';
  readonly model: string;
  readonly tokensPerStep: number;
  /** Medians over blocks. */
  readonly distilSeconds: number;
  readonly plainSeconds: number;
  readonly waitSeconds: number;
  /** distilSeconds / plainSeconds */
  readonly versus: { readonly plainStep: number };
}

interface Sizes {
  readonly model: string;
  readonly rows: number;
  readonly positions: number;
  readonly draws: number;
  readonly threads: number;
  readonly blocks: number;
  readonly block: number;
}

const ROWS = 256;

/** Settings: model=nano-llm rows=16 positions=256 draws=50 threads=2 blocks=6 block=6. */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<DistilFigures> {
  const size = numbersOf(settings);
  const sizes = {
    model: settings['model'] ?? 'nano-llm',
    rows: size('rows', 16),
    positions: size('positions', 256),
    draws: size('draws', 50),
    threads: size('threads', 2),
    blocks: size('blocks', 6),
    block: size('block', 6),
  };
  yield await scoped((scope) => measure(scope, sizes));
}

async function measure(scope: Scope, sizes: Sizes): Promise<DistilFigures> {
  const { model, rows, positions, draws, threads, blocks, block } = sizes;
  const config = await readModelConfig(join(packageRoot(), 'models', model));
  const tokens = tokenRows(positions, config.vocabularySize);
  const labels = await filledCache(scope, { tokens, draws, vocabulary: config.vocabularySize });
  const init: StudentInit = {
    config,
    rows,
    positions,
    targetWidths: [1, draws + 1],
    optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
    engine: { threads, device: 'cpu' },
    seed: 1,
  };
  const program = entryPoint('student-program');
  const host = scope.use(await hostThread<StudentEngine>(program, init));
  const pair: Phase[] = [
    { kind: 'distil', steps: block, rows: 'all', weight: 0.667, fade: 'none' },
    { kind: 'plain', steps: block },
  ];
  const steps: StepEvent[] = [];
  const trainer = new StudentTrainer({
    host,
    shape: init,
    ring: SINGLE_RANK,
    place: { rank: 0, ranks: 1 },
    dataOrder: {
      plan: Array.from({ length: blocks }, () => pair).flat(),
      seed: 1,
      batchRows: rows,
      pools: { all: allRows(ROWS) },
    },
    tokens,
    labels,
    learningRate: () => 1e-4,
    observe: (event) => {
      if (event.event === 'step') steps.push(event);
    },
  });
  await trainer.train();
  // A batch is built during the previous step, so only steps inside a block overlap with their own
  // kind. The first pair of blocks warms up.
  const steady = steps.filter(({ step }) => {
    const at = (step - 1) % block;
    return step > 2 * block && at > 0 && at < block - 1;
  });
  const of = (phase: string, pick: (event: StepEvent) => number) =>
    median(steady.filter((event) => event.phase === phase).map(pick));
  const distilSeconds = of('distil', ({ seconds }) => seconds);
  const plainSeconds = of('plain', ({ seconds }) => seconds);
  return {
    bench: 'distil',
    model,
    tokensPerStep: rows * positions,
    distilSeconds,
    plainSeconds,
    waitSeconds: of('distil', ({ waitSeconds }) => waitSeconds),
    versus: { plainStep: distilSeconds / plainSeconds },
  };
}

interface Rows {
  readonly rows: number;
  readonly rowLength: number;
  readonly vocabularySize: number;
  read(row: number): Uint32Array;
}

function tokenRows(positions: number, vocabularySize: number): Rows {
  const made = Array.from({ length: ROWS }, (_, row) => {
    const random = new Random(1, row);
    return Uint32Array.from({ length: positions + 1 }, () => random.integer(vocabularySize));
  });
  return { rows: ROWS, rowLength: positions + 1, vocabularySize, read: (row) => made[row]!.slice() };
}

/** A label server over a full store, and a student's client. */
async function filledCache(
  scope: Scope,
  { tokens, draws, vocabulary }: { tokens: Rows; draws: number; vocabulary: number },
): Promise<LabelClient> {
  const rule: DrawingRule = { kind: 'sampled', draws, temperature: 1, seed: 1 };
  const identity: LabelIdentity = { tokenizer: 'bench', data: 'bench', teacher: 'bench', rule };
  const store = scope.use(memoryStore());
  for (let row = 0; row < tokens.rows; row += 1) {
    const form = { identity: identityHash(identity), tokens: tokens.read(row), rule, vocabulary };
    await store.put(row, encodeRecord(drawnLabels(row, { tokens, draws, vocabulary }), form));
  }
  const transport = scope.use(memoryTransport(memoryNetwork()));
  const server = scope.use(
    await openLabelServer({
      transport,
      endpoint: 'memory://labels',
      store,
      identity,
      tokens,
      replay: true,
    }),
  );
  return scope.use(await connectLabels({ transport, endpoints: [server.endpoint], identity, tokens }));
}

/** Draws from a Zipf distribution, with about as many distinct ids as a real teacher's. */
function drawnLabels(
  row: number,
  { tokens, draws, vocabulary }: { tokens: Rows; draws: number; vocabulary: number },
): RowLabels {
  const random = new Random(2, row);
  const positions = tokens.rowLength - 1;
  const offsets = new Uint32Array(positions + 1);
  const [ids, weights]: [number[], number[]] = [[], []];
  for (let t = 0; t < positions; t += 1) {
    const shift = random.integer(vocabulary);
    const counts = new Map<number, number>();
    for (let draw = 0; draw < draws; draw += 1) {
      const id = (Math.floor(vocabulary ** (random.float() ** 2)) - 1 + shift) % vocabulary;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    for (const [id, count] of [...counts].toSorted(([a], [b]) => a - b)) {
      ids.push(id);
      weights.push(count / draws);
    }
    offsets[t + 1] = ids.length;
  }
  return { row, positions, offsets, ids: Uint32Array.from(ids), weights: Float32Array.from(weights) };
}

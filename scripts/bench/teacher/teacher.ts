/**
 * Measures the cost of labels beyond the teacher's forward pass: the teacher's program (feeds,
 * forward pass, drawing, context, records) alternates in one process with the bare forward pass to
 * the logits of the same model. It measures CPU time, because other processes use the machine. It
 * also compares two engines with one by wall time, which needs two idle cores.
 *
 *     npm run -s bench -- teacher --json
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../../src/base/random.ts';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { openSession } from '../../../src/engine/session.ts';
import { Graph, serialize, slice } from '../../../src/graph/index.ts';
import type { DrawingRule } from '../../../src/labels/identity.ts';
import { overLogits } from '../../../src/labels/drawing/logits.ts';
import {
  initialParameters,
  modelIdentity,
  parameterInputs,
  parameterSpecs,
  transformer,
  writeModelFolder,
  type ModelConfig,
} from '../../../src/model/index.ts';
import { create, type TeacherInit } from '../../../src/teacher/program.ts';
import type { TensorData } from '../../../src/tensor/dtype.ts';
import { allocate, flatLayout, tensorsOf } from '../../../src/tensor/layout.ts';
import { median, round } from '../figures.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';
import { twoOverOne } from './pair.ts';

export interface TeacherFigures extends Record<string, unknown> {
  readonly bench: 'teacher';
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly draws: number;
  /** CPU time; like all times, the median over rounds. */
  readonly tokensPerSecond: number;
  /** Tokens a second, relative to a bare forward pass. */
  readonly versus: { readonly bareForward: number };
  /** Throughput of two engines with one thread each, relative to one. */
  readonly twoTeachersOverOne: number;
  /**
   * Share of a label's time spent in encoding records, the only part outside ONNX Runtime besides
   * feeds.
   */
  readonly encodeShare: number;
  readonly bytesPerToken: number;
}

const DRAWS = 50;
const RULE: DrawingRule = { kind: 'sampled', draws: DRAWS, temperature: 1, seed: 1 };

/** From the smallest teacher (models/nano-slm) to the largest that this benchmark can afford. */
const SHAPES = [
  { vocabulary: 2048, width: 64, layers: 2 },
  { vocabulary: 4096, width: 64, layers: 2 },
  { vocabulary: 50_257, width: 512, layers: 8 },
  { vocabulary: 50_257, width: 768, layers: 12 }, // GPT-2 small's
];

/**
 * Settings: vocabulary=2048 width=64 layers=2 (one shape instead of all) rows=8 positions=128
 * rounds=9 pairs=5 (rounds of two engines; 0 skips them) profile=PREFIX (ONNX Runtime profile of
 * the teacher's graph).
 */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<TeacherFigures> {
  const setting = numbersOf(settings);
  const one = {
    vocabulary: setting('vocabulary', 2048),
    width: setting('width', 64),
    layers: setting('layers', 2),
  };
  const given = ['vocabulary', 'width', 'layers'].some((name) => settings[name] !== undefined);
  for (const shape of given ? [one] : SHAPES) {
    const sizes = {
      config: configOf(shape),
      rows: setting('rows', shape.vocabulary > 8192 ? 2 : 8),
      positions: setting('positions', 128),
      rounds: setting('rounds', 9),
      pairs: setting('pairs', 5),
      ...(settings['profile'] === undefined ? {} : { profilePrefix: settings['profile'] }),
    };
    yield await scoped((scope) => measure(sizes, scope));
  }
}

interface Sizes {
  readonly config: ModelConfig;
  readonly rows: number;
  readonly positions: number;
  readonly rounds: number;
  readonly pairs: number;
  readonly profilePrefix?: string;
}

/** Weights large enough that 50 draws select about 20 ids, as in trained models. */
function configOf({ vocabulary, width, layers }: (typeof SHAPES)[number]): ModelConfig {
  return {
    vocabularySize: vocabulary,
    hiddenSize: width,
    intermediateSize: Math.round(width * 2.75),
    layers,
    heads: width / 32,
    keyValueHeads: width / 64,
    headSize: 32,
    maxPositions: 512,
    ropeTheta: 10_000,
    normEpsilon: 1e-5,
    tieEmbeddings: true,
    initializerRange: 4 / Math.sqrt(width),
  };
}

async function measure(sizes: Sizes, scope: Scope): Promise<TeacherFigures> {
  const { config, rows, positions } = sizes;
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, 1, { layout, buckets });
  const random = new Random(config.vocabularySize, rows);
  const tokens = Array.from({ length: rows }, () =>
    Uint32Array.from({ length: positions + 1 }, () => random.integer(config.vocabularySize)),
  );
  const folder = await mkdtemp(join(tmpdir(), 'teacher-'));
  scope.defer(() => rm(folder, { recursive: true }));
  const modelFolder = join(folder, 'model');
  await writeModelFolder(modelFolder, { config, layout, buckets });
  const teacher = await modelIdentity(modelFolder);
  const init: TeacherInit = {
    rows,
    positions,
    modelFolder,
    vocabulary: config.vocabularySize,
    identity: { tokenizer: 'bench', data: 'bench', teacher, rule: RULE },
    threads: 1,
    device: 'cpu',
  };
  const compared = await scoped((alone) =>
    compare(sizes, { init, tokens, model: { layout, buckets } }, alone),
  );
  const pair = { init, tokens, leaseRows: rows > 2 ? 4 * rows : rows, leases: 16, rounds: sizes.pairs };
  return {
    bench: 'teacher',
    vocabulary: config.vocabularySize,
    width: config.hiddenSize,
    layers: config.layers,
    draws: DRAWS,
    ...compared,
    twoTeachersOverOne: sizes.pairs === 0 ? Number.NaN : round3(await twoOverOne(pair, scope)),
  };
}

interface Subject {
  readonly init: TeacherInit;
  readonly tokens: readonly Uint32Array[];
  readonly model: Parameters<typeof tensorsOf>[0];
}

/** Compares the program with the bare forward pass. */
async function compare(sizes: Sizes, { init, tokens, model }: Subject, scope: Scope) {
  const { rows, positions, rounds, profilePrefix } = sizes;
  const program = scope.use(
    await create({ ...init, ...(profilePrefix === undefined ? {} : { profilePrefix }) }),
  );
  const forward = await bareForward(sizes, tokens, tensorsOf(model), scope);
  const request = { rows: tokens.map((_, row) => row), tokens };
  const [bare, whole, encode]: number[][] = [[], [], []];
  let bytes = 0;
  for (let turn = -2; turn < rounds; turn += 1) {
    const alone = await cpuMs(forward);
    let encodeMs = 0;
    const labelled = await cpuMs(async () => {
      const reply = await program.label(request);
      encodeMs = reply.encodeMs;
      bytes = reply.records.reduce((sum, record) => sum + record.length, 0);
    });
    if (turn < 0) continue; // the first two rounds warm up: ONNX Runtime
    bare!.push(alone);
    whole!.push(labelled);
    encode!.push(encodeMs / labelled);
  }
  const count = rows * positions;
  return {
    tokensPerSecond: Math.round((count / median(whole!)) * 1000),
    versus: { bareForward: round3(median(bare!.map((time, i) => time / whole![i]!))) },
    encodeShare: round3(median(encode!)),
    bytesPerToken: round3(bytes / count),
  };
}

/** The forward pass to the logits; one column leaves the graph. */
async function bareForward(
  { config, rows, positions }: Sizes,
  tokens: readonly Uint32Array[],
  parameters: Readonly<Record<string, TensorData>>,
  scope: Scope,
): Promise<() => Promise<void>> {
  const graph = new Graph('forward');
  const input = graph.input('tokens', 'int64', [rows, positions]);
  const outputs = transformer(config, { tokens: input, parameters: parameterInputs(config, graph) });
  const { first } = overLogits({ ...outputs, vocabulary: config.vocabularySize }, (logits) => ({
    first: slice(logits, { starts: [0], ends: [1], axes: [1] }),
  }));
  graph.output('first', first);
  const session = scope.use(await openSession(serialize(graph), { threads: 1, device: 'cpu' }));
  const ids = tokens.flatMap((row) => Array.from(row.subarray(0, positions), BigInt));
  const feeds: Record<string, TensorData> = {
    ...parameters,
    tokens: { dtype: 'int64', shape: [rows, positions], data: BigInt64Array.from(ids) },
  };
  return async () => {
    await session.run(feeds, { first: null });
  };
}

/** User and system time of the process. */
async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const round3 = (value: number) => round(value, 3);

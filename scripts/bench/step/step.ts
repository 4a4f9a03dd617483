/**
 * Measures training speed: forward, head and backward of one step, at the demo's size and at width
 * 512 with 2,048 tokens. Alternating with it in the same run: ONNX Runtime's best matrix product at
 * width 512 (versus.matmulPeak is the share of its rate that the step's useful work reaches), and
 * PyTorch eager on the same model (BRINE_PYTHON names a Python with PyTorch).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../../src/base/files/files.ts';
import { Random } from '../../../src/base/random.ts';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { openSession } from '../../../src/engine/session.ts';
import { fusedMatMul, Graph, serialize } from '../../../src/graph/index.ts';
import { initialParameters, parameterSpecs, type ModelConfig } from '../../../src/model/index.ts';
import { gradientName, trainingGraph } from '../../../src/student/program/graphs.ts';
import type { TensorData } from '../../../src/tensor/dtype.ts';
import { allocate, flatLayout, viewOf } from '../../../src/tensor/layout.ts';
import { median, round } from '../figures.ts';
import type { BenchOptions } from '../bench.ts';

interface Size {
  readonly config: ModelConfig;
  readonly rows: number;
  readonly positions: number;
}

/** Runs once and resolves to seconds. */
type Timed = () => Promise<number>;

const COMMON = {
  maxPositions: 512,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
  tieEmbeddings: true,
  initializerRange: 0.02,
};

const SIZES: readonly Size[] = [
  {
    rows: 8,
    positions: 128,
    config: {
      ...COMMON,
      vocabularySize: 2048,
      hiddenSize: 128,
      intermediateSize: 352,
      layers: 4,
      heads: 4,
      keyValueHeads: 2,
      headSize: 32,
    },
  },
  {
    rows: 8,
    positions: 256,
    config: {
      ...COMMON,
      vocabularySize: 8192,
      hiddenSize: 512,
      intermediateSize: 1408,
      layers: 8,
      heads: 8,
      keyValueHeads: 8,
      headSize: 64,
    },
  },
];

export async function* bench({ settings }: BenchOptions): AsyncGenerator<Record<string, unknown>> {
  const threads = Number(settings['threads'] ?? 2);
  const rounds = Number(settings['rounds'] ?? 5);
  const python = process.env['BRINE_PYTHON'];
  for (const size of SIZES) {
    if (settings['width'] && Number(settings['width']) !== size.config.hiddenSize) continue;
    yield await scoped((scope) => measure(size, { threads, rounds, python, scope, ...profiled(settings) }));
  }
}

function profiled({ profile }: BenchOptions['settings']): { profilePrefix?: string } {
  return profile === undefined ? {} : { profilePrefix: profile };
}

interface Setting {
  readonly threads: number;
  readonly rounds: number;
  readonly python: string | undefined;
  readonly scope: Scope;
  readonly profilePrefix?: string;
}

/** Alternates step, product and PyTorch, so that all see the same machine load. */
async function measure(size: Size, setting: Setting): Promise<Record<string, unknown>> {
  const { threads, rounds, python, scope } = setting;
  const step = await trainingStep(size, setting);
  const products: Timed[] = [];
  for (const shape of PRODUCTS) products.push(await productRate(shape, setting));
  const torch = python === undefined ? undefined : openTorch(python, size, threads);
  if (torch) scope.use(torch);
  const [times, rates, torchTimes]: [number[], number[], number[]] = [[], [], []];
  for (let turn = -2; turn < rounds; turn++) {
    const taken = await step();
    let best = 0;
    for (const product of products) best = Math.max(best, await product());
    const eager = await torch?.time();
    if (turn < 0) continue; // the first two rounds warm up: ONNX Runtime
    times.push(taken);
    rates.push(best);
    if (eager !== undefined) torchTimes.push(eager);
  }
  const tokens = size.rows * size.positions;
  const flops = stepFlops(size);
  const ratio = (of: (at: number) => number) => round(median(times.map((_, at) => of(at))), 3);
  return {
    bench: 'step',
    width: size.config.hiddenSize,
    layers: size.config.layers,
    tokens,
    threads,
    tokensPerSecond: Math.round(tokens / median(times)),
    gigaflops: round(flops / median(times) / 1e9, 3),
    versus: {
      matmulPeak: ratio((at) => flops / times[at]! / rates[at]!),
      ...(torch ? { torchEager: ratio((at) => torchTimes[at]! / times[at]!) } : {}),
    },
  };
}

/**
 * Useful operations of a step: two for each multiply-add, forward once and backward twice; causal
 * attention counts half.
 */
function stepFlops({ config, rows, positions }: Size): number {
  const { hiddenSize: d, headSize, heads, keyValueHeads, intermediateSize, layers, vocabularySize } = config;
  const projections = d * headSize * (2 * heads + 2 * keyValueHeads) + 3 * d * intermediateSize;
  const attention = heads * headSize * positions; // two products over half the square
  return 6 * rows * positions * (layers * (projections + attention) + d * vocabularySize);
}

async function trainingStep(
  { config, rows, positions }: Size,
  { threads, scope, profilePrefix }: Setting,
): Promise<Timed> {
  const count = rows * positions;
  const graph = trainingGraph(config, { rows, positions, targets: 1 });
  const options = { threads, device: 'cpu', ...(profilePrefix ? { profilePrefix } : {}) } as const;
  const session = scope.use(await openSession(serialize(graph), options));

  const layout = flatLayout(parameterSpecs(config));
  const [values, results] = [allocate(layout), allocate(layout)];
  initialParameters(config, 1, { layout, buckets: values });
  const random = new Random(1);
  const ids = () =>
    BigInt64Array.from({ length: count }, () => BigInt(random.integer(config.vocabularySize)));
  const feeds: Record<string, TensorData> = {
    tokens: { dtype: 'int64', shape: [rows, positions], data: ids() },
    targetIds: { dtype: 'int64', shape: [count, 1], data: ids() },
    targetWeights: { dtype: 'float32', shape: [count, 1], data: new Float32Array(count).fill(1) },
  };
  const fetches: Record<string, TensorData | null> = { loss: null };
  for (const tensor of layout.tensors) {
    const { name, shape } = tensor;
    feeds[name] = { dtype: 'float32', shape, data: viewOf(tensor, values) };
    fetches[gradientName(name)] = { dtype: 'float32', shape, data: viewOf(tensor, results) };
  }
  return () => timed(() => session.run(feeds, fetches));
}

/** Matrix products of width 512, and a large square one: [M, K, N]. */
const PRODUCTS = [
  [2048, 512, 512],
  [2048, 512, 1408],
  [2048, 1408, 512],
  [2048, 512, 8192],
  [2048, 2048, 2048],
] as const;

/**
 * Measures floating-point operations a second of a product: the median over about a tenth of a
 * second, because the step is a median too. The fastest run would compare the step with moments of
 * an idle machine.
 */
async function productRate(
  [m, k, n]: readonly [number, number, number],
  { threads, scope }: Setting,
): Promise<Timed> {
  const graph = new Graph('product');
  const a = graph.input('a', 'float32', [m, k]);
  graph.output('c', fusedMatMul(a, graph.input('b', 'float32', [k, n])));
  const session = scope.use(await openSession(serialize(graph), { threads, device: 'cpu' }));
  const matrix = (rows: number, columns: number): TensorData => ({
    dtype: 'float32',
    shape: [rows, columns],
    data: new Float32Array(rows * columns).fill(0.5),
  });
  const feeds = { a: matrix(m, k), b: matrix(k, n) };
  const fetches = { c: matrix(m, n) };
  const flops = 2 * m * k * n;
  const repeats = Math.max(1, Math.round(2e10 / flops));
  return async () => {
    const times: number[] = [];
    for (let at = 0; at < repeats; at++) times.push(await timed(() => session.run(feeds, fetches)));
    return flops / median(times);
  };
}

/** PyTorch in a separate process, which runs one step for each input line. */
function openTorch(python: string, { config, rows, positions }: Size, threads: number) {
  const script = join(packageRoot(), 'scripts', 'bench', 'torch', 'step.py');
  const request = JSON.stringify({ ...config, rows, positions, threads });
  const child: ChildProcess = spawn(python, [script, request], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    async time(): Promise<number> {
      child.stdin!.write('step\n');
      const { value, done } = await lines.next();
      if (done) throw new Error(`${python} exited early; check that it has torch and transformers`);
      return Number(value);
    },
    close: () => void child.stdin!.end(),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - begin) / 1e9;
}

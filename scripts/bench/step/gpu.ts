/**
 * Measures correctness and speed of a student on a device, and the share of its time that goes into
 * transfers of weights and gradients. Run by scripts/gpu-check.sh. Settings: device=cpu|cuda,
 * model, check (a small model, compared with the CPU), rows, positions, micro (micro-batches a
 * step), steps, threads. Records by `part`: machine, correct, speed.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { hash32 } from '../../../src/base/random.ts';
import { scoped } from '../../../src/base/scope.ts';
import { openSession } from '../../../src/engine/session.ts';
import { Graph, mul, serialize } from '../../../src/graph/index.ts';
import { parameterSpecs, readModelConfig, type ModelConfig } from '../../../src/model/index.ts';
import { PRECISIONS, type ProductPrecision } from '../../../src/student/program/precision.ts';
import { create, type StudentInit, type StudentProgram } from '../../../src/student/program/program.ts';
import type { BatchTargets } from '../../../src/student/training/targets.ts';
import type { TensorData } from '../../../src/tensor/dtype.ts';
import { allocate, flatLayout, tensorsOf, viewOf } from '../../../src/tensor/layout.ts';
import { median, round } from '../figures.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';

type Device = 'cpu' | 'cuda';
type Accumulate = 'graph' | 'host';

interface Settings {
  readonly device: Device;
  readonly model: string;
  readonly check: string;
  readonly rows: number;
  readonly positions: number;
  readonly micro: number;
  readonly steps: number;
  readonly threads: number;
}

/**
 * Tolerances relative to the CPU's float32 over three steps: losses in nats, the angle of the first
 * gradient in degrees.
 */
const TOLERANCE: Readonly<Record<ProductPrecision, { readonly loss: number; readonly degrees: number }>> = {
  float32: { loss: 2e-3, degrees: 0.5 }, // ONNX Runtime rounds float32 products on CUDA devices to TF32
  bf16: { loss: 1e-2, degrees: 2 },
  fp16: { loss: 2e-3, degrees: 0.5 },
};

export async function* bench({ settings }: BenchOptions): AsyncGenerator<Record<string, unknown>> {
  const given = read(settings);
  yield { bench: 'gpu', part: 'machine', ...machineOf(given) };
  for await (const record of correctness(given)) yield { bench: 'gpu', part: 'correct', ...record };
  const config = await readModelConfig(given.model);
  const crossing = await crossingSeconds(config, given);
  for (const precision of PRECISIONS) {
    for (const accumulate of ['graph', 'host'] as const) {
      const speed = await speedOf(config, given, { precision, accumulate, crossing });
      yield { bench: 'gpu', part: 'speed', device: given.device, model: given.model, ...speed };
    }
  }
}

function read(settings: BenchOptions['settings']): Settings {
  const device = settings['device'] === 'cuda' ? 'cuda' : 'cpu';
  const number = numbersOf(settings);
  return {
    device,
    model: settings['model'] ?? (device === 'cuda' ? 'models/slm-1.5b' : 'models/nano-llm'),
    check: settings['check'] ?? 'models/nano-llm',
    rows: number('rows', device === 'cuda' ? 4 : 2),
    positions: number('positions', device === 'cuda' ? 1024 : 128),
    micro: number('micro', 4),
    steps: number('steps', 5),
    threads: number('threads', 2),
  };
}

function machineOf({ device, threads }: Settings): Record<string, unknown> {
  const processor = `${cpus()[0]?.model.trim()} (${cpus().length})`;
  if (device === 'cpu') return { device, name: processor, threads };
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader', '--id=0'];
  const name = execFileSync('nvidia-smi', query, { encoding: 'utf8', timeout: 20_000 }).trim();
  return { device, name, processor, threads };
}

/** Ids that depend only on their place. */
function targetsOf(config: ModelConfig, positions: number, seed: number): BatchTargets {
  const id = (at: number) => BigInt(hash32(seed, at) % config.vocabularySize);
  return {
    tokens: BigInt64Array.from({ length: positions }, (_, at) => id(at)),
    targetIds: BigInt64Array.from({ length: positions }, (_, at) => id(at + 1)),
    targetWeights: new Float32Array(positions).fill(1),
    width: 1,
  };
}

function initOf(
  config: ModelConfig,
  { rows, positions, threads }: Settings,
  { device, precision, accumulate }: { device: Device; precision: ProductPrecision; accumulate: Accumulate },
): StudentInit {
  return {
    config,
    rows,
    positions,
    targetWidths: [1],
    accumulate,
    precision,
    optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
    engine: { threads, device },
    seed: 1,
  };
}

async function* correctness(given: Settings): AsyncGenerator<Record<string, unknown>> {
  const config = await readModelConfig(given.check);
  const small = { ...given, rows: 2, positions: 64, micro: 2 };
  const reference = await threeSteps(
    initOf(config, small, { device: 'cpu', precision: 'float32', accumulate: 'host' }),
    small.micro,
  );
  for (const precision of PRECISIONS) {
    for (const accumulate of ['graph', 'host'] as const) {
      const own = await threeSteps(
        initOf(config, small, { device: given.device, precision, accumulate }),
        small.micro,
      );
      const lossDifference = Math.max(
        ...own.losses.map((loss, at) => Math.abs(loss - reference.losses[at]!)),
      );
      const gradientDegrees = degreesBetween(own.gradient, reference.gradient);
      const { loss, degrees } = TOLERANCE[precision];
      const good = lossDifference <= loss && gradientDegrees <= degrees;
      yield {
        device: given.device,
        model: given.check,
        precision,
        accumulate,
        lossDifference: round(lossDifference, 7),
        gradientDegrees: round(gradientDegrees, 4),
        allowed: { loss, degrees },
        good,
      };
    }
  }
}

interface Trained {
  readonly losses: readonly number[];
  /** Gradient of the first step. */
  readonly gradient: readonly Float32Array[];
}

function threeSteps(init: StudentInit, micro: number): Promise<Trained> {
  return scoped(async (scope) => {
    const program = scope.use(await create(init));
    const losses: number[] = [];
    let gradient: Float32Array[] | undefined;
    for (let step = 0; step < 3; step += 1) {
      const targets = targetsOf(init.config, init.rows * init.positions * micro, step);
      const { loss, buckets } = await program.gradients({
        targets,
        buckets: await program.gradientBuckets(),
      });
      gradient ??= buckets.map((bucket) => bucket.slice());
      await program.update({ buckets, step, learningRate: 1e-3, scale: 1 / micro });
      losses.push(loss);
    }
    return { losses, gradient: gradient! };
  });
}

function degreesBetween(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let [inner, ofA, ofB] = [0, 0, 0];
  a.forEach((bucket, at) => {
    for (let i = 0; i < bucket.length; i += 1) {
      const [x, y] = [bucket[i]!, b[at]![i]!];
      inner += x * y;
      ofA += x * x;
      ofB += y * y;
    }
  });
  return (Math.acos(Math.min(1, inner / Math.sqrt(ofA * ofB))) * 180) / Math.PI;
}

/**
 * Seconds to transfer all weights to the device and as many gradients back, measured by a run that
 * only multiplies each by a number.
 */
function crossingSeconds(config: ModelConfig, { device, threads, steps }: Settings): Promise<number> {
  return scoped(async (scope) => {
    const layout = flatLayout(parameterSpecs(config), 2 ** 22);
    const [there, back] = [allocate(layout), allocate(layout)];
    const graph = new Graph('crossing');
    const factor = graph.input('factor', 'float32', []);
    for (const { name, shape } of parameterSpecs(config))
      graph.output(`${name}.back`, mul(graph.input(name, 'float32', shape), factor));
    const session = scope.use(await openSession(serialize(graph), { device, threads }));
    const fetches = Object.fromEntries(
      layout.tensors.map((tensor): [string, TensorData] => [
        `${tensor.name}.back`,
        { dtype: 'float32', shape: tensor.shape, data: viewOf(tensor, back) },
      ]),
    );
    const one: TensorData = { dtype: 'float32', shape: [], data: Float32Array.of(1) };
    const feeds = { factor: one, ...tensorsOf({ layout, buckets: there }) };
    return secondsOf(steps, () => session.run(feeds, fetches));
  });
}

function speedOf(
  config: ModelConfig,
  given: Settings,
  {
    precision,
    accumulate,
    crossing,
  }: { precision: ProductPrecision; accumulate: Accumulate; crossing: number },
): Promise<Record<string, unknown>> {
  const { device, rows, positions, micro, steps } = given;
  return scoped(async (scope) => {
    const program = scope.use(await create(initOf(config, given, { device, precision, accumulate })));
    const tokens = rows * positions * micro;
    const targets = targetsOf(config, tokens, 1);
    const buckets = await program.gradientBuckets();
    const gradientSeconds = await secondsOf(steps, () => program.gradients({ targets, buckets }));
    const updateSeconds = await secondsOf(steps, (step) => updated(program, buckets, step));
    const transferSeconds = crossing * (accumulate === 'graph' ? 1 : micro);
    return {
      precision,
      accumulate,
      rows,
      positions,
      tokensPerSecond: Math.round(tokens / (gradientSeconds + updateSeconds)),
      gradientSeconds: round(gradientSeconds, 4),
      updateSeconds: round(updateSeconds, 4),
      transferSeconds: round(transferSeconds, 4),
      transferShare: round(transferSeconds / gradientSeconds, 3),
    };
  });
}

function updated(program: StudentProgram, buckets: Float32Array<ArrayBuffer>[], step: number) {
  return program.update({ buckets, step, learningRate: 1e-5, scale: 1 });
}

/** The median of several runs, after one warm-up run. */
async function secondsOf(runs: number, work: (run: number) => Promise<unknown>): Promise<number> {
  await work(0);
  const seconds: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const began = performance.now();
    await work(run);
    seconds.push((performance.now() - began) / 1000);
  }
  return median(seconds);
}

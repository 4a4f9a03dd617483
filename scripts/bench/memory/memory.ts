/**
 * Measures the highest resident memory of a student process by part: opening, training with AdamW,
 * evaluation and a checkpoint, each as in a run. When BRINE_PYTHON names a Python with PyTorch,
 * also PyTorch's eager step with AdamW on the same model. Processes run one after another.
 *
 *     npm run -s bench -- memory --json model=gpt2 positions=1024,2048
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/base/files/files.ts';
import { parameterSpecs, type ModelConfig } from '../../../src/model/index.ts';
import { RANK_ENVIRONMENT, RANK_FLAGS } from '../../../src/ring/place.ts';
import { sizeOf } from '../../../src/tensor/dtype.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';
import type { MemoryAnswer, MemoryRequest } from './student-process.ts';

const COMMON = {
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
  tieEmbeddings: true,
  initializerRange: 0.02,
};

const MODELS: Readonly<Record<string, ModelConfig>> = {
  /** The demo's student. */
  nano: {
    ...COMMON,
    vocabularySize: 2048,
    hiddenSize: 128,
    intermediateSize: 352,
    layers: 4,
    heads: 4,
    keyValueHeads: 2,
    headSize: 32,
    maxPositions: 8192,
  },
  /** GPT-2 small's sizes in Llama's form: 124 million parameters. */
  gpt2: {
    ...COMMON,
    vocabularySize: 50_257,
    hiddenSize: 768,
    intermediateSize: 2048,
    layers: 12,
    heads: 12,
    keyValueHeads: 12,
    headSize: 64,
    maxPositions: 8192,
  },
};

interface TorchAnswer {
  readonly peak: number;
  readonly seconds: number;
}

/** Settings: model=gpt2 rows=1 positions=1024 steps=4 stages=1 threads=2. */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<Record<string, unknown>> {
  const number = numbersOf(settings);
  const config = MODELS[settings['model'] ?? 'gpt2'];
  if (!config) throw new Error(`model must be one of ${Object.keys(MODELS).join(', ')}`);
  const python = process.env['BRINE_PYTHON'];
  for (const positions of (settings['positions'] ?? '1024').split(',').map(Number)) {
    const size = { config, rows: number('rows', 1), positions, steps: number('steps', 4) };
    const threads = number('threads', 2);
    const request: MemoryRequest = {
      ...size,
      stages: number('stages', 1),
      engine: { threads, device: 'cpu' },
    };
    const child = fileURLToPath(new URL('student-process.js', import.meta.url));
    const own = await answerOf<MemoryAnswer>(process.execPath, [
      ...RANK_FLAGS,
      child,
      JSON.stringify(request),
    ]);
    const torch =
      python === undefined
        ? undefined
        : await answerOf<TorchAnswer>(python, [
            join(packageRoot(), 'scripts', 'bench', 'torch', 'memory.py'),
            JSON.stringify({ ...config, ...size, threads }),
          ]);
    yield {
      bench: 'memory',
      parameters: parameterSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      rows: size.rows,
      positions,
      stages: request.stages,
      threads,
      openMiB: own.open,
      trainMiB: own.train,
      evaluateMiB: own.evaluate,
      saveMiB: own.save,
      stepSeconds: own.seconds,
      stepCpuSeconds: own.cpuSeconds,
      ...(torch && { torchMiB: torch.peak, torchStepSeconds: torch.seconds }),
    };
  }
}

/** Parses the last line of a process's output as JSON. Throws when the process fails. */
async function answerOf<A>(command: string, parameters: readonly string[]): Promise<A> {
  const environment = { ...process.env, ...RANK_ENVIRONMENT }; // the environment of a rank
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} exited with ${code}`);
  return JSON.parse(text.trim().split('\n').at(-1)!) as A;
}

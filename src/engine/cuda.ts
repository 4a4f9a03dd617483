/** What of CUDA is there: ONNX Runtime's provider, the libraries that it needs, the driver, the devices. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BrineError } from '../base/errors.ts';
import { locate, missingLibraries, searchPathOf } from './shared-libraries.ts';

export interface CudaOptions {
  /** Where ONNX Runtime's libraries lie. Default where onnxruntime-node has them. */
  readonly folder?: string;
  /** LD_LIBRARY_PATH as the processes of a run have it. */
  readonly libraryPath?: string | undefined;
}

export interface CudaPart {
  readonly part: 'provider' | 'libraries' | 'driver' | 'devices';
  readonly good: boolean;
  readonly detail: string;
  /** What to do; empty when good. */
  readonly hint: string;
}

export const SETUP = 'Run scripts/setup-cuda.sh.';

const PROVIDERS = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];

/** What brings a library, by the beginning of its name. */
const ORIGINS: readonly (readonly [prefix: string, origin: string])[] = [
  ['libcudnn', 'cuDNN 9 for CUDA 12 (Debian and Ubuntu: libcudnn9-cuda-12; pip: nvidia-cudnn-cu12)'],
  ['libcublas', 'cuBLAS 12 (Debian and Ubuntu: libcublas-12-*; pip: nvidia-cublas-cu12)'],
  ['libcudart', 'the CUDA 12 runtime (Debian and Ubuntu: cuda-cudart-12-*; pip: nvidia-cuda-runtime-cu12)'],
  ['libcufft', 'cuFFT 11 (Debian and Ubuntu: libcufft-12-*; pip: nvidia-cufft-cu12)'],
  ['libcurand', 'cuRAND 10 (Debian and Ubuntu: libcurand-12-*; pip: nvidia-curand-cu12)'],
  ['libnvrtc', 'NVRTC 12 (Debian and Ubuntu: cuda-nvrtc-12-*; pip: nvidia-cuda-nvrtc-cu12)'],
  ['libcuda.so', 'the NVIDIA driver'],
];

/** The folder of onnxruntime-node's libraries for this machine. */
export function runtimeFolder(): string {
  const home = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  return join(home, 'bin', 'napi-v6', process.platform, process.arch);
}

/** Every part, examined for real: files are read, the driver is asked. */
export async function examineCuda(options: CudaOptions = {}): Promise<CudaPart[]> {
  const folder = options.folder ?? runtimeFolder();
  const search = await searchPathOf(options.libraryPath);
  const provider = await providerPart(folder);
  const libraries = provider.good ? await librariesPart(join(folder, PROVIDERS[1]!), search) : undefined;
  const driver = await locate('libcuda.so.1', search);
  const devices = await devicesPart();
  return [
    provider,
    ...(libraries ? [libraries] : []),
    {
      part: 'driver',
      good: driver !== undefined,
      detail: driver === undefined ? 'libcuda.so.1 is not found' : driver,
      hint: driver === undefined ? 'Install the NVIDIA driver; in a container, start it with its GPUs.' : '',
    },
    devices,
  ];
}

/** Throws DEVICE_MISSING, naming everything that is missing, unless runs on CUDA devices can be. */
export async function requireCuda(options: CudaOptions = {}): Promise<void> {
  refuse(await examineCuda(options));
}

/** Throws DEVICE_MISSING unless the provider's own files are there: what a session can know without the environment. */
export async function requireProvider(): Promise<void> {
  refuse([await providerPart(runtimeFolder())]);
}

function refuse(parts: readonly CudaPart[]): void {
  const faults = parts.filter(({ good }) => !good);
  if (faults.length === 0) return;
  throw new BrineError(
    'DEVICE_MISSING',
    `device cuda cannot be used here: ${faults.map(({ detail }) => detail).join('; ')}`,
    { hint: `${faults.map(({ hint }) => hint).join(' ')} Or run with --set roles.device=cpu.` },
  );
}

async function providerPart(folder: string): Promise<CudaPart> {
  const there = await Promise.all(
    PROVIDERS.map((name) =>
      stat(join(folder, name)).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  const missing = PROVIDERS.filter((_, at) => !there[at]);
  return {
    part: 'provider',
    good: missing.length === 0,
    detail: missing.length === 0 ? `in ${folder}` : `${missing.join(' and ')} not in ${folder}`,
    hint: missing.length === 0 ? '' : SETUP,
  };
}

async function librariesPart(
  provider: string,
  search: Parameters<typeof missingLibraries>[1],
): Promise<CudaPart> {
  const missing = await missingLibraries(provider, search);
  const detail = missing.map(({ name, neededBy }) => `${name} is not found (${basename(neededBy)} needs it)`);
  const origins = new Set(missing.map(({ name }) => originOf(name)));
  return {
    part: 'libraries',
    good: missing.length === 0,
    detail: missing.length === 0 ? 'all found' : detail.join(', '),
    hint:
      missing.length === 0
        ? ''
        : `Install ${[...origins].join(', ')}, or name their folders in LD_LIBRARY_PATH.`,
  };
}

function originOf(name: string): string {
  return ORIGINS.find(([prefix]) => name.startsWith(prefix))?.[1] ?? `what brings ${name}`;
}

/** Asks nvidia-smi. */
async function devicesPart(): Promise<CudaPart> {
  const query = ['--query-gpu=index,name,memory.total,driver_version', '--format=csv,noheader'];
  const answer = await promisify(execFile)('nvidia-smi', query, { timeout: 20_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return {
    part: 'devices',
    good: answer !== '',
    detail: answer === '' ? 'nvidia-smi names no GPU' : answer.split('\n').join('; '),
    hint: answer === '' ? 'Run nvidia-smi by hand: it says why.' : '',
  };
}

/**
 * Checks the requirements of CUDA: ONNX Runtime's provider, its libraries, the driver, and the
 * devices.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BrineError } from '../base/errors.ts';
import { locate, missingLibraries, searchPathOf } from './shared-libraries.ts';

export interface CudaOptions {
  /** Folder of ONNX Runtime's libraries. Default: that of onnxruntime-node. */
  readonly folder?: string;
  /** LD_LIBRARY_PATH of the processes of a run. */
  readonly libraryPath?: string | undefined;
}

export interface CudaPart {
  readonly part: 'provider' | 'libraries' | 'driver' | 'devices';
  readonly good: boolean;
  readonly detail: string;
  /** How to fix it; empty if good. */
  readonly hint: string;
}

const SETUP = 'Run scripts/setup-cuda.sh.';

const PROVIDERS = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];

/** Packages of libraries, by the prefix of their names. */
const PACKAGES: readonly (readonly [prefix: string, source: string])[] = [
  ['libcudnn', 'cuDNN 9 for CUDA 12 (Debian and Ubuntu: libcudnn9-cuda-12; pip: nvidia-cudnn-cu12)'],
  ['libcublas', 'cuBLAS 12 (Debian and Ubuntu: libcublas-12-*; pip: nvidia-cublas-cu12)'],
  ['libcudart', 'the CUDA 12 runtime (Debian and Ubuntu: cuda-cudart-12-*; pip: nvidia-cuda-runtime-cu12)'],
  ['libcufft', 'cuFFT 11 (Debian and Ubuntu: libcufft-12-*; pip: nvidia-cufft-cu12)'],
  ['libcurand', 'cuRAND 10 (Debian and Ubuntu: libcurand-12-*; pip: nvidia-curand-cu12)'],
  ['libnvrtc', 'NVRTC 12 (Debian and Ubuntu: cuda-nvrtc-12-*; pip: nvidia-cuda-nvrtc-cu12)'],
  ['libcuda.so', 'the NVIDIA driver'],
];

/** Folder of onnxruntime-node's libraries for this machine. */
export function runtimeFolder(): string {
  const home = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  return join(home, 'bin', 'napi-v6', process.platform, process.arch);
}

/** Checks every part: reads the files and queries the driver. */
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

/** Throws DEVICE_MISSING, with all missing parts, if this machine cannot run on CUDA devices. */
export async function requireCuda(options: CudaOptions = {}): Promise<void> {
  refuse(await examineCuda(options));
}

/** Throws DEVICE_MISSING if the provider's own files are missing. Needs no environment. */
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
  const present = await Promise.all(
    PROVIDERS.map((name) =>
      stat(join(folder, name)).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  const missing = PROVIDERS.filter((_, at) => !present[at]);
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
  const packages = new Set(missing.map(({ name }) => packageOf(name)));
  return {
    part: 'libraries',
    good: missing.length === 0,
    detail: missing.length === 0 ? 'all found' : detail.join(', '),
    hint:
      missing.length === 0
        ? ''
        : `Install ${[...packages].join(', ')}, or name their folders in LD_LIBRARY_PATH.`,
  };
}

function packageOf(name: string): string {
  return PACKAGES.find(([prefix]) => name.startsWith(prefix))?.[1] ?? `the package of ${name}`;
}

/** Queries nvidia-smi. */
async function devicesPart(): Promise<CudaPart> {
  const query = ['--query-gpu=index,name,memory.total,driver_version', '--format=csv,noheader'];
  const output = await promisify(execFile)('nvidia-smi', query, { timeout: 20_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return {
    part: 'devices',
    good: output !== '',
    detail: output === '' ? 'nvidia-smi lists no GPU' : output.split('\n').join('; '),
    hint: output === '' ? 'Run nvidia-smi to see the cause.' : '',
  };
}

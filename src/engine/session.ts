/**
 * One ONNX Runtime session of a model, given as bytes or as a file.
 *
 * Measured behaviour of the Node binding: feeds are read in place. A fetch that is given as a
 * tensor is filled in place, at any offset of its ArrayBuffer; the binding also returns a copy of
 * it, which is dropped here. Outputs that are not fetched are still computed. `run` blocks its
 * thread.
 */
import { resolve } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { BrineError, messageOf } from '../base/errors.ts';
import { OutsideMemory } from '../base/process/outside-memory.ts';
import { sizeOf, type DType, type TensorData, type TypedArray } from '../tensor/dtype.ts';
import { requireProvider } from './cuda.ts';
import type { EngineOptions, Session } from './engine.ts';

/**
 * Opens a session on a serialized model or a model file. Throws ENGINE_FAILED, and DEVICE_MISSING
 * with the missing parts if the device is not available. Reuse sessions: creating them repeatedly
 * leaks memory in ONNX Runtime.
 */
export async function openSession(model: Uint8Array | string, options: EngineOptions): Promise<Session> {
  const settings = sessionSettings(options);
  try {
    const session =
      typeof model === 'string'
        ? await InferenceSession.create(model, settings)
        : await InferenceSession.create(model, settings);
    return new OnnxSession(session);
  } catch (cause) {
    if (options.device === 'cuda') await requireProvider();
    throw new BrineError('ENGINE_FAILED', `ONNX Runtime cannot load the graph: ${messageOf(cause)}`, {
      hint:
        options.device === 'cuda'
          ? `Check that device ${options.deviceId ?? 0} exists (nvidia-smi, CUDA_VISIBLE_DEVICES) and has free memory. "brine doctor --device cuda" checks its requirements.`
          : 'Check that the graph was written by this version of Brine, or exported for this version of ONNX Runtime.',
      cause,
    });
  }
}

/**
 * Idle worker threads sleep instead of spinning, because several processes share few cores.
 * Spinning made a chain of 256×128 products 4 times slower (two processes with two threads each on
 * two cores: 33 ms a run instead of 8 ms), and was no faster on an idle machine.
 */
function sessionSettings(options: EngineOptions): InferenceSession.SessionOptions {
  return {
    executionProviders:
      options.device === 'cuda' ? [{ name: 'cuda', deviceId: options.deviceId ?? 0 }, 'cpu'] : ['cpu'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    enableMemPattern: options.memory === undefined || options.memory === 'planned',
    enableCpuMemArena: options.memory !== 'released',
    logSeverityLevel: 4, // failures are thrown with their message; do not also print them
    extra: {
      session: {
        intra_op: { allow_spinning: '0' },
        ...(options.dataFolder === undefined
          ? {}
          : { model_external_initializers_file_folder_path: resolve(options.dataFolder) }),
      },
    },
    ...(options.profilePrefix === undefined
      ? {}
      : { enableProfiling: true, profileFilePrefix: options.profilePrefix }),
  };
}

/** Copies of outputs that were filled in place, of all sessions of this thread. */
const copies = new OutsideMemory();

class OnnxSession implements Session {
  readonly #session: InferenceSession;
  #closed = false;

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  get inputs(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputs(): readonly string[] {
    return this.#session.outputNames;
  }

  async run(
    feeds: Readonly<Record<string, TensorData>>,
    fetches: Readonly<Record<string, TensorData | null>>,
  ): Promise<Record<string, TensorData>> {
    const outputs = await this.#run(feeds, fetches);
    copies.dropped(Object.values(fetches).reduce((sum, tensor) => sum + (tensor?.data.byteLength ?? 0), 0));
    return outputs;
  }

  async #run(
    feeds: Readonly<Record<string, TensorData>>,
    fetches: Readonly<Record<string, TensorData | null>>,
  ): Promise<Record<string, TensorData>> {
    if (this.#closed) {
      throw new BrineError('CLOSED', 'the session was closed', { hint: 'Do not run after close().' });
    }
    const given = mapValues(feeds, toTensor);
    const requested = mapValues(fetches, (tensor, name) => (tensor === null ? null : toTensor(tensor, name)));
    let results: InferenceSession.ReturnType;
    try {
      results = await this.#session.run(given, requested);
    } catch (cause) {
      throw new BrineError('ENGINE_FAILED', `ONNX Runtime failed while running: ${messageOf(cause)}`, {
        hint: 'If memory ran out, use more micro-batches or a smaller model; else report this with the command you ran.',
        cause,
      });
    }
    return mapValues(fetches, (tensor, name) => tensor ?? fromTensor(results[name], name));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#session.release();
  }
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A, name: string) => B) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

function toTensor({ dtype, shape, data }: TensorData, name: string): Tensor {
  if (data.length !== sizeOf(shape)) {
    throw new BrineError(
      'SHAPE_MISMATCH',
      `${name} is [${shape.join(', ')}] and has ${data.length} elements instead of ${sizeOf(shape)}`,
      { hint: 'Give a buffer of exactly the size of its shape.' },
    );
  }
  // The binding declares one overload for each element type; TensorData guarantees the array class.
  return new Tensor(dtype as 'float32', data as Float32Array, shape);
}

function fromTensor(value: InferenceSession.ReturnType[string] | undefined, name: string): TensorData {
  if (!(value instanceof Tensor)) {
    throw new BrineError('ENGINE_FAILED', `the graph returned no tensor for ${name}`, {
      hint: 'Fetch only outputs of the session.',
    });
  }
  return { dtype: value.type as DType, shape: value.dims, data: value.data as TypedArray };
}

/**
 * One ONNX Runtime session: a model's bytes (or file) in, numbers out.
 *
 * What the node binding does, measured: feeds are read in place; a fetch that is given as a tensor is filled in place,
 * at any offset of its ArrayBuffer, and the tensor that comes back for it is a fresh copy, which is dropped here. Names
 * that are not fetched are still computed. `run` blocks its thread.
 */
import { resolve } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { BrineError, messageOf } from '../base/errors.ts';
import { OutsideMemory } from '../base/process/outside-memory.ts';
import { sizeOf, type DType, type TensorData, type TypedArray } from '../tensor/dtype.ts';
import { requireProvider } from './cuda.ts';
import type { EngineOptions, Session } from './engine.ts';

/**
 * Opens a session on a serialized model or on a model file. Throws ENGINE_FAILED, and DEVICE_MISSING when
 * the device is not there, saying what is missing.
 * Create sessions once: creating them repeatedly leaks inside ONNX Runtime.
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
          ? `Check that there is a device ${options.deviceId ?? 0} (nvidia-smi, CUDA_VISIBLE_DEVICES), with memory left; "brine doctor --device cuda" says what is there.`
          : 'Check that the graph was written by this version of Brine, or exported for this version of ONNX Runtime.',
      cause,
    });
  }
}

/**
 * Idle worker threads sleep instead of spinning: several processes share few cores, where spinning made a chain of
 * 256×128 products 4 times slower (two processes with two threads each on two cores: 33 ms a run against 8 ms) and
 * was no faster with the machine to itself.
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

/** Of outputs that were filled in place: this thread's, of all sessions. */
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
    const asked = mapValues(fetches, (tensor, name) => (tensor === null ? null : toTensor(tensor, name)));
    let results: InferenceSession.ReturnType;
    try {
      results = await this.#session.run(given, asked);
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
  // The binding's types ask for one element type each; which array belongs to which dtype is TensorData's promise.
  return new Tensor(dtype as 'float32', data as Float32Array, shape);
}

function fromTensor(value: InferenceSession.ReturnType[string] | undefined, name: string): TensorData {
  if (!(value instanceof Tensor)) {
    throw new BrineError('ENGINE_FAILED', `the graph gave no tensor for ${name}`, {
      hint: "Ask only for names among the session's outputs.",
    });
  }
  return { dtype: value.type as DType, shape: value.dims, data: value.data as TypedArray };
}

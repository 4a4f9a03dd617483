import type { TensorData } from '../tensor/dtype.ts';

/**
 * What a session keeps of the memory of a run: one block that is `planned` for the next run, beside pieces of the first; pieces that are
 * `kept` in an arena; or nothing, each piece being `released` to the system when it is not needed any more.
 */
export type RunMemory = 'planned' | 'kept' | 'released';

/** Bytes in, numbers out. This room knows ONNX Runtime and no graph. */
export interface EngineOptions {
  /** Threads inside one operator. */
  threads: number;
  device: 'cpu' | 'cuda';
  /** Index of the device among those of its kind. */
  deviceId?: number;
  /** Default planned. */
  memory?: RunMemory;
  /** Path prefix of a profile that ONNX Runtime writes; no profile without it. */
  profilePrefix?: string;
  /** Where a model that is given as bytes keeps its external data. */
  dataFolder?: string;
}

export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Runs the graph; blocks the calling thread. Inputs are read in place. A fetch given as a tensor is filled in place
   * (its buffer must have the exact size); a fetch given as null is returned as a new tensor. Throws ENGINE_FAILED with
   * ONNX Runtime's message.
   */
  run(
    feeds: Readonly<Record<string, TensorData>>,
    fetches: Readonly<Record<string, TensorData | null>>,
  ): Promise<Record<string, TensorData>>;
  close(): Promise<void>;
}

/** What lives where the engine runs: methods from one structured-cloneable argument to a promise of one. */
export interface Program {
  /** Releases its sessions. */
  close(): Promise<void>;
}

/** What a program module exports beside its types. */
export interface ProgramModule<P extends Program, Init> {
  create(init: Init): Promise<P>;
}

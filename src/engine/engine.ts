import type { TensorData } from '../tensor/dtype.ts';

/**
 * Memory that a session keeps between runs. `planned`: one block for the plan of the next run,
 * besides the arena of the first run. `kept`: an arena. `released`: nothing; allocations return to
 * the system as soon as they are unused.
 */
export type RunMemory = 'planned' | 'kept' | 'released';

/** Options of a session. */
export interface EngineOptions {
  /** Threads inside one operator. */
  threads: number;
  device: 'cpu' | 'cuda';
  /** Index among the devices of its kind. */
  deviceId?: number;
  /** Default planned. */
  memory?: RunMemory;
  /** Path prefix of a profile that ONNX Runtime writes. Default: no profile. */
  profilePrefix?: string;
  /** Folder of the external data of a model that is given as bytes. */
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

/**
 * An object in the engine thread. Each method maps one structured-cloneable argument to a promise
 * of a structured-cloneable result.
 */
export interface Program {
  /** Closes its sessions. */
  close(): Promise<void>;
}

/** The exports of a program module, besides types. */
export interface ProgramModule<P extends Program, Init> {
  create(init: Init): Promise<P>;
}

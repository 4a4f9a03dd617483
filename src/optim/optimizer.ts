/**
 * What an optimizer is: it walks the flat buffers of parameters and gradients and changes the parameters in place. Its
 * state is named arrays that a checkpoint can write. Deterministic, bit for bit, for one number of threads.
 */
import type { TensorData } from '../tensor/dtype.ts';
import type { FlatLayout } from '../tensor/layout.ts';
import type { Owned } from './slices.ts';

export interface AdamWConfig {
  readonly kind: 'adamw';
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Decoupled weight decay, on matrices only. */
  readonly decay: number;
  /** The largest global norm of the gradient; longer ones are scaled down to it. Infinity turns it off. */
  readonly clip: number;
}

export interface AdafactorConfig {
  readonly kind: 'adafactor';
  /** Decoupled weight decay, on matrices only. */
  readonly decay: number;
  /** As AdamW's. */
  readonly clip: number;
  /** Whether the rate counts in units of the parameter's own root mean square (at least 1e-3). */
  readonly relative: boolean;
}

export type OptimizerConfig = AdamWConfig | AdafactorConfig;

export interface Update {
  /** Counts from 0. */
  readonly step: number;
  readonly rate: number;
  /** As the layout says; changed in place. */
  readonly parameters: readonly Float32Array[];
  /** As the layout says; read. */
  readonly gradients: readonly Float32Array[];
  /** Multiplies the gradients first: 1 / ranks after a sum over ranks. Default 1. */
  readonly gradientScale?: number;
  /** Σ gradient² before scaling, over all owners' shares. Default: of the share at hand, which is all there is without others. */
  readonly squares?: number | undefined;
}

export interface Optimizer {
  /** Zeros at first. Names begin with the parameter's. To resume, set the arrays. With a share, of that alone. */
  readonly state: ReadonlyMap<string, Float32Array>;
  /** What is kept for every element of every parameter, by bucket; with a share, of that alone. None where state has other shapes. */
  readonly parts: ReadonlyMap<string, readonly Float32Array[]>;
  /** Where an array of `state` begins within the whole one; undefined unless this is a share. */
  beginOf(name: string): number | undefined;
  /** Σ gradient² over the share at hand. */
  squares(gradients: readonly Float32Array[]): Promise<number>;
  /**
   * One step. Returns the global norm of the scaled gradients before clipping. Throws TRAINING_DIVERGED, with nothing
   * changed, when that norm is no finite number.
   */
  update(update: Update): Promise<{ gradientNorm: number }>;
  close(): Promise<void>;
}

/** What an optimizer needs of an engine: a graph that can be run. */
export interface GraphSession {
  run(
    feeds: Readonly<Record<string, TensorData>>,
    fetches: Readonly<Record<string, TensorData | null>>,
  ): Promise<Record<string, TensorData>>;
  close(): Promise<void>;
}

export interface OptimizerParts {
  readonly layout: FlatLayout;
  /** Whether weight decay applies to a tensor. */
  readonly decays: (name: string) => boolean;
  /** The share of every bucket that is updated here, others updating the rest. Default all. AdamW alone can be shared out. */
  readonly owned?: Owned | undefined;
  /** Opens a serialized graph. */
  readonly open: (graph: Uint8Array) => Promise<GraphSession>;
}

export function vector(data: Float32Array): TensorData {
  return { dtype: 'float32', shape: [data.length], data };
}

export function number(value: number): TensorData {
  return { dtype: 'float32', shape: [], data: Float32Array.of(value) };
}

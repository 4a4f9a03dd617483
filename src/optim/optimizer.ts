/**
 * The optimizer interface. An optimizer updates the flat buffers of parameters in place. Its state
 * consists of named arrays, which checkpoints store. Results are bit-identical for a fixed number of
 * threads.
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
  /** Maximum global norm of the gradient. Infinity disables clipping. */
  readonly clip: number;
}

export interface AdafactorConfig {
  readonly kind: 'adafactor';
  /** Decoupled weight decay, on matrices only. */
  readonly decay: number;
  /** As in AdamWConfig. */
  readonly clip: number;
  /** Whether the rate is relative to the parameter's root mean square (at least 1e-3). */
  readonly relative: boolean;
}

export type OptimizerConfig = AdamWConfig | AdafactorConfig;

export interface Update {
  /** Counts from 0. */
  readonly step: number;
  readonly rate: number;
  /** One array for each bucket of the layout, updated in place. */
  readonly parameters: readonly Float32Array[];
  /** One array for each bucket of the layout, read only. */
  readonly gradients: readonly Float32Array[];
  /** Factor applied to the gradients first: 1 / ranks after a sum over ranks. Default 1. */
  readonly gradientScale?: number;
  /**
   * Σ gradient² before scaling, over the shares of all owners. Default: computed from the owned
   * share.
   */
  readonly squares?: number | undefined;
}

export interface Optimizer {
  /**
   * State arrays by name, initially zeros. A name begins with the parameter's name. To resume, set the
   * arrays. Covers only the owned share.
   */
  readonly state: ReadonlyMap<string, Float32Array>;
  /**
   * State with one element for each parameter element, by bucket. Covers only the owned share. Empty
   * if state has other shapes.
   */
  readonly parts: ReadonlyMap<string, readonly Float32Array[]>;
  /**
   * Offset of a `state` array within the array of the whole tensor; undefined if nothing is
   * sharded.
   */
  beginOf(name: string): number | undefined;
  /** Σ gradient² over the owned share. */
  squares(gradients: readonly Float32Array[]): Promise<number>;
  /**
   * Performs one step. Returns the global norm of the scaled gradients before clipping. Throws
   * TRAINING_DIVERGED and changes nothing if that norm is not finite.
   */
  update(update: Update): Promise<{ gradientNorm: number }>;
  close(): Promise<void>;
}

/** The part of an engine session that an optimizer uses. */
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
  /** The share of every bucket that this optimizer updates. Default all. Only AdamW can be sharded. */
  readonly owned?: Owned | undefined;
  /** Opens a session for a serialized graph. */
  readonly open: (graph: Uint8Array) => Promise<GraphSession>;
}

export function vector(data: Float32Array): TensorData {
  return { dtype: 'float32', shape: [data.length], data };
}

export function number(value: number): TensorData {
  return { dtype: 'float32', shape: [], data: Float32Array.of(value) };
}

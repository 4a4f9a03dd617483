import type { EngineOptions } from '../engine/engine.ts';
import type { TensorData } from '../tensor/dtype.ts';
import type { DrawingShape } from './graph.ts';

/** One run of a teacher's graph: B rows of T positions, N = B·T. */
export interface Batch {
  /** [B, T] */
  readonly tokens: BigInt64Array;
  /** [N] */
  readonly trueIds: BigInt64Array;
  /** [N] */
  readonly u: Float32Array;
}

/** A teacher's model in a session together with what draws from its logits. */
export interface Forward {
  /** B */
  readonly rows: number;
  /** The columns that teacherGraph names. */
  run(batch: Batch): Promise<Record<string, TensorData>>;
  close(): Promise<void>;
}

export interface ForwardOptions extends EngineOptions, DrawingShape {
  readonly modelFolder: string;
  readonly device: 'cpu' | 'cuda';
}

/** What every forward graph takes beside the model's own inputs. */
export function drawingFeeds({ trueIds, u }: Batch): { trueIds: TensorData; u: TensorData } {
  return {
    trueIds: { dtype: 'int64', shape: [trueIds.length], data: trueIds },
    u: { dtype: 'float32', shape: [u.length], data: u },
  };
}

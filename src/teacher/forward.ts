import type { EngineOptions } from '../engine/engine.ts';
import type { TensorData } from '../tensor/dtype.ts';
import type { DrawingShape } from './graph.ts';

/** Input of one run of a teacher's graph: B rows of T positions, N = B·T. */
export interface TeacherBatch {
  /** [B, T] */
  readonly tokens: BigInt64Array;
  /** [N] */
  readonly trueIds: BigInt64Array;
  /** [N] */
  readonly u: Float32Array;
}

/** An open session of a teacher's model and its drawing graph. */
export interface Forward {
  /** B */
  readonly rows: number;
  /** Returns the columns of teacherGraph. */
  run(batch: TeacherBatch): Promise<Record<string, TensorData>>;
  close(): Promise<void>;
}

export interface ForwardOptions extends EngineOptions, DrawingShape {
  readonly modelFolder: string;
  readonly device: 'cpu' | 'cuda';
}

/** The feeds of every forward graph besides the model's own inputs. */
export function drawingFeeds({ trueIds, u }: TeacherBatch): { trueIds: TensorData; u: TensorData } {
  return {
    trueIds: { dtype: 'int64', shape: [trueIds.length], data: trueIds },
    u: { dtype: 'float32', shape: [u.length], data: u },
  };
}

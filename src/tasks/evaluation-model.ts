import type { Scope } from '../base/scope.ts';
import { runMemory } from '../engine/run-memory.ts';
import { openSession } from '../engine/session.ts';
import { computedBytes, serialize } from '../graph/index.ts';
import { modelKind, readModelFolder, requireFiniteParameters } from '../model/index.ts';
import { evaluationGraph, type BatchShape } from '../student/program/graphs.ts';
import { openOnnxForward } from '../teacher/onnx-forward.ts';
import type { TensorData } from '../tensor/dtype.ts';
import { tensorsOf } from '../tensor/layout.ts';

/** A checkpoint or an exported model that computes probabilities and ranks of the tokens of rows. */
export interface EvaluationModel {
  /** Rows of one run. An exported model may fix this number. */
  readonly rows: number;
  /** Runs the model on B rows of T ids, and of the ids that follow them, both [B·T]. */
  run(ids: { readonly tokens: BigInt64Array; readonly labels: BigInt64Array }): Promise<Predictions>;
}

export interface Predictions {
  /** [N]: natural logarithm of the label's probability. */
  readonly logProbability: ArrayLike<number>;
  /** [N]: number of other ids with a higher logit. */
  readonly rank: ArrayLike<number>;
}

export interface EvaluationModelOptions extends BatchShape {
  readonly folder: string;
  readonly vocabulary: number;
  readonly threads: number;
}

/** Opens a model, which is closed with the scope. Throws as readModelFolder and openOnnxForward. */
export async function openEvaluationModel(
  scope: Scope,
  options: EvaluationModelOptions,
): Promise<EvaluationModel> {
  const { folder } = options;
  return (await modelKind(folder)) === 'onnx' ? openExported(scope, options) : openCheckpoint(scope, options);
}

async function openCheckpoint(scope: Scope, options: EvaluationModelOptions): Promise<EvaluationModel> {
  const { folder, rows, positions, vocabulary, threads } = options;
  const model = await readModelFolder(folder);
  requireFiniteParameters(folder, model);
  const graph = evaluationGraph(model.config, { rows, positions, vocabulary });
  const engine = { threads, device: 'cpu' } as const;
  const memory = runMemory(computedBytes(graph), engine);
  const session = scope.use(await openSession(serialize(graph), { ...engine, memory }));
  const weights = tensorsOf(model);
  const shape = [rows, positions];
  return {
    rows,
    async run({ tokens, labels }) {
      const found = await session.run(
        {
          ...weights,
          tokens: { dtype: 'int64', shape, data: tokens },
          labels: { dtype: 'int64', shape, data: labels },
        },
        { logProbability: null, rank: null },
      );
      return predictionsOf(found['logProbability'], found['rank']);
    },
  };
}

function predictionsOf(logProbability: TensorData | undefined, rank: TensorData | undefined): Predictions {
  return {
    logProbability: logProbability!.data as Float32Array,
    rank: rank!.data as Float32Array | Int32Array,
  };
}

/**
 * Opens an exported model as a teacher with the `context` rule, whose columns are those of an
 * evaluation.
 */
async function openExported(
  scope: Scope,
  { folder, vocabulary, rows, positions, threads }: EvaluationModelOptions,
): Promise<EvaluationModel> {
  const forward = scope.use(
    await openOnnxForward({
      modelFolder: folder,
      rule: { kind: 'context' },
      rows,
      positions,
      vocabulary,
      threads,
      device: 'cpu',
    }),
  );
  const unused = new Float32Array(forward.rows * positions);
  return {
    rows: forward.rows,
    async run({ tokens, labels }) {
      const found = await forward.run({ tokens, trueIds: labels, u: unused });
      return predictionsOf(found['trueLogProb'], found['trueRank']);
    },
  };
}

import type { Scope } from '../base/scope.ts';
import { modelKind, readModelFolder, requireFiniteParameters } from '../model/index.ts';
import { EvaluationSession, type EvaluationModel } from '../student/program/evaluation.ts';
import type { BatchShape } from '../student/program/graphs.ts';
import { openOnnxForward } from '../teacher/onnx-forward.ts';
import { tensorsOf } from '../tensor/layout.ts';

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

async function openCheckpoint(
  scope: Scope,
  { folder, threads, ...shape }: EvaluationModelOptions,
): Promise<EvaluationModel> {
  const model = await readModelFolder(folder);
  requireFiniteParameters(folder, model);
  const engine = { threads, device: 'cpu' } as const;
  const session = await EvaluationSession.open({ config: model.config, ...shape, engine, seldom: false });
  return scope.use(session).modelWith(tensorsOf(model));
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
      return {
        logProbability: found['trueLogProb']!.data as Float32Array,
        rank: found['trueRank']!.data as Float32Array,
      };
    },
  };
}

import { modelKind, readModelFolder, requireFiniteParameters } from '../../model/index.ts';
import {
  EvaluationSession,
  type EvaluationModel,
  type Predictions,
} from '../../student/program/evaluation.ts';
import type { BatchShape } from '../../student/program/graphs.ts';
import { openOnnxForward } from '../../teacher/onnx-forward.ts';
import { readCausalModel } from '../../teacher/onnx-outputs.ts';
import type { TensorData } from '../../tensor/dtype.ts';
import { tensorsOf } from '../../tensor/layout.ts';
import { exportedPositions } from '../exported-positions.ts';

/** An evaluation model of one batch shape, which its user closes. */
export interface OpenEvaluationModel extends EvaluationModel {
  close(): Promise<void>;
}

/** A checkpoint or an exported model that can be opened with several batch shapes. */
export interface EvaluationSource {
  readonly folder: string;
  /** Maximum number of positions of a row. */
  readonly positions: number;
  /** The only row length that the model accepts, if there is one. */
  readonly fixedPositions: number | undefined;
  /** Opens the model, with the columns of `Distribution`. Throws as openOnnxForward, ENGINE_FAILED. */
  open(shape: BatchShape): Promise<OpenEvaluationModel>;
}

export interface EvaluationSourceOptions {
  readonly folder: string;
  /** Number of ids that count, from 0: those of the tokenizer. */
  readonly vocabulary: number;
  /** Threads inside one operator. */
  readonly threads: number;
}

/** Reads a model for evaluation. Throws as readModelFolder and readCausalModel, MODEL_NOT_FINITE. */
export async function evaluationSource(options: EvaluationSourceOptions): Promise<EvaluationSource> {
  return (await modelKind(options.folder)) === 'onnx' ? exported(options) : checkpoint(options);
}

async function checkpoint({
  folder,
  vocabulary,
  threads,
}: EvaluationSourceOptions): Promise<EvaluationSource> {
  const model = await readModelFolder(folder);
  requireFiniteParameters(folder, model);
  const { config } = model;
  const engine = { threads, device: 'cpu' } as const;
  const parameters = tensorsOf(model);
  return {
    folder,
    positions: config.maxPositions,
    fixedPositions: undefined,
    async open(shape) {
      const options = { config, ...shape, vocabulary, distribution: true, engine, seldom: false };
      const session = await EvaluationSession.open(options);
      return { ...session.modelWith(parameters), close: () => session.close() };
    },
  };
}

/**
 * Opens an exported model as a teacher with the `context` rule, whose columns are those of an
 * evaluation.
 */
async function exported({ folder, vocabulary, threads }: EvaluationSourceOptions): Promise<EvaluationSource> {
  const model = await readCausalModel(folder);
  const fixed = model.ids.shape?.[1];
  return {
    folder,
    positions: await exportedPositions(folder, model),
    fixedPositions: typeof fixed === 'number' ? fixed : undefined,
    async open({ rows, positions }) {
      const forward = await openOnnxForward({
        modelFolder: folder,
        rule: { kind: 'context' },
        rows,
        positions,
        vocabulary,
        threads,
        device: 'cpu',
        distribution: true,
      });
      const u = new Float32Array(forward.rows * positions); // the rule draws nothing
      return {
        rows: forward.rows,
        run: async ({ tokens, labels }) => predictionsOf(await forward.run({ tokens, trueIds: labels, u })),
        close: () => forward.close(),
      };
    },
  };
}

function predictionsOf(found: Readonly<Record<string, TensorData>>): Predictions {
  const column = (name: string) => found[name]!.data as Float32Array | Int32Array;
  return {
    logProbability: column('trueLogProb'),
    rank: column('trueRank'),
    distribution: {
      choice: column('choice'),
      confidence: column('confidence'),
      entropy: column('entropy'),
    },
  };
}

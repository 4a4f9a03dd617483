/**
 * The student's graphs: they combine model, loss and autodiff. Parameters are inputs under Hugging
 * Face's names, so a graph stays small however large the model.
 */
import { gradients } from '../../autodiff/index.ts';
import { Graph, mul, reciprocal, reshape, slice, type Value } from '../../graph/index.ts';
import { evaluationHead, sparseCrossEntropy, type Rest, type RestMass } from '../../loss/index.ts';
import { parameterInputs, transformer, type ModelConfig } from '../../model/index.ts';
import { withProducts, type Kernels, type ProductPrecision } from './precision.ts';

export interface BatchShape {
  /** B: rows of one micro-batch. */
  readonly rows: number;
  /** T */
  readonly positions: number;
}

interface TrainingShape extends BatchShape {
  /** K: target ids per position. */
  readonly targets: number;
  /**
   * How the mass outside the teacher's ids is treated. Default renormalise, which happens when
   * targets are made.
   */
  readonly rest?: Rest | undefined;
  /** Precision of matrix products. Default float32. */
  readonly precision?: ProductPrecision | undefined;
  /** Whether the provider has such products, or float32 imitates them. Default imitated. */
  readonly kernels?: Kernels | undefined;
  /** Maximum number of logits in memory at once. Default: that of `sparseCrossEntropy`. */
  readonly chunkElements?: number;
}

/** The inputs that differ between micro-batches. */
export const COLUMNS: readonly string[] = ['tokens', 'targetIds', 'targetWeights', 'remaining'];

/** Outputs with scalars of the loss; those after the first only in graphs whose loss has parts. */
export const LOSSES = ['loss', 'labelLoss', 'teacherPart'] as const;

/** The input with the loss scale of fp16. */
export const LOSS_SCALE = 'lossScale';

/** Name of the output with a parameter's gradient. */
export function gradientName(parameter: string): string {
  return `${parameter}.gradient`;
}

/**
 * Forward and backward pass in one graph.
 *
 * Inputs: tokens int64 [B, T], targetIds int64 [N, K], targetWeights float32 [N, K] (N = B·T, K =
 * `targets`), remaining float32 [N] if `rest` is spread or ghost, and the parameters. Target 0 of a
 * position is then the hard label, the others are the teacher's ids. Outputs: loss (mean over N),
 * each parameter's gradient, and if K > 1 or `remaining` is an input, the parts of the loss
 * (labelLoss, teacherPart).
 *
 * With fp16 there is one more input, lossScale float32 []: gradients are multiplied by it inside,
 * and divided by it at the end.
 */
export function trainingGraph(config: ModelConfig, shape: TrainingShape): Graph {
  const {
    rows,
    positions,
    targets,
    rest = 'renormalise',
    precision = 'float32',
    kernels,
    ...chunking
  } = shape;
  const graph = new Graph('training');
  const tokens = graph.input('tokens', 'int64', [rows, positions]);
  const targetIds = graph.input('targetIds', 'int64', [rows * positions, targets]);
  const targetWeights = graph.input('targetWeights', 'float32', [rows * positions, targets]);
  const restMass: RestMass | undefined =
    rest === 'renormalise'
      ? undefined
      : { treatment: rest, mass: graph.input('remaining', 'float32', [rows * positions]) };
  const parameters = parameterInputs(config, graph);
  const lossScale = precision === 'fp16' ? graph.input(LOSS_SCALE, 'float32', []) : undefined;
  const { hidden, head } = transformer(config, { tokens, parameters });
  const { loss, hiddenGradient, headGradient, parts } = sparseCrossEntropy({
    hidden,
    head,
    targetIds,
    targetWeights,
    rest: restMass,
    lossScale,
    ...chunking,
  });
  const found = gradients(
    [
      { value: hidden, gradient: hiddenGradient },
      { value: head, gradient: headGradient },
    ],
    [...parameters.values()],
  );
  for (const [name, value] of Object.entries({ loss, ...parts })) graph.output(name, value);
  [...parameters.keys()].forEach((name, at) => {
    const gradient = lossScale === undefined ? found[at]! : mul(found[at]!, reciprocal(lossScale));
    graph.output(gradientName(name), gradient);
  });
  return precision === 'float32' ? graph : withProducts(graph, { precision, kernels });
}

export interface EvaluationShape extends BatchShape {
  /**
   * Number of ids that count, from 0. The head may be padded; further ids are ignored. Default:
   * all.
   */
  readonly vocabulary?: number | undefined;
  /** Whether to compute choice, confidence and entropy as well. Default false. */
  readonly distribution?: boolean | undefined;
}

/**
 * Forward pass. Inputs: tokens int64 [B, T], labels int64 [B, T] and the parameters. Outputs:
 * logProbability float32 [N] of each label, and its rank int32 [N]. With `distribution` also choice
 * int32 [N], the first id with the highest logit, confidence float32 [N], its probability, and entropy
 * float32 [N] in nats.
 */
export function evaluationGraph(
  config: ModelConfig,
  { rows, positions, vocabulary = config.vocabularySize, distribution = false }: EvaluationShape,
): Graph {
  const graph = new Graph('evaluation');
  const tokens = graph.input('tokens', 'int64', [rows, positions]);
  const labels = graph.input('labels', 'int64', [rows, positions]);
  const parameters = parameterInputs(config, graph);
  const { hidden, head } = transformer(config, { tokens, parameters });
  const outputs = evaluationHead({
    hidden,
    distribution,
    head:
      vocabulary < config.vocabularySize ? slice(head, { starts: [0], ends: [vocabulary], axes: [0] }) : head,
    labels: reshape(labels, [rows * positions]),
  });
  graph.output('logProbability', outputs.logProbability);
  graph.output('rank', outputs.rank);
  for (const [name, value] of Object.entries(outputs.distribution ?? {})) graph.output(name, value as Value);
  return graph;
}

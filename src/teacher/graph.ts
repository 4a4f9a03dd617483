import { Graph, reshape, softmax, type Value } from '../graph/index.ts';
import { contextGraph } from '../labels/drawing/context-graph.ts';
import { drawingGraph } from '../labels/drawing/drawing.ts';
import type { DrawingRule } from '../labels/identity.ts';
import { overLogits, overWholeLogits, positionsOf, type ColumnBuilder } from '../labels/drawing/logits.ts';
import { distributionColumns } from '../loss/index.ts';
import { parameterInputs, transformer, type ModelConfig } from '../model/index.ts';

export interface DrawingShape {
  readonly rule: DrawingRule;
  /** B */
  readonly rows: number;
  /** T */
  readonly positions: number;
  /** V: vocabulary size of the tokenizer; the model's may be larger. */
  readonly vocabulary: number;
  readonly device: 'cpu' | 'cuda';
  /** Whether to compute choice and confidence as well, for an evaluation. Default false. */
  readonly distribution?: boolean | undefined;
}

export interface TeacherShape extends DrawingShape {
  readonly config: ModelConfig;
}

/**
 * Builds the teacher's forward-only graph. Inputs: tokens int64 [B, T], trueIds int64 [N = B·T], u
 * float32 [N], and the parameters by name. Outputs: ids int32 [N, K] and weights float32 [N, K]
 * (absent for the rule `context`), remaining float32 [N] (`topk`), trueLogProb, trueRank and
 * entropy float32 [N]. With `distribution` also choice int32 [N], the first id with the highest logit,
 * and confidence float32 [N], its probability. Logits never leave the graph.
 */
export function teacherGraph(shape: TeacherShape): Graph {
  const { config, rows, positions, vocabulary } = shape;
  const graph = new Graph('teacher');
  const tokens = graph.input('tokens', 'int64', [rows, positions]);
  const outputs = transformer(config, { tokens, parameters: parameterInputs(config, graph) });
  return withOutputs(graph, overLogits({ ...outputs, vocabulary }, labelColumns(graph, shape)));
}

export interface LogitsShape extends DrawingShape {
  readonly logits: {
    readonly dtype: 'float32' | 'float16' | 'float64';
    /** V'; undefined when the model does not declare it. */
    readonly extent: number | undefined;
  };
}

/**
 * Builds the graph that draws from a model's logits [B, T, V']. Inputs: logits, trueIds and u;
 * outputs as in teacherGraph. Its ops have the same form in all ONNX operator sets since 16.
 */
export function logitsGraph(shape: LogitsShape): Graph {
  const { rows, positions, vocabulary, logits } = shape;
  const { dtype, extent = vocabulary } = logits;
  const graph = new Graph('drawing');
  const input = graph.input('logits', dtype, [rows, positions, extent]);
  const whole = { logits: input, extentKnown: logits.extent !== undefined, vocabulary };
  return withOutputs(graph, overWholeLogits(whole, labelColumns(graph, shape)));
}

/** Adds the inputs trueIds and u. */
function labelColumns(graph: Graph, shape: DrawingShape): ColumnBuilder<string> {
  const { rule, rows, positions, device, distribution = false } = shape;
  const trueIds = graph.input('trueIds', 'int64', [rows * positions]);
  const u = graph.input('u', 'float32', [rows * positions]);
  const counting = device === 'cpu' ? 'bytes' : 'floats';
  return (logits, begin, end): Record<string, Value> => {
    const context = {
      ...contextGraph(logits, positionsOf(trueIds, begin, end), counting),
      ...(distribution && choiceColumns(logits)),
    };
    if (rule.kind === 'context') return context;
    const { remaining, ...drawn } = drawingGraph(logits, rule, positionsOf(u, begin, end));
    return { ...drawn, ...context, ...(remaining === undefined ? {} : { remaining }) };
  };
}

function choiceColumns(logits: Value): Record<'choice' | 'confidence', Value> {
  const { choice, confidence } = distributionColumns({ logits, probabilities: softmax(logits) });
  const n = [logits.shape[0]!];
  return { choice: reshape(choice, n), confidence: reshape(confidence, n) };
}

function withOutputs(graph: Graph, columns: Readonly<Record<string, Value>>): Graph {
  for (const [name, value] of Object.entries(columns)) graph.output(name, value);
  return graph;
}

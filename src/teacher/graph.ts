import { Graph, type Value } from '../graph/index.ts';
import { contextGraph } from '../labels/context-graph.ts';
import { drawingGraph } from '../labels/drawing.ts';
import type { DrawingRule } from '../labels/identity.ts';
import { overLogits, positionsOf } from '../labels/logits.ts';
import { parameterInputs, transformer, type ModelConfig } from '../model/index.ts';

export interface TeacherShape {
  readonly config: ModelConfig;
  readonly rule: DrawingRule;
  /** B */
  readonly rows: number;
  /** T */
  readonly positions: number;
  /** V: the tokenizer's; the model's own may be larger. */
  readonly vocabulary: number;
}

/**
 * The teacher's forward-only graph. Inputs: tokens int64 [B, T], trueIds int64 [N = B·T], u float32 [N], and the parameters by
 * name. Outputs: ids int32 [N, K], weights float32 [N, K] (both not by the rule context), remaining float32 [N] (topk),
 * trueLogProb, trueRank and entropy float32 [N]. Logits stay inside.
 */
export function teacherGraph({ config, rule, rows, positions, vocabulary }: TeacherShape): Graph {
  const graph = new Graph('teacher');
  const tokens = graph.input('tokens', 'int64', [rows, positions]);
  const trueIds = graph.input('trueIds', 'int64', [rows * positions]);
  const u = graph.input('u', 'float32', [rows * positions]);
  const outputs = transformer(config, { tokens, parameters: parameterInputs(config, graph) });
  const columns = overLogits({ ...outputs, vocabulary }, (logits, begin, end): Record<string, Value> => {
    const context = { ...contextGraph(logits, positionsOf(trueIds, begin, end)) };
    if (rule.kind === 'context') return context;
    const { remaining, ...drawn } = drawingGraph(logits, rule, positionsOf(u, begin, end));
    return { ...drawn, ...context, ...(remaining === undefined ? {} : { remaining }) };
  });
  for (const [name, value] of Object.entries(columns)) graph.output(name, value);
  return graph;
}

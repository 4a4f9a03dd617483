import { gradients } from '../../src/autodiff/index.ts';
import { openSession } from '../../src/engine/session.ts';
import type { Session } from '../../src/engine/engine.ts';
import { Graph, serialize } from '../../src/graph/index.ts';
import { sparseCrossEntropy } from '../../src/loss/index.ts';
import { logits, parameterInputs, transformer, type ModelConfig } from '../../src/model/index.ts';

export interface GraphSize {
  readonly rows: number;
  readonly positions: number;
  readonly targets: number;
  readonly chunkElements?: number;
}

/** Forward, loss and backward of a model: inputs tokens, targetIds, targetWeights and the parameters by name. */
export function trainingGraph(config: ModelConfig, size: GraphSize): Graph {
  const { rows, positions, targets, ...loss } = size;
  const graph = new Graph('training');
  const tokens = graph.input('tokens', 'int64', [rows, positions]);
  const targetIds = graph.input('targetIds', 'int64', [rows * positions, targets]);
  const targetWeights = graph.input('targetWeights', 'float32', [rows * positions, targets]);
  const parameters = parameterInputs(config, graph);
  const { hidden, head } = transformer(config, { tokens, parameters });
  const top = sparseCrossEntropy({ hidden, head, targetIds, targetWeights, ...loss });
  const seeds = [
    { value: hidden, gradient: top.hiddenGradient },
    { value: head, gradient: top.headGradient },
  ];
  const found = gradients(seeds, [...parameters.values()]);
  graph.output('loss', top.loss);
  [...parameters.keys()].forEach((name, at) => graph.output(`gradient.${name}`, found[at]!));
  return graph;
}

/** Inputs tokens and the parameters; output logits [N, V]. */
export function forwardGraph(config: ModelConfig, rows: number, positions: number): Graph {
  const graph = new Graph('forward');
  const tokens = graph.input('tokens', 'int64', [rows, positions]);
  graph.output('logits', logits(transformer(config, { tokens, parameters: parameterInputs(config, graph) })));
  return graph;
}

/** One thread, so that the order of sums is fixed. */
export function openGraph(graph: Graph): Promise<Session> {
  return openSession(serialize(graph), { threads: 1, device: 'cpu' });
}

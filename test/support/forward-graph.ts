import { openSession } from '../../src/engine/session.ts';
import type { Session } from '../../src/engine/engine.ts';
import { Graph, serialize } from '../../src/graph/index.ts';
import { logits, parameterInputs, transformer, type ModelConfig } from '../../src/model/index.ts';

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

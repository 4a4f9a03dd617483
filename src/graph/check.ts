import { BrineError, messageOf } from '../base/errors.ts';
import { sizeOf } from '../tensor/dtype.ts';
import { describeType, inferTypes, sameShape } from './definition.ts';
import type { Graph, Node, NodeOf, Value } from './graph.ts';
import type { Op } from './ops/attributes.ts';
import { isOp, OPS } from './ops/table.ts';

/** The parts of a Graph that `check` validates. */
export type GraphParts = Pick<Graph, 'name' | 'inputs' | 'constants' | 'nodes' | 'outputs'>;

/**
 * Validates a graph, for example after a transformation: names are unique, every value is defined before it is used
 * (hence there are no cycles), and the types of every node follow from its inputs. Throws GRAPH_INVALID with the node
 * and the fault.
 */
export function check(graph: GraphParts): void {
  const known = new Set<Value>();
  const names = new Set<string>();
  const define = (value: Value): void => {
    if (names.has(value.name)) throw invalid(graph, `two values have the name ${value.name}`);
    names.add(value.name);
    known.add(value);
  };
  for (const input of graph.inputs) define(input);
  for (const value of graph.constants) {
    const length = value.constant?.data.length;
    if (length !== sizeOf(value.shape)) {
      throw invalid(graph, `constant ${value.name}: ${describeType(value)} has ${length} elements`);
    }
    define(value);
  }
  for (const node of graph.nodes) {
    checkNode(graph, node, known);
    for (const output of node.outputs) define(output);
  }
  const outputNames = new Set<string>();
  for (const { name, value } of graph.outputs) {
    if (!known.has(value)) throw invalid(graph, `output ${name} is ${value.name}, which is not defined`);
    if (outputNames.has(name)) throw invalid(graph, `two outputs have the name ${name}`);
    outputNames.add(name);
  }
}

function checkNode(graph: GraphParts, node: Node, known: ReadonlySet<Value>): void {
  const at = `node ${node.outputs[0]?.name ?? '(without outputs)'} = ${node.op}`;
  if (!isOp(node.op)) throw invalid(graph, `${at}: the op is unknown`);
  for (const input of node.inputs) {
    if (!known.has(input)) throw invalid(graph, `${at}: reads ${input.name} before it is defined`);
  }
  if (node.op === 'Scan') check(node.attributes.body);
  const types = inferNode(graph, at, node as NodeOf<Op>);
  if (types.length !== node.outputs.length) throw invalid(graph, `${at}: has ${node.outputs.length} outputs`);
  types.forEach((type, i) => {
    const output = node.outputs[i]!;
    if (output.dtype !== type.dtype || !sameShape(output.shape, type.shape)) {
      throw invalid(
        graph,
        `${at}: ${output.name} is ${describeType(output)}, but its op computes ${describeType(type)}`,
      );
    }
    if (output.node !== node) throw invalid(graph, `${at}: ${output.name} belongs to another node`);
  });
}

function inferNode<O extends Op>(graph: GraphParts, at: string, node: NodeOf<O>) {
  try {
    return inferTypes<O>(node.op, OPS[node.op], node);
  } catch (cause) {
    throw invalid(graph, `${at}: ${messageOf(cause)}`, cause);
  }
}

function invalid(graph: GraphParts, fault: string, cause?: unknown): BrineError {
  return new BrineError('GRAPH_INVALID', `graph ${graph.name}: ${fault}`, {
    hint: 'Inspect the graph with "brine graph print". If Brine built it, report this as a bug.',
    cause,
  });
}

import { ANY, Graph, type Node, type Value } from './graph.ts';

/** Adds an input of this name and type to a graph. */
export function copyInput(
  graph: Graph,
  { name, dtype, shape }: Pick<Value, 'name' | 'dtype' | 'shape'>,
): Value {
  return shape[0] === ANY ? graph.stack(name, dtype, shape.slice(1)) : graph.input(name, dtype, shape);
}

/** Appends a copy of a node to another graph, with these inputs. */
export function copyNode(graph: Graph, node: Node, inputs: readonly Value[]): readonly Value[] {
  return graph.append({ op: node.op, attributes: node.attributes, inputs, types: node.outputs });
}

/**
 * Copies a graph and replaces some nodes. `change` receives a node and its inputs in the new graph, and returns
 * replacement outputs of the same types, or undefined to copy the node. Inputs and outputs keep their names and order.
 */
export function rewriteGraph(
  graph: Graph,
  change: (node: Node, inputs: readonly Value[]) => readonly Value[] | undefined,
): Graph {
  const result = new Graph(graph.name);
  const values = new Map<Value, Value>(graph.inputs.map((input) => [input, copyInput(result, input)]));
  const translate = (value: Value): Value => {
    if (value.constant !== undefined && !values.has(value))
      values.set(value, result.constant(value.constant));
    return values.get(value)!;
  };
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(translate);
    const outputs = change(node, inputs) ?? copyNode(result, node, inputs);
    node.outputs.forEach((output, at) => values.set(output, outputs[at]!));
  }
  for (const { name, value } of graph.outputs) result.output(name, translate(value));
  return result;
}

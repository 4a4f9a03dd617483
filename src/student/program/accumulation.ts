/**
 * Gradient accumulation inside the graph: one run takes any number of micro-batches, keeps the
 * activations of one, and returns sums. So weights cross to a device once per step, and gradients
 * come back once.
 */
import { add, copyInput, copyNode, Graph, scan, zeros, type Node, type Value } from '../../graph/index.ts';

/**
 * Turns a graph over one micro-batch into one over any number M. The inputs named in `columns`
 * become stacks [M, …]; the others are shared. Every output becomes its sum over the micro-batches,
 * in order, starting at 0. Nodes that depend only on shared inputs, such as weights rounded for
 * products, are computed once, before the first micro-batch.
 */
export function accumulationGraph(graph: Graph, columns: readonly string[]): Graph {
  const whole = new Graph(`accumulated-${graph.name}`);
  const stacked = graph.inputs.filter(({ name }) => columns.includes(name));
  const outside = new Map<Value, Value>();
  for (const input of graph.inputs.filter((value) => !stacked.includes(value)))
    outside.set(input, copyInput(whole, input));
  const rows = stacked.map(({ name, dtype, shape }) => whole.stack(name, dtype, shape));
  const inside = graph.nodes.filter((node) => !computedOnce(node, outside, whole));
  const captured = [...new Set([...inside.flatMap(({ inputs }) => inputs), ...outputsOf(graph)])].filter(
    (value) => outside.has(value),
  );
  const sums = scan(
    {
      states: outputsOf(graph).map(({ dtype, shape }) => zeros(whole, dtype, shape)),
      stacks: rows,
      captured: captured.map((value) => outside.get(value)!),
    },
    (step) => {
      const values = new Map<Value, Value>();
      stacked.forEach((input, at) => values.set(input, step.slices[at]!));
      captured.forEach((value, at) => values.set(value, step.captured[at]!));
      for (const node of inside) copyInto(step.graph, node, values);
      return outputsOf(graph).map((value, at) => add(step.states[at]!, values.get(value)!));
    },
  );
  graph.outputs.forEach(({ name }, at) => whole.output(name, sums[at]!));
  return whole;
}

function outputsOf({ outputs }: Graph): Value[] {
  return outputs.map(({ value }) => value);
}

/** Computes the node outside the scan if all its inputs are there. Constants alone are not worth it. */
function computedOnce(node: Node, outside: Map<Value, Value>, whole: Graph): boolean {
  const variable = node.inputs.filter(({ constant }) => constant === undefined);
  if (variable.length === 0 || !variable.every((input) => outside.has(input))) return false;
  copyInto(whole, node, outside);
  return true;
}

/** Copies the node, with its inputs replaced through `values`, and records its outputs there. */
function copyInto(graph: Graph, node: Node, values: Map<Value, Value>): void {
  const inputs = node.inputs.map((input) => {
    if (input.constant !== undefined) return graph.constant(input.constant);
    return values.get(input)!;
  });
  copyNode(graph, node, inputs).forEach((copy, at) => values.set(node.outputs[at]!, copy));
}

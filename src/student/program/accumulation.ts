/**
 * Micro-batches inside the graph: one run takes any number of them, keeps the activations of one, and gives the sums. So weights
 * cross to a device once a step, and gradients come back once.
 */
import { add, copyInput, copyNode, Graph, scan, zeros, type Node, type Value } from '../../graph/index.ts';

/**
 * A graph over one micro-batch as one over any number M. The inputs called `columns` become stacks [M, …]; the others are the
 * same for all. Every output becomes its sum over the micro-batches, in their order, beginning at 0. What depends on inputs
 * outside `columns` alone, such as weights rounded for products, is computed once, before the first.
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

/** Computes the node outside when all that it reads is there; constants alone are not worth a place there. */
function computedOnce(node: Node, outside: Map<Value, Value>, whole: Graph): boolean {
  const variable = node.inputs.filter(({ constant }) => constant === undefined);
  if (variable.length === 0 || !variable.every((input) => outside.has(input))) return false;
  copyInto(whole, node, outside);
  return true;
}

/** Copies the node over values that are there, and constants, and puts its outputs beside them. */
function copyInto(graph: Graph, node: Node, values: Map<Value, Value>): void {
  const inputs = node.inputs.map((input) => {
    if (input.constant !== undefined) return graph.constant(input.constant);
    return values.get(input)!;
  });
  copyNode(graph, node, inputs).forEach((copy, at) => values.set(node.outputs[at]!, copy));
}

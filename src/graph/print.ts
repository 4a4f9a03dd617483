import type { TensorData } from '../tensor/dtype.ts';
import { describeType } from './definition.ts';
import { Graph, type Node, type Value } from './graph.ts';

/** Formats a graph as text, one line a node. */
export function print(graph: Graph): string {
  return `${linesOf(graph).join('\n')}\n`;
}

function linesOf(graph: Graph): string[] {
  const lines = [`graph ${graph.name} {`];
  for (const input of graph.inputs) lines.push(`  input ${typed(input)}`);
  for (const value of graph.constants) lines.push(`  constant ${typed(value)} = ${content(value.constant!)}`);
  for (const node of graph.nodes) {
    lines.push(`  ${nodeLine(node)}`);
    if (node.op === 'Scan') lines.push(...linesOf(node.attributes.body).map((line) => `    ${line}`));
  }
  for (const { name, value } of graph.outputs) {
    lines.push(`  output ${name}: ${describeType(value)}${name === value.name ? '' : ` = ${value.name}`}`);
  }
  return [...lines, '}'];
}

function nodeLine({ op, inputs, outputs, attributes }: Node): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && !(value instanceof Graph))
    .map(([name, value]) => `${name}=${Array.isArray(value) ? `[${value.join(',')}]` : String(value)}`);
  const suffix = written.length === 0 ? '' : ` {${written.join(', ')}}`;
  return `${outputs.map(typed).join(', ')} = ${op}(${inputs.map((input) => input.name).join(', ')})${suffix}`;
}

function typed(value: Value): string {
  return `${value.name}: ${describeType(value)}`;
}

function content({ data }: TensorData): string {
  const shown = Array.from(data.slice(0, 8), String).join(', ');
  return data.length > 8 ? `[${shown}, … ${data.length} elements]` : `[${shown}]`;
}

import { brine } from '../../wire/generated/onnx.js';
import type { AnyDefinition } from '../definition.ts';
import type { Graph, Node, Value } from '../graph.ts';
import { attributeInputs, attributeMessages, type AttributeTensors } from './write-attributes.ts';
import { int64, tensorMessage, typeMessage } from './tensors.ts';
import { OPS } from '../ops/table.ts';

/**
 * Serializes graphs as ONNX models. Only the files of this folder know ONNX messages. Nodes that no
 * output needs are omitted. For bytes that serialize wrote, serialize(parse(bytes)) returns the
 * same bytes.
 */

/** IR version of operator set 20, the latest that is written. */
const IR_VERSION = 9;

/**
 * The lowest operator set from 18 on that has all ops of the graph. ONNX Runtime's device providers
 * lack kernels of later forms of some ops (ReduceMax of set 20 on CUDA, its issue 27729), and would
 * compute those on the CPU.
 */
function opsetOf({ nodes }: Graph): number {
  const inner = nodes.flatMap((node) => (node.op === 'Scan' ? [opsetOf(node.attributes.body)] : []));
  return Math.max(18, ...inner, nodes.some(({ op }) => op === 'Gelu') ? 20 : 18);
}

/** Serializes a graph as an ONNX model, for ONNX Runtime or a file. */
export function serialize(graph: Graph): Uint8Array {
  return encodeModel({
    irVersion: IR_VERSION,
    graph: { name: graph.name, ...graphMessage(graph) },
    opsets: [
      { domain: '', version: opsetOf(graph) },
      { domain: 'com.microsoft', version: 1 },
    ],
  });
}

/** @internal The parts of an ONNX model. Declarations of the package leave out what names protobuf types. */
export interface ModelParts {
  readonly irVersion: number;
  readonly graph: brine.onnx.IGraphProto;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
}

/** @internal The bytes of an ONNX model. */
export function encodeModel({ irVersion, graph, opsets }: ModelParts): Uint8Array {
  const model: brine.onnx.IModelProto = {
    irVersion: int64(irVersion),
    producerName: 'brine',
    graph,
    opsetImport: opsets.map(({ domain, version }) => ({ domain, version: int64(version) })),
  };
  return new Uint8Array(brine.onnx.ModelProto.encode(model).finish());
}

/** Names of values when a graph is written as a part of a larger one. */
export interface Naming {
  /** Prefix of every name. */
  readonly prefix: string;
  /** Inputs that are values of the larger graph: their names here, mapped to their names there. */
  readonly bound: Readonly<Record<string, string>>;
}

/** @internal Encodes a graph as a message without a name. */
export function graphMessage(graph: Graph, naming?: Naming): brine.onnx.IGraphProto {
  const { prefix, bound } = naming ?? { prefix: '', bound: {} };
  const { nodes, constants, needed } = liveParts(graph);
  const outputs = graph.outputs.map((output) => ({ ...output, name: prefixed(output.name, prefix) }));
  const names = emittedNames(graph, { prefix, bound });
  const tensors: AttributeTensors = new Map();
  const messages = nodes.map((node) => nodeMessage(node, { names, needed, tensors, prefix }));
  for (const { name, value } of outputs) {
    if (nameOf(value, names) === name) continue;
    messages.push({ opType: 'Identity', input: [nameOf(value, names)], output: [name], name });
  }
  const free = graph.inputs.filter(({ name }) => !Object.hasOwn(bound, name));
  return {
    node: messages,
    initializer: [
      ...constants.map((value) => tensorMessage(nameOf(value, names), value.constant!)),
      ...[...tensors].map(([name, tensor]) => tensorMessage(prefix + name, tensor)),
    ],
    input: free.map((value) => ({ name: nameOf(value, names), type: typeMessage(value) })),
    output: outputs.map(({ name, value }) => ({ name, type: typeMessage(value) })),
  };
}

/** Nodes and constants that the outputs depend on, in order. */
function liveParts(graph: Graph): {
  nodes: readonly Node[];
  constants: readonly Value[];
  needed: ReadonlySet<Value>;
} {
  const needed = new Set(graph.outputs.map(({ value }) => value));
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    nodes.push(node);
  }
  return {
    nodes: nodes.toReversed(),
    constants: graph.constants.filter((value) => needed.has(value)),
    needed,
  };
}

/**
 * The names of values that are not written under their own names. A node's value that is an output
 * gets the output's name. Inputs and constants keep their names, and become outputs through
 * Identity.
 */
function emittedNames(graph: Graph, { prefix, bound }: Naming): Map<Value, string> {
  const names = new Map<Value, string>();
  for (const { name, value } of graph.outputs) {
    if (value.node === undefined) continue;
    if (!names.has(value) || name === value.name) names.set(value, prefixed(name, prefix));
  }
  if (prefix === '') return names;
  const own = [...graph.inputs, ...graph.constants, ...graph.nodes.flatMap(({ outputs }) => outputs)];
  for (const value of own) {
    const there = value.node === undefined && !value.constant ? bound[value.name] : undefined;
    if (!names.has(value)) names.set(value, there ?? prefixed(value.name, prefix));
  }
  return names;
}

/** Adds the prefix. Names that were parsed with the prefix already have it. */
function prefixed(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name : prefix + name;
}

function nameOf(value: Value, names: ReadonlyMap<Value, string>): string {
  return names.get(value) ?? value.name;
}

interface NodeContext {
  readonly names: ReadonlyMap<Value, string>;
  readonly needed: ReadonlySet<Value>;
  readonly tensors: AttributeTensors;
  readonly prefix: string;
}

function nodeMessage(node: Node, { names, needed, tensors, prefix }: NodeContext): brine.onnx.INodeProto {
  const definition = OPS[node.op] as AnyDefinition;
  const values = formalInputs(node).map((value) => nameOf(value, names));
  const required = definition.requiredOutputs ?? node.outputs.length;
  const outputs: string[] = [];
  node.outputs.forEach((value, i) => {
    // ONNX Runtime computes an optional output only if it is named, so name it only if it is read.
    if (i >= required && !needed.has(value)) return;
    const slot = definition.outputSlots?.[i] ?? i;
    while (outputs.length < slot) outputs.push('');
    outputs.push(nameOf(value, names));
  });
  return {
    opType: node.op,
    ...(definition.domain === undefined ? {} : { domain: definition.domain }),
    name: outputs[0]!,
    input: attributeInputs(node, definition, { values, tensors, prefix }),
    output: outputs,
    attribute: [...attributeMessages(node, definition), ...bodyMessages(node, { names, name: outputs[0]! })],
  };
}

/** The operands of a node. An inner graph reads captured values from outside by name. */
function formalInputs(node: Node): readonly Value[] {
  if (node.op !== 'Scan') return node.inputs;
  return node.inputs.slice(0, node.attributes.body.outputs.length + node.attributes.stacks);
}

/**
 * The inner graph of a node. Outer names are visible in inner graphs, so the names of an inner
 * graph begin with that of its node.
 */
function bodyMessages(
  node: Node,
  { names, name }: { names: ReadonlyMap<Value, string>; name: string },
): brine.onnx.IAttributeProto[] {
  if (node.op !== 'Scan') return [];
  const { body } = node.attributes;
  const formal = formalInputs(node).length;
  const captured = body.inputs.slice(formal);
  const bound = Object.fromEntries(
    captured.map((input, at) => [input.name, nameOf(node.inputs[formal + at]!, names)]),
  );
  const message = { name: body.name, ...graphMessage(body, { prefix: innerPrefix(name), bound }) };
  return [{ name: 'body', type: brine.onnx.AttributeProto.AttributeType.GRAPH, g: message }];
}

/** Prefix of every name in the inner graph of a node. */
function innerPrefix(node: string): string {
  return `${node}/`;
}

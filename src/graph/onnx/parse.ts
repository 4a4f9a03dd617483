import { BrineError, messageOf } from '../../base/errors.ts';
import { brine } from '../../wire/generated/onnx.js';
import { emitNode, type AnyDefinition } from '../definition.ts';
import { Graph, type Attributes, type Value } from '../graph.ts';
import { attributePositions, readAttributes, type NodeMessage } from './read-attributes.ts';
import { readInt64, readTensor, readType } from './tensors.ts';
import type { Op } from '../ops/attributes.ts';
import { isOp, OPS } from '../ops/table.ts';
import { copyInput } from '../rewrite.ts';

/** Parses ONNX models into graphs: the inverse of serialize.ts. */

type GraphMessage = brine.onnx.IGraphProto;

const DOMAINS: readonly string[] = ['', 'ai.onnx', 'com.microsoft'];

/**
 * Parses an ONNX model. Throws GRAPH_INVALID if the bytes are not a model, if a name is defined
 * twice, and for unsupported operators, types and dynamic shapes. Throws SHAPE_MISMATCH if operands
 * do not fit.
 */
export function parse(bytes: Uint8Array): Graph {
  let message: GraphMessage;
  try {
    const model = brine.onnx.ModelProto.decode(bytes);
    message = model.graph ?? {};
    refuseOpset(model.opsetImport);
    // A local function can replace any op.
    if (model.functions.length > 0) throw unsupported(`the model defines the op ${model.functions[0]!.name}`);
  } catch (cause) {
    if (cause instanceof BrineError) throw cause;
    throw unsupported(`these ${bytes.length} bytes are not an ONNX model: ${messageOf(cause)}`, cause);
  }
  try {
    return new GraphParser(message).read();
  } catch (cause) {
    // The invalid argument comes from the file, not from the caller.
    if (cause instanceof BrineError && cause.code === 'BAD_ARGUMENT') throw unsupported(cause.message, cause);
    throw cause;
  }
}

/**
 * Supported operator sets. Every supported op has one meaning in all of them. Older sets have other
 * defaults and pass axes as attributes.
 */
const [MIN_OPSET, MAX_OPSET] = [18, 24];

function refuseOpset(opsets: readonly brine.onnx.IOperatorSetIdProto[]): void {
  const versions = (name: string) =>
    opsets.flatMap(({ domain, version }) => ((domain ?? '') === name ? [readInt64(version)] : []));
  const standard = [...versions(''), ...versions('ai.onnx')];
  const [number] = standard;
  if (number === undefined || standard.length > 1)
    throw unsupported(`the model imports ${standard.length} standard operator sets`);
  if (number < MIN_OPSET || number > MAX_OPSET)
    throw unsupported(`operator set ${number} of ONNX is not between ${MIN_OPSET} and ${MAX_OPSET}`);
  const other = versions('com.microsoft').find((version) => version !== 1);
  if (other !== undefined) throw unsupported(`operator set ${other} of com.microsoft is not 1`);
}

/** The state of a parse: the values so far by name, and the initializers. */
class GraphParser {
  readonly #message: GraphMessage;
  readonly #graph: Graph;
  readonly #values = new Map<string, Value>();
  readonly #initializers = new Map<string, brine.onnx.ITensorProto>();

  /** Finds a value of the enclosing graphs, for an inner graph. */
  readonly #outside: (name: string) => Value | undefined;
  /** Names of the values that were captured from enclosing graphs, in order. */
  readonly captured: string[] = [];

  constructor(message: GraphMessage, outside: (name: string) => Value | undefined = () => undefined) {
    this.#message = message;
    this.#outside = outside;
    this.#graph = new Graph(message.name ?? 'graph');
  }

  read(): Graph {
    for (const tensor of this.#message.initializer ?? []) {
      const name = tensor.name ?? '';
      if (this.#initializers.has(name))
        throw unsupported(`two initializers have the name ${JSON.stringify(name)}`);
      this.#initializers.set(name, tensor);
    }
    for (const { name, type } of this.#message.input ?? []) {
      if (this.#initializers.has(name ?? '')) continue;
      this.#values.set(
        name ?? '',
        copyInput(this.#graph, { name: name ?? '', ...readType(name ?? '', type) }),
      );
    }
    const nodes = this.#message.node ?? [];
    this.#readConstants(nodes);
    for (const node of nodes) this.#readNode(node);
    for (const { name } of this.#message.output ?? [])
      this.#graph.output(name ?? '', this.#value(name ?? ''));
    return this.#graph;
  }

  /** Adds initializers that are operands as constants. The others only encode attributes. */
  #readConstants(nodes: readonly NodeMessage[]): void {
    const operands = new Set(this.#message.output?.map(({ name }) => name ?? ''));
    for (const node of nodes) {
      const positions = attributePositions(OPS[opOf(node)]);
      node.input?.forEach((name, i) => {
        if (!positions.has(i)) operands.add(name);
      });
    }
    for (const [name, tensor] of this.#initializers) {
      if (operands.has(name)) this.#values.set(name, this.#graph.constant(readTensor(tensor), name));
    }
  }

  #readNode(message: NodeMessage): void {
    const op = opOf(message);
    const definition = OPS[op] as AnyDefinition;
    const inputs = this.#operands(message, definition);
    if (inputs.length === 0) throw unsupported(`${op} without inputs`);
    const outputs = message.output?.length ?? 0;
    const tensor = (name: string) => this.#tensor(name);
    const plain = readAttributes(message, definition, { op, inputs, outputs, tensor });
    const { attributes, captured } = this.#withBody(op, message, plain);
    const slots = definition.outputSlots;
    const names =
      slots === undefined ? (message.output ?? []) : slots.map((slot) => message.output?.[slot] ?? '');
    const values = emitNode(op, definition, { inputs: [...inputs, ...captured], attributes, names });
    if (slots === undefined && outputs > values.length)
      throw unsupported(`${op} ${message.name} has ${outputs} outputs instead of ${values.length}`);
    for (const value of values) this.#values.set(value.name, value);
  }

  /** The operands of a node, without attribute tensors. Only trailing operands may be omitted. */
  #operands(message: NodeMessage, definition: AnyDefinition): Value[] {
    const positions = attributePositions(definition);
    const names = (message.input ?? []).filter((_, i) => !positions.has(i));
    const last = names.findLastIndex((name) => name !== '');
    const gap = names.indexOf('');
    if (gap >= 0 && gap < last)
      throw unsupported(`${message.opType} ${message.name} omits its operand ${gap} but has a later one`);
    return names.slice(0, last + 1).map((name) => this.#value(name));
  }

  /**
   * Adds the inner graph, if the op has one, to the attributes. Also returns the values that the
   * inner graph captures.
   */
  #withBody(
    op: Op,
    { name, input = [], attribute = [] }: NodeMessage,
    plain: Attributes[Op],
  ): { attributes: Attributes[Op]; captured: readonly Value[] } {
    if (op !== 'Scan') return { attributes: plain, captured: [] };
    const message = attribute?.find((given) => given.name === 'body')?.g;
    if (!message) throw unsupported(`${op} ${name} has no body`);
    const reader = new GraphParser(message, (wanted) => this.#find(wanted));
    const attributes = { ...plain, body: reader.read() } as Attributes['Scan'];
    // Outputs beyond the states would be stacked outputs of the steps, which are not supported.
    if (attributes.body.outputs.length + attributes.stacks !== input?.length)
      throw unsupported(
        `${op} ${name} has a body of ${attributes.body.outputs.length} outputs, which does not fit its inputs`,
      );
    return { attributes, captured: reader.captured.map((wanted) => this.#value(wanted)) };
  }

  #find(name: string): Value | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const outer = this.#outside(name);
    if (outer === undefined) return undefined;
    const value = copyInput(this.#graph, outer);
    this.#values.set(name, value);
    this.captured.push(name);
    return value;
  }

  #value(name: string): Value {
    const value = this.#find(name);
    if (value === undefined) throw unsupported(`${JSON.stringify(name)} is read before it is defined`);
    return value;
  }

  #tensor(name: string) {
    const tensor = this.#initializers.get(name);
    if (tensor === undefined)
      throw unsupported(`${JSON.stringify(name)} must be an initializer: shapes are static`);
    return readTensor(tensor);
  }
}

function opOf({ opType, domain, overload }: NodeMessage): Op {
  const op = opType ?? '';
  if (
    overload ||
    !DOMAINS.includes(domain ?? '') ||
    !isOp(op) ||
    (OPS[op].domain ?? '') !== (domain ?? '').replace('ai.onnx', '')
  ) {
    throw unsupported(`the op ${domain === '' ? '' : `${domain}.`}${op} is not supported`);
  }
  return op;
}

function unsupported(fault: string, cause?: unknown): BrineError {
  return new BrineError('GRAPH_INVALID', fault, {
    hint: 'Brine parses the models that it writes, and others with static shapes and supported ops.',
    cause,
  });
}

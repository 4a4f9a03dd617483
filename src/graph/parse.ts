import { BrineError, messageOf } from '../base/errors.ts';
import { brine } from '../wire/generated/onnx.js';
import { emitNode, type OpDefinition } from './definition.ts';
import { ANY, Graph, type TensorType, type Value } from './graph.ts';
import { readAttributes } from './onnx-attributes.ts';
import { readInt64, readTensor, readType } from './onnx-tensors.ts';
import { isOp, OPS, type Attributes, type Op } from './ops/table.ts';

/** From ONNX models to graphs: the way back from serialize. */

type NodeMessage = brine.onnx.INodeProto;
type GraphMessage = brine.onnx.IGraphProto;

const DOMAINS: readonly string[] = ['', 'ai.onnx', 'com.microsoft'];

/**
 * The graph in an ONNX model. Throws GRAPH_INVALID when the bytes are not a model, name two things alike, or use operators, types or
 * dynamic shapes that Brine does not know, naming which; SHAPE_MISMATCH for operands that do not fit together.
 */
export function parse(bytes: Uint8Array): Graph {
  let message: GraphMessage;
  try {
    const model = brine.onnx.ModelProto.decode(bytes);
    message = model.graph ?? {};
    refuseOpset(model.opsetImport);
  } catch (cause) {
    if (cause instanceof BrineError) throw cause;
    throw unsupported(`these ${bytes.length} bytes are not an ONNX model: ${messageOf(cause)}`, cause);
  }
  try {
    return new Reader(message).read();
  } catch (cause) {
    // Whoever builds a graph gave a bad argument; here the file did.
    if (cause instanceof BrineError && cause.code === 'BAD_ARGUMENT') throw unsupported(cause.message, cause);
    throw cause;
  }
}

function refuseOpset(opsets: readonly brine.onnx.IOperatorSetIdProto[]): void {
  for (const { domain, version } of opsets) {
    const number = readInt64(version);
    if (!DOMAINS.includes(domain ?? '')) continue;
    // Older sets pass axes and the like as attributes, which would be misread as absent.
    if (domain !== 'com.microsoft' && (number < 18 || number > 24)) {
      throw unsupported(`operator set ${number} of ONNX is not between 18 and 24`);
    }
  }
}

/** One reading of a model: the values made so far by name, and the initializers not yet asked for. */
class Reader {
  readonly #message: GraphMessage;
  readonly #graph: Graph;
  readonly #values = new Map<string, Value>();
  readonly #initializers = new Map<string, brine.onnx.ITensorProto>();

  /** Of an inner graph: values of the graphs around it, by name. */
  readonly #outside: (name: string) => Value | undefined;
  /** Names of the values from outside that were read, in order. */
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
        throw unsupported(`two initializers are called ${JSON.stringify(name)}`);
      this.#initializers.set(name, tensor);
    }
    for (const { name, type } of this.#message.input ?? []) {
      if (this.#initializers.has(name ?? '')) continue;
      this.#values.set(name ?? '', inputOf(this.#graph, name ?? '', readType(name ?? '', type)));
    }
    const nodes = this.#message.node ?? [];
    this.#readConstants(nodes);
    for (const node of nodes) this.#readNode(node);
    for (const { name } of this.#message.output ?? [])
      this.#graph.output(name ?? '', this.#value(name ?? ''));
    return this.#graph;
  }

  /** Initializers that are operands become constants; those that only hold attributes do not. */
  #readConstants(nodes: readonly NodeMessage[]): void {
    const operands = new Set(this.#message.output?.map(({ name }) => name ?? ''));
    for (const node of nodes) {
      const positions = attributePositions(node);
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
    const definition = OPS[op] as OpDefinition<Attributes[Op]>;
    const positions = attributePositions(message);
    const inputs = (message.input ?? [])
      .filter((name, i) => !positions.has(i) && name !== '')
      .map((name) => this.#value(name));
    const plain = readAttributes(message, definition, (name) => this.#tensor(name)) as Attributes[Op];
    const { attributes, captured } = this.#withBody(op, message, plain);
    inputs.push(...captured);
    const slots = definition.outputSlots;
    const names =
      slots === undefined ? (message.output ?? []) : slots.map((slot) => message.output?.[slot] ?? '');
    if (inputs.length === 0) throw unsupported(`${op} without inputs`);
    for (const value of emitNode(op, definition, { inputs, attributes, names }))
      this.#values.set(value.name, value);
  }

  /** The attributes with the inner graph, if the op has one, and the values that it reads from this one. */
  #withBody(
    op: Op,
    { name, attribute = [] }: NodeMessage,
    plain: Attributes[Op],
  ): { attributes: Attributes[Op]; captured: readonly Value[] } {
    if (op !== 'Scan') return { attributes: plain, captured: [] };
    const unknown = attribute?.find((given) => !['body', 'num_scan_inputs'].includes(given.name ?? ''));
    const message = attribute?.find((given) => given.name === 'body')?.g;
    if (unknown || !message)
      throw unsupported(`${op} ${name} has no body, or the attribute ${unknown?.name}`);
    const reader = new Reader(message, (wanted) => this.#find(wanted));
    const attributes = { ...plain, body: reader.read() } as Attributes[Op];
    return { attributes, captured: reader.captured.map((wanted) => this.#value(wanted)) };
  }

  #find(name: string): Value | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const outer = this.#outside(name);
    if (outer === undefined) return undefined;
    const value = inputOf(this.#graph, name, outer);
    this.#values.set(name, value);
    this.captured.push(name);
    return value;
  }

  #value(name: string): Value {
    const value = this.#find(name);
    if (value === undefined) throw unsupported(`${JSON.stringify(name)} is read before anything makes it`);
    return value;
  }

  #tensor(name: string) {
    const tensor = this.#initializers.get(name);
    if (tensor === undefined)
      throw unsupported(`${JSON.stringify(name)} must be an initializer: shapes are static`);
    return readTensor(tensor);
  }
}

function inputOf(graph: Graph, name: string, { dtype, shape }: TensorType): Value {
  return shape[0] === ANY ? graph.stack(name, dtype, shape.slice(1)) : graph.input(name, dtype, shape);
}

function opOf({ opType, domain }: NodeMessage): Op {
  const op = opType ?? '';
  if (
    !DOMAINS.includes(domain ?? '') ||
    !isOp(op) ||
    (OPS[op].domain ?? '') !== (domain ?? '').replace('ai.onnx', '')
  ) {
    throw unsupported(`the op ${domain === '' ? '' : `${domain}.`}${op} is not one that Brine knows`);
  }
  return op;
}

function attributePositions(message: NodeMessage): ReadonlySet<number> {
  const fields = Object.values(OPS[opOf(message)].fields);
  return new Set(fields.flatMap((field) => ('position' in field ? [field.position] : [])));
}

function unsupported(fault: string, cause?: unknown): BrineError {
  return new BrineError('GRAPH_INVALID', fault, {
    hint: 'Brine reads the models that it writes, and others of static shape made of the ops it knows.',
    cause,
  });
}

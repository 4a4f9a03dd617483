import { createHash } from 'node:crypto';
import { BrineError } from '../base/errors.ts';
import { BYTES_OF, checkedSize, sizeOf, type DType, type Shape, type TensorData } from '../tensor/dtype.ts';
import type { Op, OpAttributes } from './ops/attributes.ts';

/**
 * A computation graph of inputs, constants, nodes and outputs, which refer to each other by identity. Nodes and values
 * are frozen plain data; their names are cosmetic. Invariants: nodes are only appended, over existing values, so `nodes`
 * is in a valid execution order; every shape is known, except for the length of a stack; values of different graphs
 * never mix.
 */

/** The leading extent of a stack: known only at run time. */
export const ANY = -1;

export interface Attributes extends OpAttributes<Graph> {}

export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A tensor in a graph: the output of `node`, or a constant, or (when it has neither) an input of the graph. */
export interface Value extends TensorType {
  readonly graph: Graph;
  readonly name: string;
  readonly node?: Node;
  readonly constant?: TensorData;
}

export interface NodeOf<O extends Op> {
  readonly op: O;
  readonly attributes: Attributes[O];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** A node of any op, discriminated by `op`. */
export type Node = { [O in Op]: NodeOf<O> }[Op];

export interface Output {
  readonly name: string;
  readonly value: Value;
}

export interface NodeParts<O extends Op> {
  readonly op: O;
  readonly attributes: Attributes[O];
  readonly inputs: readonly Value[];
  readonly types: readonly TensorType[];
  /** Names of the outputs; a missing or empty name is generated. */
  readonly names?: readonly string[];
}

export class Graph {
  readonly name: string;
  readonly inputs: Value[] = [];
  readonly constants: Value[] = [];
  readonly nodes: Node[] = [];
  readonly outputs: Output[] = [];
  readonly #names = new Set<string>();
  readonly #outputNames = new Set<string>();
  readonly #constantOf = new Map<string, Value>();

  constructor(name: string) {
    this.name = name;
  }

  /** Adds an input, which a session feeds by this name in every run. Throws BAD_ARGUMENT if the name is taken. */
  input(name: string, dtype: DType, shape: Shape): Value {
    this.#take(name);
    return this.#input(name, { dtype, shape: checked(name, shape) });
  }

  /** Adds an input of stacked tensors, [ANY, …shape], which only Scan can read. Throws as `input`. */
  stack(name: string, dtype: DType, shape: Shape): Value {
    this.#take(name);
    return this.#input(name, { dtype, shape: [ANY, ...checked(name, shape)] });
  }

  /** Makes a value an output, which a session fetches by this name. Throws BAD_ARGUMENT if the name is taken. */
  output(name: string, value: Value): void {
    this.#own(value, `output ${name}`);
    if (this.#outputNames.has(name) || (name !== value.name && this.#names.has(name)))
      throw taken(this, name);
    this.#names.add(name);
    this.#outputNames.add(name);
    this.outputs.push(Object.freeze({ name, value }));
  }

  /** Adds a constant; equal content is stored once. Intended for small tensors: weights are inputs. */
  constant(tensor: TensorData, name?: string): Value {
    const key = contentKey(tensor);
    const known = this.#constantOf.get(key);
    if (known !== undefined && name === undefined) return known;
    if (tensor.data.length !== sizeOf(tensor.shape)) {
      throw new BrineError(
        'SHAPE_MISMATCH',
        `a constant of shape [${tensor.shape.join(',')}] has ${tensor.data.length} elements`,
        { hint: `Give ${sizeOf(tensor.shape)} elements.` },
      );
    }
    const { dtype } = tensor;
    const shape = Object.freeze([...tensor.shape]);
    const value: Value = Object.freeze({
      graph: this,
      name: this.#fresh(name ?? `constant_${this.constants.length}`, name !== undefined),
      dtype,
      shape,
      constant: Object.freeze({ dtype, shape, data: tensor.data.slice() }),
    });
    this.constants.push(value);
    if (known === undefined) this.#constantOf.set(key, value);
    return value;
  }

  /** Appends a node with given output types. Prefer the constructor function of the op. */
  append<O extends Op>({ op, attributes, inputs, types, names = [] }: NodeParts<O>): readonly Value[] {
    for (const input of inputs) this.#own(input, op);
    const outputs: Value[] = [];
    const node = Object.freeze({
      op,
      attributes: Object.freeze({ ...attributes }),
      inputs: Object.freeze([...inputs]),
      outputs,
    }) as unknown as Node;
    types.forEach(({ dtype, shape }, index) => {
      const given = names[index] ?? '';
      const wanted = index === 0 ? `${op}_${this.nodes.length}` : `${outputs[0]!.name}.${index}`;
      const name = this.#fresh(given === '' ? wanted : given, given !== '');
      outputs.push(Object.freeze({ graph: this, name, dtype, shape: Object.freeze([...shape]), node }));
    });
    Object.freeze(outputs);
    this.nodes.push(node);
    return outputs;
  }

  #input(name: string, { dtype, shape }: TensorType): Value {
    const value = Object.freeze({ graph: this, name, dtype, shape: Object.freeze([...shape]) });
    this.inputs.push(value);
    return value;
  }

  #own(value: Value, user: string): void {
    if (value.graph === this) return;
    throw new BrineError(
      'BAD_ARGUMENT',
      `${user} in graph ${this.name} uses ${value.name} of graph ${value.graph.name}`,
      { hint: 'Build all parts in one Graph.' },
    );
  }

  #take(name: string): void {
    if (name === '' || this.#names.has(name)) throw taken(this, name);
    this.#names.add(name);
  }

  #fresh(wanted: string, exact: boolean): string {
    let name = wanted;
    if (!exact) for (let n = 1; this.#names.has(name); n += 1) name = `${wanted}.${n}`;
    this.#take(name);
    return name;
  }
}

function checked(name: string, shape: Shape): Shape {
  if (checkedSize(shape) !== undefined) return shape;
  throw new BrineError('BAD_ARGUMENT', `graph input ${name} has the shape [${shape.join(',')}]`, {
    hint: 'Give every extent as a whole number: shapes are static.',
  });
}

function taken(graph: Graph, name: string): BrineError {
  return new BrineError(
    'BAD_ARGUMENT',
    `graph ${graph.name} cannot use the name ${JSON.stringify(name)} again`,
    {
      hint: 'Give every input and output a unique name.',
    },
  );
}

function contentKey({ dtype, shape, data }: TensorData): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const content =
    bytes.length <= 64 ? bytes.toString('latin1') : createHash('sha256').update(bytes).digest('base64');
  return `${dtype} ${shape.join(',')} ${bytes.length} ${content}`;
}

/** Total bytes of all values that one run computes; not all of them exist at the same time. */
export function computedBytes({ nodes }: Pick<Graph, 'nodes'>): number {
  const values = nodes.flatMap(({ outputs }) => outputs);
  return values.reduce((sum, { dtype, shape }) => sum + sizeOf(shape) * BYTES_OF[dtype], 0);
}

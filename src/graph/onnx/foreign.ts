import { BrineError, messageOf } from '../../base/errors.ts';
import type { DType } from '../../tensor/dtype.ts';
import { fieldsOf } from '../../wire/fields.ts';
import { brine } from '../../wire/generated/onnx.js';
import { dataPlaceOf, type DataExtent } from './foreign-data.ts';
import { dtypeOf, isDtypeCode, readInt64 } from './tensors.ts';

/**
 * A description of an ONNX model of any exporter: its inputs and outputs, and the files that it
 * needs. Nodes are not interpreted and tensors are not decoded. The bytes are read as protobuf
 * fields, in whatever order the exporter wrote them.
 */
export interface ForeignModel {
  /** Version of ONNX's standard operator set. */
  readonly opset: number;
  readonly irVersion: number;
  /** Inputs that must be fed, without initializers. */
  readonly inputs: readonly ForeignValue[];
  readonly outputs: readonly ForeignValue[];
  /** Names of all tensors, including those of inner graphs and functions. */
  readonly names: ReadonlySet<string>;
  readonly initializers: ReadonlySet<string>;
  /** Op types of all nodes, including those of inner graphs and functions. */
  readonly ops: ReadonlySet<string>;
  /** Whether the model defines local functions. */
  readonly functions: boolean;
  /** External data by location as written in the model, sorted. The locations are unchecked. */
  readonly data: ReadonlyMap<string, DataExtent>;
}

export interface ForeignValue {
  readonly name: string;
  /** `other` for unsupported element types, and for values that are not tensors. */
  readonly dtype: DType | 'other';
  /**
   * Each extent is a number, a symbolic name, or undefined. Undefined as a whole if the rank is
   * unknown.
   */
  readonly shape: readonly (number | string | undefined)[] | undefined;
}

type Kind = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse' | 'function' | 'training';

/** Submessages by field number, wherever a tensor can occur. */
const SUBMESSAGES: Readonly<Record<Kind, Readonly<Record<number, Kind>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  tensor: {},
  sparse: { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 11: 'attribute' },
  training: { 1: 'graph', 2: 'graph' },
};

/** Maximum nesting of messages: the limit of protobuf's own parsers. */
const MAX_DEPTH = 100;

/** Reads the description of a model. Throws GRAPH_INVALID if the bytes are not an ONNX model. */
export function readForeign(bytes: Uint8Array): ForeignModel {
  try {
    const reader = new ForeignReader();
    reader.visit(bytes, 'model', 0);
    return reader.result();
  } catch (cause) {
    if (cause instanceof BrineError && cause.code === 'GRAPH_INVALID') throw cause;
    throw invalid(`these ${bytes.length} bytes are not an ONNX model: ${messageOf(cause)}`, cause);
  }
}

class ForeignReader {
  readonly #inputs: ForeignValue[] = [];
  readonly #outputs: ForeignValue[] = [];
  readonly #names = new Set<string>();
  readonly #initializers = new Set<string>();
  readonly #data = new Map<string, DataExtent>();
  readonly #ops = new Set<string>();
  #functions = false;
  #opset = 0;
  #irVersion = 0;

  result(): ForeignModel {
    const [initializers, names] = [this.#initializers, this.#names];
    return {
      opset: this.#opset,
      irVersion: this.#irVersion,
      inputs: this.#inputs.filter(({ name }) => !initializers.has(name)),
      outputs: this.#outputs,
      names,
      initializers,
      ops: this.#ops,
      functions: this.#functions,
      data: new Map([...this.#data].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  /**
   * Visits a message. `depth` is its nesting: 1 for the main graph, 2 for the initializers of that
   * graph.
   */
  visit(message: Uint8Array, kind: Kind, depth: number): void {
    if (depth > MAX_DEPTH) throw invalid(`the messages of the model are nested ${depth} deep`);
    if (kind === 'tensor') this.#readData(message);
    for (const { number, whole, content } of fieldsOf(message)) {
      if (kind === 'model') this.#readModel(number, whole);
      if (content === undefined) continue;
      if (kind === 'graph') this.#readGraph(number, content, depth === 1);
      else if (kind === 'node') this.#readNode(number, content);
      else if (kind === 'tensor') this.#readTensor(number, content, depth === 2);
      const inner = SUBMESSAGES[kind][number];
      if (inner !== undefined) this.visit(content, inner, depth + 1);
    }
  }

  #readNode(number: number, content: Uint8Array): void {
    if (number <= 2) this.#names.add(textOf(content));
    if (number === 4) this.#ops.add(textOf(content));
  }

  #readModel(number: number, whole: Uint8Array): void {
    if (number === 25) this.#functions = true;
    if (number !== 1 && number !== 8) return;
    const { irVersion, opsetImport } = brine.onnx.ModelProto.decode(whole);
    if (number === 1) this.#irVersion = readInt64(irVersion);
    for (const { domain, version } of opsetImport) {
      if (isStandard(domain)) this.#opset = Math.max(this.#opset, readInt64(version));
    }
  }

  #readGraph(number: number, content: Uint8Array, outermost: boolean): void {
    if (number !== 11 && number !== 12) return;
    const value = valueOf(brine.onnx.ValueInfoProto.decode(content));
    this.#names.add(value.name);
    if (outermost) (number === 11 ? this.#inputs : this.#outputs).push(value);
  }

  #readTensor(number: number, content: Uint8Array, initializer: boolean): void {
    if (number === 8) {
      this.#names.add(textOf(content));
      if (initializer) this.#initializers.add(textOf(content));
    }
  }

  #readData(tensor: Uint8Array): void {
    const place = dataPlaceOf(tensor);
    if (place === undefined) return;
    const { location, bytes, tensor: name } = place;
    if (bytes >= (this.#data.get(location)?.bytes ?? 0)) this.#data.set(location, { bytes, tensor: name });
  }
}

/** Whether a domain is that of ONNX's standard operators. */
export function isStandard(domain: string | null | undefined): boolean {
  return (domain ?? '') === '' || domain === 'ai.onnx';
}

function valueOf({ name, type }: brine.onnx.IValueInfoProto): ForeignValue {
  const tensor = type?.tensorType;
  const shape = tensor?.shape?.dim?.map((dim) => {
    if (dim.dimParam) return dim.dimParam;
    const extent = Object.hasOwn(dim, 'dimValue') ? readInt64(dim.dimValue) : -1; // absent is not 0
    if (!Number.isSafeInteger(extent)) throw invalid(`${name} has the extent ${extent}`);
    return extent < 0 ? undefined : extent;
  });
  return { name: name ?? '', dtype: typeOf(tensor?.elemType ?? 0), shape };
}

function typeOf(code: number): ForeignValue['dtype'] {
  return isDtypeCode(code) ? dtypeOf(code) : 'other';
}

function textOf(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
}

function invalid(fault: string, cause?: unknown): BrineError {
  return new BrineError('GRAPH_INVALID', fault, {
    hint: 'Export the model again. Brine supports ONNX models of operator set 13 or later.',
    cause,
  });
}

import { BrineError, messageOf } from '../../base/errors.ts';
import type { DType } from '../../tensor/dtype.ts';
import { fieldsOf } from '../../wire/fields.ts';
import { brine } from '../../wire/generated/onnx.js';
import { dataPlaceOf, type DataExtent } from './foreign-data.ts';
import { dtypeOf, isDtypeCode, readInt64 } from './tensors.ts';

/**
 * What must be known of an ONNX model that others made, to run it: what it takes and gives, and which files it needs. Its nodes
 * are not understood, and tensors are not decoded; the bytes are walked as protobuf fields, whoever wrote them.
 */
export interface ForeignModel {
  /** Of ONNX's own operators. */
  readonly opset: number;
  readonly irVersion: number;
  /** What must be fed: initializers are left out. */
  readonly inputs: readonly ForeignValue[];
  readonly outputs: readonly ForeignValue[];
  /** All names of tensors, also of inner graphs and functions. */
  readonly names: ReadonlySet<string>;
  readonly initializers: ReadonlySet<string>;
  /** Types of all nodes, also of inner graphs and functions. */
  readonly ops: ReadonlySet<string>;
  /** Whether it brings functions of its own. */
  readonly functions: boolean;
  /** External data by its location as it is written in the model, sorted. The locations are unchecked. */
  readonly data: ReadonlyMap<string, DataExtent>;
}

export interface ForeignValue {
  readonly name: string;
  /** `other` is every type that Brine has no word for, and what is no tensor. */
  readonly dtype: DType | 'bfloat16' | 'other';
  /** An extent, the name of one, or undefined; undefined as a whole when the rank is not known. */
  readonly shape: readonly (number | string | undefined)[] | undefined;
}

type Kind = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse' | 'function' | 'training';

/** Which fields of a message hold which messages: everywhere that a tensor can be. */
const INSIDE: Readonly<Record<Kind, Readonly<Record<number, Kind>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  tensor: {},
  sparse: { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 11: 'attribute' },
  training: { 1: 'graph', 2: 'graph' },
};

/** Graphs in graphs: as deep as protobuf's own readers go. */
const DEEPEST = 100;

/** Throws GRAPH_INVALID when the bytes are no ONNX model. */
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

  /** `depth` counts messages in messages; the model's own graph is at 1, its initializers at 2. */
  visit(message: Uint8Array, kind: Kind, depth: number): void {
    if (depth > DEEPEST) throw invalid(`an ONNX model nests ${depth} messages`);
    if (kind === 'tensor') this.#readData(message);
    for (const { number, whole, content } of fieldsOf(message)) {
      if (kind === 'model') this.#readModel(number, whole);
      if (content === undefined) continue;
      if (kind === 'graph') this.#readGraph(number, content, depth === 1);
      else if (kind === 'node') this.#readNode(number, content);
      else if (kind === 'tensor') this.#readTensor(number, content, depth === 2);
      const inner = INSIDE[kind][number];
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

/** Whether a domain is that of ONNX's own operators. */
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

/** ONNX's number of a type that may be inside a model, but crosses no border of ours. */
const BFLOAT16 = 16;

function typeOf(code: number): ForeignValue['dtype'] {
  if (code === BFLOAT16) return 'bfloat16';
  return isDtypeCode(code) ? dtypeOf(code) : 'other';
}

function textOf(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
}

function invalid(fault: string, cause?: unknown): BrineError {
  return new BrineError('GRAPH_INVALID', fault, {
    hint: 'Export the model again; Brine takes ONNX models of operator set 13 or newer.',
    cause,
  });
}

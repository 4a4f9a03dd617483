import { BrineError } from '../../base/errors.ts';
import { fieldHead, fieldsOf } from '../../wire/fields.ts';
import { brine } from '../../wire/generated/onnx.js';
import { isStandard, type ForeignModel } from './foreign.ts';
import type { Graph } from '../graph.ts';
import { readInt64 } from './tensors.ts';
import type { Op } from '../ops/attributes.ts';
import { encodeModel, graphMessage } from './serialize.ts';

/**
 * Appends one of our graphs to the model of another exporter, without interpreting the model. The
 * bytes of protobuf messages merge when they are concatenated: repeated fields append, and
 * submessages merge. So the bytes of the model and of our graph are one model. Only two parts of
 * the model are replaced: its list of operator sets, which are merged into one list, and its
 * outputs, which ONNX Runtime would otherwise have to keep.
 */

/**
 * The earliest supported operator set. Softmax, ReduceSum and most other ops have had their present
 * form since then.
 */
const MIN_OPSET = 13;

/**
 * The highest operator set to which a model can be raised without changing its meaning, except for
 * the ops in CHANGED. In set 18, the axes of reductions become inputs.
 */
const MAX_RAISED_OPSET = 17;

/** IR version of MIN_OPSET. Since version 4, initializers need not be inputs; ours are not. */
const MIN_IR_VERSION = 7;

/** Ops that got their present form after MIN_OPSET, and the operator set that introduced it. */
const INTRODUCED_IN: ReadonlyMap<Op, number> = new Map([
  ['ReduceMax', 18],
  ['ReduceMin', 18],
  ['ReduceMean', 18],
  ['ReduceSumSquare', 18],
  ['ReduceLogSumExp', 18],
  ['Split', 18],
  ['ScatterElements', 16],
  ['ScatterND', 16],
  ['LayerNormalization', 17],
  ['BitwiseAnd', 18],
  ['BitwiseOr', 18],
  ['BitwiseXor', 18],
  ['BitwiseNot', 18],
  ['Gelu', 20],
]);

export interface Composition {
  /** The result of readForeign for the bytes. */
  readonly model: ForeignModel;
  /** The graph to append. */
  readonly part: Graph;
  /**
   * Inputs of the part that are values of the model: their names in the part, mapped to names in
   * the model. The other inputs of the part become inputs of the composed model.
   */
  readonly bound: Readonly<Record<string, string>>;
  /** Prefix of all names of the part. */
  readonly prefix: string;
}

/**
 * Returns the bytes of the composed model. Its inputs are those of the model and the unbound ones
 * of the part; its outputs are those of the part. Throws GRAPH_INVALID if the operator set of the
 * model is older than 13, if it is too old for the part and cannot be raised, or if a name of the
 * model begins with the prefix.
 */
export function compose(bytes: Uint8Array, { model, part, bound, prefix }: Composition): Uint8Array {
  const opset = opsetFor(model, part);
  const taken = [...model.names].find((name) => name.startsWith(prefix));
  if (taken !== undefined) {
    throw new BrineError('GRAPH_INVALID', `the model has a tensor named ${JSON.stringify(taken)}`, {
      hint: `Brine reserves names that begin with ${JSON.stringify(prefix)}; rename the tensor.`,
    });
  }
  const own = encodeModel({
    irVersion: Math.max(model.irVersion, MIN_IR_VERSION),
    graph: graphMessage(part, { prefix, bound }),
    opsets: mergedOpsets(bytes, opset),
  });
  return joined([...keptFields(bytes, model), own]);
}

/**
 * Ops whose old form has another meaning in operator sets 14 to 17. All other changes in these sets
 * add types and options.
 */
const CHANGED = ['BatchNormalization', 'RoiAlign'];

/** The operator set of the model, raised if the part needs a later one and no meaning changes. */
function opsetFor({ opset, ops, functions }: ForeignModel, part: Graph): number {
  const needed = part.nodes.reduce((set, { op }) => Math.max(set, INTRODUCED_IN.get(op) ?? 0), MIN_OPSET);
  if (opset >= needed) return opset;
  const changed = functions ? 'its local functions' : CHANGED.find((op) => ops.has(op));
  if (opset >= MIN_OPSET && needed <= MAX_RAISED_OPSET && changed === undefined) return needed;
  const why =
    opset >= MIN_OPSET && changed !== undefined ? `, and cannot be raised because of ${changed}` : '';
  throw new BrineError(
    'GRAPH_INVALID',
    `the model has ONNX operator set ${opset}, which is older than ${opset < MIN_OPSET ? MIN_OPSET : needed}${why}`,
    {
      hint: `Export it again with opset_version=${Math.max(17, needed)}, or raise it with onnx.version_converter.`,
    },
  );
}

/** Operator sets of the model's domains and of com.microsoft, each once. */
function mergedOpsets(bytes: Uint8Array, opset: number): { domain: string; version: number }[] {
  const versions = new Map([['com.microsoft', 1]]);
  for (const { number, whole } of fieldsOf(bytes)) {
    if (number !== 8) continue;
    for (const { domain, version } of brine.onnx.ModelProto.decode(whole).opsetImport) {
      if (!isStandard(domain)) versions.set(domain ?? '', readInt64(version));
    }
  }
  return [
    { domain: '', version: opset },
    ...Array.from(versions, ([domain, version]) => ({ domain, version })),
  ];
}

/** The parts of the model that are kept, in order. */
function keptFields(bytes: Uint8Array, model: ForeignModel): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (const { number, whole, content } of fieldsOf(bytes)) {
    if (number === 1 || number === 8) continue;
    if (number !== 7 || content === undefined) {
      pieces.push(whole);
      continue;
    }
    const kept = Array.from(fieldsOf(content)).filter((field) => {
      if (field.number === 12) return false;
      // ONNX Runtime cannot prepack an initializer that is also an input, because it is not constant.
      if (field.number !== 11 || field.content === undefined) return true;
      return !model.initializers.has(brine.onnx.ValueInfoProto.decode(field.content).name);
    });
    const length = kept.reduce((sum, field) => sum + field.whole.length, 0);
    pieces.push(fieldHead(7, length), ...kept.map((field) => field.whole));
  }
  return pieces;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

import { BrineError } from '../../base/errors.ts';
import { fieldHead, fieldsOf } from '../../wire/fields.ts';
import { brine } from '../../wire/generated/onnx.js';
import { isStandard, type ForeignModel } from './foreign.ts';
import type { Graph } from '../graph.ts';
import { readInt64 } from './tensors.ts';
import type { Op } from '../ops/attributes.ts';
import { encodeModel, graphMessage } from './serialize.ts';

/**
 * A model that others made with a graph of ours behind it, without understanding the model: protobuf messages merge when their bytes
 * stand one after another (repeated fields append, messages merge), so its bytes and ours make one model. Only what
 * may not be there twice is taken out: its list of operator sets, of which one merged list is written, and its outputs, which
 * would have to be kept whole.
 */

/** Since then Softmax, ReduceSum and most others are written as they are now. */
const OLDEST_OPSET = 13;

/** From 13 up to here a model keeps its meaning, but for what CHANGED names. In 18 axes of reductions become inputs. */
const HIGHEST_RAISE = 17;

/** Of that operator set. Since 4 initializers need not be inputs, as ours are not. */
const MIN_IR_VERSION = 7;

/** Ops that are written otherwise in older operator sets, or unknown there. */
const NEWER: ReadonlyMap<Op, number> = new Map([
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
  /** What readForeign says of the bytes. */
  readonly model: ForeignModel;
  /** Runs behind the model. */
  readonly part: Graph;
  /** The part's inputs that are values of the model, by their names in the part: the names in the model. The others are inputs of the whole. */
  readonly bound: Readonly<Record<string, string>>;
  /** Before every name of the part. */
  readonly prefix: string;
}

/**
 * The bytes of the whole: it takes what the model takes and what the part takes beside `bound`, and gives what the part gives.
 * Throws GRAPH_INVALID when the model's operator set is older than 13, or older than ops of the part and not to be raised, or when it has a
 * name that begins with the prefix.
 */
export function compose(bytes: Uint8Array, { model, part, bound, prefix }: Composition): Uint8Array {
  const opset = opsetFor(model, part);
  const taken = [...model.names].find((name) => name.startsWith(prefix));
  if (taken !== undefined) {
    throw new BrineError('GRAPH_INVALID', `the model calls a tensor ${JSON.stringify(taken)}`, {
      hint: `Names that begin with ${JSON.stringify(prefix)} are Brine's own; rename the tensor.`,
    });
  }
  const own = encodeModel({
    irVersion: Math.max(model.irVersion, MIN_IR_VERSION),
    graph: graphMessage(part, { prefix, bound }),
    opsets: mergedOpsets(bytes, opset),
  });
  return joined([...keptFields(bytes, model), own]);
}

/** Ops of which operator sets 14 to 17 gave an old form another meaning; all else that they changed is types and additions. */
const CHANGED = ['BatchNormalization', 'RoiAlign'];

/** The model's own operator set, raised where the part needs it and that changes no meaning. */
function opsetFor({ opset, ops, functions }: ForeignModel, part: Graph): number {
  const needed = part.nodes.reduce((most, { op }) => Math.max(most, NEWER.get(op) ?? 0), OLDEST_OPSET);
  if (opset >= needed) return opset;
  const changed = functions ? 'functions of its own' : CHANGED.find((op) => ops.has(op));
  if (opset >= OLDEST_OPSET && needed <= HIGHEST_RAISE && changed === undefined) return needed;
  const why = opset >= OLDEST_OPSET && changed !== undefined ? `, and cannot be raised for ${changed}` : '';
  throw new BrineError(
    'GRAPH_INVALID',
    `the model is of ONNX operator set ${opset}, older than ${opset < OLDEST_OPSET ? OLDEST_OPSET : needed}${why}`,
    {
      hint: `Export it again with opset_version=${Math.max(17, needed)}, or raise it with onnx.version_converter.`,
    },
  );
}

/** Its domains and com.microsoft's, each once. */
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

/** What of the model stays, in pieces. */
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
      // An initializer that is also an input is no constant: its products could not be prepared beforehand.
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

import { BrineError } from '../../base/errors.ts';
import { cast, concat, fusedMatMul, max, reshape, slice, type Value } from '../../graph/index.ts';

/**
 * Inputs of a graph that computes logits in chunks of positions, so that large logits never exist
 * as a whole.
 */
export interface LogitsInputs {
  /** float32 [N, d] */
  readonly hidden: Value;
  /**
   * float32 [V', d] with V' ≥ vocabulary. A padded head is truncated, so that no label exceeds the
   * tokenizer.
   */
  readonly head: Value;
  readonly vocabulary: number;
}

/**
 * Elements of one chunk: 2 MiB of float32, so that the passes after the product stay in the
 * processor's cache. A chunk has at least 128 positions; below that, packing the head dominates the
 * product.
 */
const CHUNK_ELEMENTS = 2 ** 19;
const MIN_POSITIONS = 128;

/**
 * Computes columns of a chunk of logits float32 [n, V], for positions begin … end - 1. The first
 * axis of each column is n.
 */
export type ColumnBuilder<K extends string> = (
  logits: Value,
  begin: number,
  end: number,
) => Readonly<Record<K, Value>>;

/**
 * Emits `columns` for each chunk of logits and concatenates the results along axis 0. Throws
 * TOKENIZER_MISMATCH when the model has fewer ids than the vocabulary.
 */
export function overLogits<K extends string>(
  { hidden, head, vocabulary }: LogitsInputs,
  columns: ColumnBuilder<K>,
): Record<K, Value> {
  const [n, known] = [hidden.shape[0]!, head.shape[0]!];
  requireCovered(known, vocabulary);
  const cut = known === vocabulary ? head : slice(head, { starts: [0], ends: [vocabulary], axes: [0] });
  return inChunks({ n, vocabulary }, (begin, end) => {
    const part = end - begin === n ? hidden : slice(hidden, { starts: [begin], ends: [end], axes: [0] });
    return columns(fusedMatMul(part, cut, { transB: true }), begin, end);
  });
}

export interface WholeLogits {
  /** Floating point [B, T, V'] with V' ≥ vocabulary; ids beyond the vocabulary are dropped. */
  readonly logits: Value;
  /**
   * Whether V' is certain. Otherwise the slice is made at run time, and fails there if V' is
   * smaller.
   */
  readonly extentKnown: boolean;
  readonly vocabulary: number;
}

/**
 * The smallest float32. Logits of -∞ are raised to it, because 0 · -∞ would make the entropy NaN.
 * +∞ and NaN stay and are detected later.
 */
const LOWEST = -3.4028234663852886e38;

/** Like overLogits, for a model that outputs whole logits. Throws TOKENIZER_MISMATCH. */
export function overWholeLogits<K extends string>(
  { logits, extentKnown, vocabulary }: WholeLogits,
  columns: ColumnBuilder<K>,
): Record<K, Value> {
  const [rows, positions, known] = [logits.shape[0]!, logits.shape[1]!, logits.shape[2]!];
  requireCovered(known, vocabulary);
  const n = rows * positions;
  const single = logits.dtype === 'float32' ? logits : cast(logits, 'float32');
  const cut = extentKnown ? single : slice(single, { starts: [0], ends: [vocabulary], axes: [2] });
  const flat = reshape(cut, [n, known]);
  return inChunks({ n, vocabulary }, (begin, end) => {
    const whole = end - begin === n && known === vocabulary;
    const part = whole ? flat : slice(flat, { starts: [begin, 0], ends: [end, vocabulary], axes: [0, 1] });
    return columns(max(part, LOWEST), begin, end);
  });
}

function requireCovered(known: number, vocabulary: number): void {
  if (known >= vocabulary) return;
  throw new BrineError(
    'TOKENIZER_MISMATCH',
    `the model has ${known} token ids, but the vocabulary of the data set has ${vocabulary}`,
    { hint: 'Use a model that was trained on this tokenizer.' },
  );
}

function inChunks<K extends string>(
  { n, vocabulary }: { readonly n: number; readonly vocabulary: number },
  emit: (begin: number, end: number) => Readonly<Record<K, Value>>,
): Record<K, Value> {
  const most = Math.max(MIN_POSITIONS, Math.floor(CHUNK_ELEMENTS / vocabulary));
  const size = Math.ceil(n / Math.ceil(n / most));
  const parts: Readonly<Record<K, Value>>[] = [];
  for (let begin = 0; begin < n; begin += size) parts.push(emit(begin, Math.min(n, begin + size)));
  const names = Object.keys(parts[0]!) as K[];
  const join = (name: K) =>
    concat(
      parts.map((part) => part[name]),
      0,
    );
  return Object.fromEntries(names.map((name) => [name, join(name)] as const)) as Record<K, Value>;
}

/** Slices positions begin … end - 1 of a column [N]. */
export function positionsOf(column: Value, begin: number, end: number): Value {
  return end - begin === column.shape[0]
    ? column
    : slice(column, { starts: [begin], ends: [end], axes: [0] });
}

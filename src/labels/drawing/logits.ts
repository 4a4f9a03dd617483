import { BrineError } from '../../base/errors.ts';
import { cast, concat, fusedMatMul, max, reshape, slice, type Value } from '../../graph/index.ts';

/** Logits never exist as a whole when they are large: a graph passes over them in chunks of positions. */
export interface LogitsInputs {
  /** float32 [N, d] */
  readonly hidden: Value;
  /** float32 [V', d] with V' ≥ vocabulary: a padded head is cut, so that no label is drawn beyond the tokenizer. */
  readonly head: Value;
  readonly vocabulary: number;
}

/**
 * Elements of one chunk: 2 MiB of float32, so that the passes after the product read a processor's cache. But no fewer than
 * 128 positions, below which packing the head rules the product.
 */
const CHUNK_ELEMENTS = 2 ** 19;
const LEAST_POSITIONS = 128;

/** What a chunk of logits float32 [n, V] (positions begin … begin + n - 1) gives: columns whose first axis is n. */
export type Columns<K extends string> = (
  logits: Value,
  begin: number,
  end: number,
) => Readonly<Record<K, Value>>;

/**
 * Emits `columns` for each chunk of logits and joins the results along axis 0. Throws TOKENIZER_MISMATCH when the model knows
 * fewer ids than the vocabulary has.
 */
export function overLogits<K extends string>(
  { hidden, head, vocabulary }: LogitsInputs,
  columns: Columns<K>,
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
  /** Floating [B, T, V'] with V' ≥ vocabulary; what is beyond the vocabulary is cut. */
  readonly logits: Value;
  /** Whether V' is only a promise: then the cut is made at run time, and fails there when V' is smaller. */
  readonly extentKnown: boolean;
  readonly vocabulary: number;
}

/** The smallest float32. A logit of -∞ is raised to it, because 0 · -∞ is no entropy. +∞ and NaN stay, and are found as such. */
const LOWEST = -3.4028234663852886e38;

/** The same over logits that a model has made whole. Throws TOKENIZER_MISMATCH as overLogits does. */
export function overWholeLogits<K extends string>(
  { logits, extentKnown, vocabulary }: WholeLogits,
  columns: Columns<K>,
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
    `the model knows ${known} token ids, the data set uses a vocabulary of ${vocabulary}`,
    { hint: 'Use a model that was trained on this tokenizer.' },
  );
}

function inChunks<K extends string>(
  { n, vocabulary }: { readonly n: number; readonly vocabulary: number },
  emit: (begin: number, end: number) => Readonly<Record<K, Value>>,
): Record<K, Value> {
  const most = Math.max(LEAST_POSITIONS, Math.floor(CHUNK_ELEMENTS / vocabulary));
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

/** Positions begin … end - 1 of a column [N]. */
export function positionsOf(column: Value, begin: number, end: number): Value {
  return end - begin === column.shape[0]
    ? column
    : slice(column, { starts: [begin], ends: [end], axes: [0] });
}

import { BrineError } from '../base/errors.ts';
import { concat, fusedMatMul, slice, type Value } from '../graph/index.ts';

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

/**
 * Emits `columns` for each chunk of logits [n, V] (positions begin … begin + n - 1) and joins the results along axis 0. Throws
 * TOKENIZER_MISMATCH when the model knows fewer ids than the vocabulary has.
 */
export function overLogits<K extends string>(
  { hidden, head, vocabulary }: LogitsInputs,
  columns: (logits: Value, begin: number, end: number) => Readonly<Record<K, Value>>,
): Record<K, Value> {
  const [n, known] = [hidden.shape[0]!, head.shape[0]!];
  if (known < vocabulary) {
    throw new BrineError(
      'TOKENIZER_MISMATCH',
      `the model knows ${known} token ids, the data set uses a vocabulary of ${vocabulary}`,
      { hint: 'Use a model that was trained on this tokenizer.' },
    );
  }
  const cut = known === vocabulary ? head : slice(head, { starts: [0], ends: [vocabulary], axes: [0] });
  const most = Math.max(LEAST_POSITIONS, Math.floor(CHUNK_ELEMENTS / vocabulary));
  const size = Math.ceil(n / Math.ceil(n / most));
  const parts: Readonly<Record<K, Value>>[] = [];
  for (let begin = 0; begin < n; begin += size) {
    const end = Math.min(n, begin + size);
    const part = size === n ? hidden : slice(hidden, { starts: [begin], ends: [end], axes: [0] });
    parts.push(columns(fusedMatMul(part, cut, { transB: true }), begin, end));
  }
  const names = Object.keys(parts[0]!) as K[];
  const joined = names.map(
    (name) =>
      [
        name,
        concat(
          parts.map((part) => part[name]),
          0,
        ),
      ] as const,
  );
  return Object.fromEntries(joined) as Record<K, Value>;
}

/** Positions begin … end - 1 of a column [N]. */
export function positionsOf(column: Value, begin: number, end: number): Value {
  return end - begin === column.shape[0]
    ? column
    : slice(column, { starts: [begin], ends: [end], axes: [0] });
}

import { BrineError } from '../../../base/errors.ts';
import type { Tokenizer } from '../../../data/tokenizer/tokenizer.ts';
import type { Continuation } from './prompts.ts';

/** The ids of a context and of its continuation. */
export interface Request {
  /** Context and continuation, at most T + 1 ids: the labels are those after the first. */
  readonly ids: Uint32Array;
  /** Number of ids of the continuation, at the end. */
  readonly scored: number;
  /** Whether the beginning of the context was cut off. */
  readonly truncated: boolean;
}

export interface RequestOptions {
  readonly tokenizer: Pick<Tokenizer, 'encodeBatch' | 'endOfText'>;
  /** Ids that the tokenizer puts before every text, such as a beginning-of-text token. */
  readonly prefix: readonly number[];
  /** T: the most positions that the model sees. */
  readonly positions: number;
}

/** Number of texts that are encoded at once. */
const BATCH = 4096;

/**
 * Encodes continuations as lm-evaluation-harness does: context and continuation are encoded together,
 * and the ids after those of the context alone are scored. White space at the end of the context
 * belongs to the continuation. An empty context is replaced by the tokenizer's prefix or an end-of-text
 * id. A context that is too long loses its beginning. Throws BAD_ARGUMENT for a continuation that is
 * longer than the model's positions.
 */
export async function encodeRequests(
  continuations: readonly Continuation[],
  options: RequestOptions,
): Promise<Request[]> {
  const requests: Request[] = [];
  for (let begin = 0; begin < continuations.length; begin += BATCH) {
    const part = continuations.slice(begin, begin + BATCH);
    const bare = part.map(({ context }) => context.trimEnd());
    const [contexts, wholes] = await Promise.all([
      options.tokenizer.encodeBatch(bare),
      options.tokenizer.encodeBatch(part.map(({ context, text }) => context + text)),
    ]);
    for (const at of part.keys()) {
      const empty = contexts[at]!.length === 0;
      const prefix = empty && options.prefix.length === 0 ? [options.tokenizer.endOfText] : options.prefix;
      requests.push(requestOf({ prefix, context: contexts[at]!, whole: wholes[at]! }, options.positions));
    }
  }
  return requests;
}

interface EncodedPair {
  readonly prefix: readonly number[];
  readonly context: Uint32Array;
  /** Context and continuation. */
  readonly whole: Uint32Array;
}

function requestOf({ prefix, context, whole }: EncodedPair, positions: number): Request {
  const scored = whole.length - context.length;
  if (scored < 1 || scored > positions) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `an answer has ${scored} tokens, but must have from 1 to ${positions}, the positions of the model`,
      { hint: 'Use a model with more positions, or a larger --context.' },
    );
  }
  const ids = Uint32Array.of(...prefix, ...whole);
  const truncated = ids.length > positions + 1;
  return { ids: truncated ? ids.slice(-(positions + 1)) : ids, scored, truncated };
}

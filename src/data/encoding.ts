import { BrineError } from '../base/errors.ts';
import type { TextPiece } from './document.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A batch for the tokenizer's native threads: enough to keep them busy, little enough to be held twice. */
const BATCH_UNITS = 1024 * 1024;
const BATCH_PIECES = 4096;

export interface EncodedBatch {
  readonly pieces: readonly TextPiece[];
  /** The ids of each piece. */
  readonly ids: readonly Uint32Array[];
}

/** Encodes a stream of text in bounded batches; the next batch is read and encoded while one is used. */
export async function* encodedBatches(
  pieces: AsyncIterable<TextPiece>,
  tokenizer: Tokenizer,
  signal?: AbortSignal,
): AsyncGenerator<EncodedBatch> {
  let ahead: Promise<EncodedBatch> | undefined;
  for await (const batch of batchesOf(pieces)) {
    if (signal?.aborted) {
      throw new BrineError('CANCELLED', 'preparing the data was stopped', {
        hint: 'What was there before is unchanged.',
      });
    }
    const next = encode(batch, tokenizer);
    next.catch(() => undefined); // awaited below, unless the consumer stops first
    if (ahead) yield await ahead;
    ahead = next;
  }
  if (ahead) yield await ahead;
}

async function encode(pieces: readonly TextPiece[], tokenizer: Tokenizer): Promise<EncodedBatch> {
  return { pieces, ids: await tokenizer.encodeBatch(pieces.map(({ text }) => text)) };
}

async function* batchesOf(pieces: AsyncIterable<TextPiece>): AsyncGenerator<TextPiece[]> {
  let batch: TextPiece[] = [];
  let units = 0;
  for await (const piece of pieces) {
    batch.push(piece);
    units += piece.text.length;
    if (units < BATCH_UNITS && batch.length < BATCH_PIECES) continue;
    yield batch;
    batch = [];
    units = 0;
  }
  if (batch.length > 0) yield batch;
}

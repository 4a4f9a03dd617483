import { type TextSegment, segmentsOf } from '../cuts/segments.ts';
import type { TextPiece } from '../corpus/document.ts';
import { whileBusy } from '../../base/process/busy-threads.ts';
import { unlessAborted } from '../../base/interruption.ts';
import { handledLater } from '../../base/promises.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Batch size: enough to keep the native threads busy, and small enough to hold two batches in memory. */
const BATCH_UNITS = 1024 * 1024;
const BATCH_SEGMENTS = 4096;

export interface EncodedBatch {
  readonly segments: readonly TextSegment[];
  /** The ids of each segment. */
  readonly ids: readonly Uint32Array[];
}

/**
 * Encodes a stream of documents in bounded batches, one batch ahead of the consumer. A document gets the
 * ids of its whole text. Throws TOKENIZER_INVALID, TEXT_INVALID, CANCELLED.
 */
export async function* encodedBatches(
  pieces: AsyncIterable<TextPiece>,
  tokenizer: Tokenizer,
  signal?: AbortSignal,
): AsyncGenerator<EncodedBatch> {
  let ahead: Promise<EncodedBatch> | undefined;
  const unlessStopped = <T>(work: Promise<T>) => unlessAborted(work, signal, { what: 'preparing the data' });
  const batches = batchesOf(segmentsOf(pieces, tokenizer.cutter));
  try {
    for (;;) {
      const { done, value } = await unlessStopped(batches.next());
      if (done) break;
      const next = encode(value, tokenizer);
      void handledLater(next); // awaited below, unless the consumer stops first
      if (ahead) yield await unlessStopped(ahead);
      ahead = next;
    }
    if (ahead) yield await unlessStopped(ahead);
  } finally {
    void handledLater(batches.return(undefined)); // closes the input after a pending read
  }
}

async function encode(segments: readonly TextSegment[], tokenizer: Tokenizer): Promise<EncodedBatch> {
  const ids = await whileBusy(tokenizer.encodeBatch(segments.map(({ text }) => text)));
  return { segments, ids };
}

async function* batchesOf(segments: AsyncIterable<TextSegment>): AsyncGenerator<TextSegment[]> {
  let batch: TextSegment[] = [];
  let units = 0;
  for await (const segment of segments) {
    if (units > 0 && units + segment.text.length > BATCH_UNITS) {
      yield batch;
      [batch, units] = [[], 0];
    }
    batch.push(segment);
    units += segment.text.length;
    if (batch.length < BATCH_SEGMENTS) continue;
    yield batch;
    [batch, units] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

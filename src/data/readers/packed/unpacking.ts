/**
 * Streaming decompression. Whatever a file claims, memory is bounded by a window or block of its format
 * and the unpacked size of one piece.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import Bzip2 from '@foxglove/wasm-bz2';
import { Decompress } from 'fzstd';
import xz from 'xz-decompress';
import { BrineError, messageOf } from '../../../base/errors.ts';
import { handledLater } from '../../../base/promises.ts';
import { bzip2Blocks, MAX_UNPACKED } from './bzip2-blocks.ts';
import { zstdPieces } from './zstd-pieces.ts';

export type Packing = 'gz' | 'zst' | 'bz2' | 'xz';

type Unpack = (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

const UNPACK: Readonly<Record<Packing, Unpack>> = { gz: gunzipped, zst: unzstd, bz2: bunzipped, xz: unxz };

const HINTS: Readonly<Record<Packing, string>> = {
  gz: 'Check it with "gzip -t" and fetch it again.',
  zst: 'Check it with "zstd -t" and fetch it again; frames packed with --long above 27 are not read (unpack them with zstd -d).',
  bz2: 'Check it with "bzip2 -t" and fetch it again.',
  xz: 'Check it with "xz -t" and fetch it again; windows above 64 MiB, SHA-256 checks and filters for machine code are not read (unpack it with xz -d).',
};

/** Decompresses a stream. Throws CORPUS_DAMAGED for truncated input and other formats. */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  packing: Packing,
  source: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* UNPACK[packing](chunks);
  } catch (cause) {
    if (cause instanceof BrineError) throw cause;
    throw new BrineError('CORPUS_DAMAGED', `cannot unpack ${source}: ${messageOf(cause)}`, {
      hint: HINTS[packing],
      cause,
    });
  }
}

/** Reads all members of a gzip file. */
async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const done = pipeline(Readable.from(chunks, { objectMode: false }), gunzip);
  void handledLater(done); // the loop throws the same
  for await (const chunk of gunzip) yield chunk as Buffer;
  await done;
}

async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = [];
  let bytes = 0;
  const stream = new Decompress((data) => {
    bytes += data.length;
    if (data.length > 0) held.push(data.slice());
  });
  // The decoder keeps views of its input; pieces are not reused elsewhere.
  for await (const piece of zstdPieces(chunks, () => bytes)) {
    stream.push(piece, false);
    yield* held.splice(0);
  }
  stream.push(new Uint8Array(0), true);
  yield* held.splice(0);
}

let bzip2: Promise<Bzip2> | undefined;

/** Opens the decoder once and removes the process-wide error listeners that it installs. */
function openBzip2(): Promise<Bzip2> {
  if (bzip2) return bzip2;
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  bzip2 = Bzip2.init();
  for (const [at, event] of events.entries())
    for (const listener of process.rawListeners(event))
      if (!before[at]?.includes(listener)) process.off(event, listener as (error: unknown) => void);
  return bzip2;
}

async function* bunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = await openBzip2();
  for await (const block of bzip2Blocks(chunks)) yield decoder.decompress(block, MAX_UNPACKED);
}

/** Meaning of the decoder's error codes (xz-embedded, enum xz_ret). */
const XZ_FAULTS: Readonly<Record<string, string>> = {
  4: 'it needs a window of more than 64 MiB',
  5: 'it is not xz',
  6: 'it uses an unsupported check or filter',
  7: 'its data are damaged',
  8: 'it is truncated',
};

/**
 * Reads all streams of an xz file. The decoder supports one stream per process, so stopping early
 * must cancel it.
 */
async function* unxz(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const reader = new xz.XzReadableStream(webStream(source)).getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (value.length > 0) yield value;
    }
    ended = true;
  } catch (error) {
    ended = true;
    const [, code = ''] = /error code (\d+)/.exec(messageOf(error)) ?? [];
    throw XZ_FAULTS[code] === undefined ? error : new Error(XZ_FAULTS[code], { cause: error });
  } finally {
    if (!ended) await reader.cancel();
    await source.return?.();
  }
}

function webStream(source: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Splits a Zstandard stream (RFC 8878) at its blocks, without decompressing it. A block unpacks to at
 * most 128 KiB, so decompressing piece by piece needs memory for a window and one block. The decoder
 * trusts the window size of a frame and copies a window for every block, so both are limited here.
 */
import { ByteStream } from './byte-stream.ts';

const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const CHECKSUM_BYTES = 4;
/** Maximum window size: the limit of "zstd --long". */
const MAX_WINDOW = 2 ** 27;
/** Limits of window copying: bytes for each byte of content, plus a base for any file. */
const MAX_COPIED_PER_BYTE = 2 ** 14;
const BASE_COPIED = 2 ** 34;

/**
 * Yields headers and blocks. `unpacked` returns the unpacked bytes so far. Throws an Error for other
 * formats, and for frames whose cost is out of proportion to their content.
 */
export async function* zstdPieces(
  chunks: AsyncIterable<Uint8Array>,
  unpacked: () => number,
): AsyncGenerator<Uint8Array> {
  const stream = new ByteStream(chunks);
  const cost = { copied: 0, unpacked };
  try {
    for (let frame = 1; !(await stream.ends()); frame += 1) {
      const magic = littleEndian(await stream.peek(4));
      if (magic >>> 4 === SKIPPABLE >>> 4) yield* skippable(stream);
      else if (magic === FRAME) yield* blocksOf(stream, cost);
      else throw new Error(`frame ${frame} is not Zstandard`);
    }
  } finally {
    await stream.close();
  }
}

async function* skippable(stream: ByteStream): AsyncGenerator<Uint8Array> {
  const head = await stream.take(8);
  yield head;
  for (let rest = littleEndian(head.subarray(4)); rest > 0;) {
    const part = await stream.take(Math.min(rest, 2 ** 16));
    rest -= part.length;
    yield part;
  }
}

interface UnpackingCost {
  /** Copied window bytes so far. */
  copied: number;
  readonly unpacked: () => number;
}

async function* blocksOf(stream: ByteStream, cost: UnpackingCost): AsyncGenerator<Uint8Array> {
  const descriptor = (await stream.peek(5))[4]!;
  const head = await stream.take(headBytes(descriptor));
  const window = windowOf(head, descriptor);
  if (window > MAX_WINDOW)
    throw new Error(`it requires a window of ${window} bytes, but the maximum is ${MAX_WINDOW}`);
  yield head;
  for (let last = false; !last;) {
    const block = littleEndian(await stream.peek(3));
    const [type, size] = [(block >>> 1) & 3, block >>> 3];
    const piece = await stream.take(3 + (type === 1 ? 1 : size));
    last = (block & 1) === 1;
    yield piece;
    cost.copied += window;
    if (cost.copied > BASE_COPIED + MAX_COPIED_PER_BYTE * cost.unpacked())
      throw new Error('its blocks are too small for its window');
  }
  if ((descriptor & 4) !== 0) yield await stream.take(CHECKSUM_BYTES);
}

/** Length of magic, descriptor, window (unless single-segment), dictionary id and content size. */
function headBytes(descriptor: number): number {
  const single = (descriptor >>> 5) & 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  return 5 + (1 - single) + dictionary + [single, 2, 4, 8][descriptor >>> 6]!;
}

function windowOf(head: Uint8Array, descriptor: number): number {
  if (((descriptor >>> 5) & 1) === 0) {
    const byte = head[5]!;
    const base = 2 ** (10 + (byte >>> 3));
    return base + (base / 8) * (byte & 7);
  }
  const size = head.subarray(5 + [0, 1, 2, 4][descriptor & 3]!);
  return littleEndian(size) + (size.length === 2 ? 256 : 0);
}

/** Little-endian number of up to eight bytes. Above 2^53 only the magnitude is right. */
function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

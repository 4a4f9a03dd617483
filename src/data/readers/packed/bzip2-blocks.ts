/**
 * Splits a bzip2 file into streams of one block each, so that decompression needs memory for one block.
 * Blocks begin at any bit and are found by their 48-bit magic numbers, as in bzip2recover. Chance
 * matches are negligible, and each block has a checksum.
 */
import { ByteStream } from './byte-stream.ts';

/** Magic numbers of 48 bits, as their upper 20 and lower 28. */
const BLOCK = { upper: 0x31415, lower: 0x9265359 };
const STREAM_END = { upper: 0x17724, lower: 0x5385090 };
const STREAM_END_BYTES = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];
const MAGIC_BITS = 48;
const CHECKSUM_BITS = 32;
/** Maximum packed size. An incompressible block of 900,000 bytes is hardly longer when packed. */
const MAX_PACKED = 2 ** 21;
/**
 * Maximum unpacked size of a block: run-length coding writes up to 259 bytes as four bytes and a
 * count.
 */
export const MAX_UNPACKED = Math.ceil((900_000 * 259) / 5) + 1024;

/** Yields bzip2 streams of one block each. Throws an Error for other formats and truncated input. */
export async function* bzip2Blocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = new ByteStream(chunks);
  try {
    while (!(await stream.ends())) yield* blocksOfStream(stream);
  } finally {
    await stream.close();
  }
}

async function* blocksOfStream(stream: ByteStream): AsyncGenerator<Uint8Array> {
  const head = Buffer.from(await stream.take(4));
  if (!/^BZh[1-9]$/.test(head.toString('latin1'))) throw new Error('it is not bzip2');
  /** The last 56 bits as two 28-bit numbers: room for a magic number at any bit offset. */
  let [high, low] = [0, 0];
  let begin: number | undefined;
  for (let at = 0; ;) {
    if (at > MAX_PACKED) throw new Error('a block exceeds the maximum length of bzip2');
    if (at === stream.held.length && !(await stream.more())) throw new Error('it is truncated');
    const byte = stream.held[at++]!;
    high = ((high << 8) | (low >>> 20)) & 0xfffffff;
    low = ((low << 8) | byte) & 0xfffffff;
    const magic = at < 6 ? undefined : magicIn(high, low);
    if (begin === undefined && at === 6 && magic?.shift !== 0) throw new Error('it is not bzip2');
    if (!magic) continue;
    const end = at * 8 - magic.shift - MAGIC_BITS;
    if (begin !== undefined) yield streamOf(stream.held, { begin, end }, head);
    if (magic.endsStream) {
      await stream.take(Math.ceil((end + MAGIC_BITS + CHECKSUM_BITS) / 8));
      return;
    }
    const done = end >>> 3;
    stream.drop(done);
    at -= done;
    begin = end & 7;
  }
}

/** Finds a magic number in the last 56 bits, with the number of bits after it. */
function magicIn(high: number, low: number): { shift: number; endsStream: boolean } | undefined {
  for (let shift = 0; shift < 8; shift++) {
    const upper = (high >>> shift) & 0xfffff;
    if (upper !== BLOCK.upper && upper !== STREAM_END.upper) continue;
    const lower = ((high << (28 - shift)) | (low >>> shift)) & 0xfffffff;
    if (upper === BLOCK.upper && lower === BLOCK.lower) return { shift, endsStream: false };
    if (upper === STREAM_END.upper && lower === STREAM_END.lower) return { shift, endsStream: true };
  }
  return undefined;
}

/** Makes a stream of one block: header, block shifted to a byte boundary, end mark, checksum. */
function streamOf(
  held: Uint8Array,
  { begin, end }: { begin: number; end: number },
  head: Uint8Array,
): Uint8Array {
  const bits = end - begin;
  const [from, shift, odd] = [begin >>> 3, begin & 7, bits & 7];
  const out = new Uint8Array(4 + Math.ceil((bits + MAGIC_BITS + CHECKSUM_BITS) / 8));
  out.set(head);
  for (let i = 0; i < Math.ceil(bits / 8); i++)
    out[4 + i] = (held[from + i]! << shift) | ((held[from + i + 1] ?? 0) >>> (8 - shift));
  const last = 4 + (bits >>> 3);
  out[last]! &= 0xff << (8 - odd);
  // The checksum of a one-block stream equals that of the block, which follows the block's magic number.
  for (const [j, byte] of [...STREAM_END_BYTES, ...out.slice(10, 14)].entries()) {
    out[last + j]! |= byte >>> odd;
    if (odd > 0) out[last + j + 1]! |= byte << (8 - odd);
  }
  return out;
}

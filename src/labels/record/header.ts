import { crc32c, sha256 } from '../../base/checksum.ts';
import { BrineError } from '../../base/errors.ts';

/**
 * The first 64 bytes of a label record, little-endian:
 *
 *     0 magic "BLAB" · 4 version · 5 weight coding · 6 sections · 7 zero · 8 row · 12 positions
 *     16 vocabulary · 20 draws · 24 entries · 28 bytes of labels · 32 bytes of context
 *     36 hash of the token ids (8) · 44 identity (8) · 52 CRC32C of labels
 *     56 CRC32C of context · 60 CRC32C of bytes 0 … 59
 *
 * The label columns follow, then the context columns. Each section has its own checksum, so that
 * either can be read alone.
 */
export const HEADER_BYTES = 64;
const MAGIC = 0x42414c42;
const VERSION = 2;

/** Encoding of weights: counts of draws, 16-bit logarithms, or float32. */
export type WeightCoding = 'counts' | 'logarithms' | 'floats';
const CODINGS: readonly WeightCoding[] = ['counts', 'logarithms', 'floats'];

export interface RecordHeader {
  readonly coding: WeightCoding;
  readonly hasLabels: boolean;
  readonly hasContext: boolean;
  readonly hasRemaining: boolean;
  readonly row: number;
  readonly positions: number;
  readonly vocabulary: number;
  /** Draws of each position; 0 unless the coding is `counts`. */
  readonly draws: number;
  /** Number of ids over all positions. */
  readonly entries: number;
  /** First 16 hexadecimal digits of the SHA-256 of the row's ids. */
  readonly tokenHash: string;
  /** First 16 hexadecimal digits of the labels' identityHash. */
  readonly identity: string;
}

/** Hashes a row's token ids (uint32, little-endian): 16 hexadecimal digits, as stored in records. */
export function tokenHash(tokens: Uint32Array): string {
  return sha256(new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength)).slice(0, 16);
}

/** Assembles header and sections into a record. */
export function assembleRecord(header: RecordHeader, labels: Uint8Array, context: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + labels.length + context.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  bytes[4] = VERSION;
  bytes[5] = CODINGS.indexOf(header.coding);
  bytes[6] = Number(header.hasLabels) | (Number(header.hasContext) << 1) | (Number(header.hasRemaining) << 2);
  const { row, positions, vocabulary, draws, entries } = header;
  [row, positions, vocabulary, draws, entries, labels.length, context.length].forEach((word, i) =>
    view.setUint32(8 + 4 * i, word, true),
  );
  bytes.set(Buffer.from(header.tokenHash, 'hex'), 36);
  bytes.set(Buffer.from(header.identity, 'hex'), 44);
  view.setUint32(52, crc32c(labels), true);
  view.setUint32(56, crc32c(context), true);
  view.setUint32(60, crc32c(bytes.subarray(0, 60)), true);
  bytes.set(labels, HEADER_BYTES);
  bytes.set(context, HEADER_BYTES + labels.length);
  return bytes;
}

export interface OpenRecord {
  readonly header: RecordHeader;
  /** Views of the sections, with verified checksums. */
  readonly labels: Uint8Array;
  readonly context: Uint8Array;
}

/**
 * Parses a record and verifies its checksums; `only` skips the checksum of the other section.
 * Throws LABEL_DAMAGED. Allocates nothing whose size depends on the record's numbers.
 */
export function openRecord(bytes: Uint8Array, only?: 'labels' | 'context'): OpenRecord {
  if (bytes.length < HEADER_BYTES) throw damaged(`is ${bytes.length} bytes long, shorter than its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw damaged('does not begin with its magic number');
  if (view.getUint32(60, true) !== crc32c(bytes.subarray(0, 60)))
    throw damaged('has a wrong header checksum');
  if (bytes[4] !== VERSION)
    throw damaged(`has version ${bytes[4]}, but this program reads version ${VERSION}`);
  const coding = CODINGS[bytes[5]!];
  const sections = bytes[6]!;
  if (coding === undefined || sections > 7 || bytes[7] !== 0) throw damaged('has an unknown format');
  const word = (at: number) => view.getUint32(at, true);
  const [labelBytes, contextBytes] = [word(28), word(32)];
  if (bytes.length !== HEADER_BYTES + labelBytes + contextBytes) {
    throw damaged(`is ${bytes.length} bytes long instead of ${HEADER_BYTES + labelBytes + contextBytes}`);
  }
  const labels = bytes.subarray(HEADER_BYTES, HEADER_BYTES + labelBytes);
  const context = bytes.subarray(HEADER_BYTES + labelBytes);
  if (only !== 'context' && word(52) !== crc32c(labels)) throw damaged('has a wrong label checksum');
  if (only !== 'labels' && word(56) !== crc32c(context)) throw damaged('has a wrong context checksum');
  const header: RecordHeader = {
    coding,
    hasLabels: (sections & 1) !== 0,
    hasContext: (sections & 2) !== 0,
    hasRemaining: (sections & 4) !== 0,
    row: word(8),
    positions: word(12),
    vocabulary: word(16),
    draws: word(20),
    entries: word(24),
    tokenHash: Buffer.from(bytes.buffer, bytes.byteOffset + 36, 8).toString('hex'),
    identity: Buffer.from(bytes.buffer, bytes.byteOffset + 44, 8).toString('hex'),
  };
  return { header, labels, context };
}

/** Builds LABEL_DAMAGED. */
export function damaged(what: string): BrineError {
  return new BrineError('LABEL_DAMAGED', `a label record ${what}`, {
    hint: 'Delete this record from the cache and let a teacher draw it again.',
  });
}

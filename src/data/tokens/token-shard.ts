import { crc32c } from '../../base/checksum.ts';
import { BrineError } from '../../base/errors.ts';

/**
 * The header of a token shard, 128 bytes, little-endian. It is followed by `rows` rows of
 * `rowLength` ids.
 *
 *   0 magic "BRINETOK" · 8 u32 version · 12 u32 bytes an id (2 or 4) · 16 u64 rows · 24 u32 ids a row
 *   28 u32 vocabulary · 32 SHA-256 of the tokenizer · 64 u64 first row · 72 SHA-256 of the rows · 124 u32 CRC-32C of 0 … 123
 */
export const HEADER_BYTES = 128;
export const SHARD_VERSION = 1;
const MAGIC = 'BRINETOK';
const CRC_AT = 124;

export interface ShardHeader {
  readonly idBytes: 2 | 4;
  readonly rows: number;
  /** Ids in a row, T + 1. */
  readonly rowLength: number;
  readonly vocabularySize: number;
  /** Hexadecimal. */
  readonly tokenizer: string;
  /** Index of the shard's first row in the token set. */
  readonly firstRow: number;
  /** SHA-256 of the rows, in hexadecimal. */
  readonly content: string;
}

/** Bytes for each id: 2 if the vocabulary fits, otherwise 4. */
export function idBytesFor(vocabularySize: number): 2 | 4 {
  return vocabularySize <= 65536 ? 2 : 4;
}

export function encodeHeader(header: ShardHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(SHARD_VERSION, 8);
  bytes.writeUInt32LE(header.idBytes, 12);
  bytes.writeBigUInt64LE(BigInt(header.rows), 16);
  bytes.writeUInt32LE(header.rowLength, 24);
  bytes.writeUInt32LE(header.vocabularySize, 28);
  bytes.write(header.tokenizer, 32, 32, 'hex');
  bytes.writeBigUInt64LE(BigInt(header.firstRow), 64);
  bytes.write(header.content, 72, 32, 'hex');
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, CRC_AT)), CRC_AT);
  return bytes;
}

/** Decodes a header. Throws SHARD_DAMAGED if it is damaged or of another version. */
export function decodeHeader(bytes: Buffer, path: string): ShardHeader {
  if (bytes.length < HEADER_BYTES) throw damaged(path, `it ends after ${bytes.length} bytes, in its header`);
  if (bytes.toString('latin1', 0, 8) !== MAGIC) throw damaged(path, 'it is not a token shard');
  if (crc32c(bytes.subarray(0, CRC_AT)) !== bytes.readUInt32LE(CRC_AT)) {
    throw damaged(path, 'the checksum of its header is wrong');
  }
  const version = bytes.readUInt32LE(8);
  if (version !== SHARD_VERSION) {
    throw damaged(path, `it has version ${version}, this Brine reads ${SHARD_VERSION}`);
  }
  const idBytes = bytes.readUInt32LE(12);
  if (idBytes !== 2 && idBytes !== 4) throw damaged(path, `it claims ${idBytes} bytes per id`);
  return {
    idBytes,
    rows: Number(bytes.readBigUInt64LE(16)),
    rowLength: bytes.readUInt32LE(24),
    vocabularySize: bytes.readUInt32LE(28),
    tokenizer: bytes.toString('hex', 32, 64),
    firstRow: Number(bytes.readBigUInt64LE(64)),
    content: bytes.toString('hex', 72, 104),
  };
}

export function damaged(path: string, why: string): BrineError {
  return new BrineError('SHARD_DAMAGED', `the token shard ${path} is damaged: ${why}`, {
    hint: 'Prepare the data again (brine prepare … --overwrite), or copy the folder again.',
  });
}

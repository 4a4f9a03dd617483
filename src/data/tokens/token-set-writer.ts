import { createHash, type Hash } from 'node:crypto';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileWhole } from '../../base/files/files.ts';
import { encodeHeader, HEADER_BYTES, idBytesFor } from './token-shard.ts';
import { INDEX_NAME, tokenSetIdentity, type TokenSetIndex } from './token-set-index.ts';

const SHARD_BYTES = 256 * 1024 * 1024;
const WRITE_BYTES = 1024 * 1024;

export interface TokenSetShape {
  /** Ids in a row, T + 1. */
  readonly rowLength: number;
  readonly vocabularySize: number;
  /** The tokenizer's identity. */
  readonly tokenizer: string;
  /** Maximum shard size. */
  readonly shardBytes?: number | undefined;
}

interface OpenShard {
  readonly file: string;
  readonly handle: FileHandle;
  readonly hash: Hash;
  rows: number;
}

/**
 * Cuts a stream of ids into rows and writes them as a token set. Row r + 1 begins with the last id of
 * row r, so that every id except the first is a target once. An incomplete last row is not written.
 * Use it within writeFolderWhole, so that the folder appears atomically. `finish` or `abandon` closes
 * the files.
 */
export class TokenSetWriter {
  readonly #folder: string;
  readonly #shape: TokenSetShape;
  readonly #idBytes: 2 | 4;
  readonly #rowsPerShard: number;
  readonly #row: Uint32Array;
  readonly #shards: { file: string; rows: number; content: string }[] = [];
  #filled = 0;
  #pending: Buffer;
  #pendingBytes = 0;
  #open: OpenShard | undefined;
  #rows = 0;

  constructor(folder: string, shape: TokenSetShape) {
    this.#folder = folder;
    this.#shape = shape;
    this.#idBytes = idBytesFor(shape.vocabularySize);
    const rowBytes = shape.rowLength * this.#idBytes;
    this.#rowsPerShard = Math.max(1, Math.floor((shape.shardBytes ?? SHARD_BYTES) / rowBytes));
    this.#row = new Uint32Array(shape.rowLength);
    this.#pending = Buffer.alloc(Math.max(WRITE_BYTES, rowBytes));
  }

  get rows(): number {
    return this.#rows;
  }

  /** Ids of the incomplete row, including the one shared with the previous row. */
  get waiting(): number {
    return this.#filled;
  }

  async append(ids: Uint32Array): Promise<void> {
    for (let begin = 0; begin < ids.length;) {
      const part = ids.subarray(begin, begin + this.#row.length - this.#filled);
      this.#row.set(part, this.#filled);
      this.#filled += part.length;
      begin += part.length;
      if (this.#filled < this.#row.length) return;
      await this.#writeRow();
      this.#row[0] = this.#row[this.#row.length - 1] ?? 0;
      this.#filled = 1;
    }
  }

  /** Writes the last shard and the index. Returns the index. */
  async finish(): Promise<TokenSetIndex> {
    await this.#closeShard();
    const { rowLength, vocabularySize, tokenizer } = this.#shape;
    const index = {
      version: 1 as const,
      tokenizer,
      vocabularySize,
      rows: this.#rows,
      rowLength,
      idBytes: this.#idBytes,
      rowsPerShard: this.#rowsPerShard,
      shards: this.#shards,
    };
    const whole = { identity: tokenSetIdentity(index), ...index };
    await writeFileWhole(join(this.#folder, INDEX_NAME), `${JSON.stringify(whole, undefined, 2)}\n`);
    return whole;
  }

  /** Closes open files without finishing. */
  async abandon(): Promise<void> {
    await this.#open?.handle.close();
    this.#open = undefined;
  }

  async #writeRow(): Promise<void> {
    const shard = (this.#open ??= await this.#openShard());
    const rowBytes = this.#row.length * this.#idBytes;
    if (this.#pendingBytes + rowBytes > this.#pending.length) await this.#flush(shard);
    const { buffer, byteOffset } = this.#pending;
    const ids = this.#idBytes === 2 ? Uint16Array.from(this.#row) : this.#row;
    new Uint8Array(buffer, byteOffset + this.#pendingBytes, rowBytes).set(
      new Uint8Array(ids.buffer, ids.byteOffset, rowBytes),
    );
    this.#pendingBytes += rowBytes;
    this.#rows++;
    if (++shard.rows === this.#rowsPerShard) await this.#closeShard();
  }

  async #openShard(): Promise<OpenShard> {
    const file = `tokens-${String(this.#shards.length).padStart(5, '0')}.bin`;
    await mkdir(this.#folder, { recursive: true });
    const handle = await open(join(this.#folder, file), 'w');
    await handle.writeFile(Buffer.alloc(HEADER_BYTES));
    return { file, handle, hash: createHash('sha256'), rows: 0 };
  }

  async #flush({ handle, hash }: OpenShard): Promise<void> {
    const bytes = this.#pending.subarray(0, this.#pendingBytes);
    hash.update(bytes);
    await handle.writeFile(bytes); // continues after the previous write
    this.#pendingBytes = 0;
  }

  async #closeShard(): Promise<void> {
    const shard = this.#open;
    if (!shard) return;
    await this.#flush(shard);
    const content = shard.hash.digest('hex');
    const { rowLength, vocabularySize, tokenizer } = this.#shape;
    const header = encodeHeader({
      idBytes: this.#idBytes,
      rows: shard.rows,
      rowLength,
      vocabularySize,
      tokenizer,
      firstRow: this.#rows - shard.rows,
      content,
    });
    await shard.handle.write(header, 0, header.length, 0);
    await shard.handle.close();
    this.#open = undefined;
    this.#shards.push({ file: shard.file, rows: shard.rows, content });
  }
}

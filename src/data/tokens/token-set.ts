import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError, messageOf } from '../../base/errors.ts';
import { openOrdinarySync, readOrdinaryText } from '../../base/files/ordinary-file.ts';
import { parseWith } from '../../base/schema.ts';
import type { Closable } from '../../base/scope.ts';
import { hashRows } from './token-set-content.ts';
import { damaged, decodeHeader, HEADER_BYTES } from './token-shard.ts';
import { INDEX_NAME, TOKEN_SET_INDEX, tokenSetIdentity, type TokenSetIndex } from './token-set-index.ts';

/** Token sets up to this size are verified against their hash when opened. */
const ALWAYS_CHECKED_BYTES = 64 * 1024 * 1024;

/** Maximum index size; a million shards take 100 MiB. */
const MAX_INDEX_BYTES = 2 ** 28;

/** Rows of token ids on disk. Reading a row is a single read at a computed offset. */
export interface TokenSet extends Closable {
  /** Content hash of rows and tokenizer, independent of the path. */
  readonly identity: string;
  readonly tokenizerIdentity: string;
  readonly vocabularySize: number;
  readonly rows: number;
  /** T + 1 ids: row r + 1 begins with the last id of row r. */
  readonly rowLength: number;
  /** A fresh copy of row 0 … rows-1. Throws BAD_ARGUMENT (no such row), SHARD_DAMAGED, CLOSED. */
  read(row: number): Uint32Array;
  close(): void;
}

/**
 * Opens the folder of a token set and checks index, headers and sizes. With `content`, and always for
 * sets up to 64 MiB, it also verifies the rows' hashes. Throws FILE_MISSING or SHARD_DAMAGED.
 */
export async function openTokenSet(folder: string, options: { content?: boolean } = {}): Promise<TokenSet> {
  const index = await readIndex(join(folder, INDEX_NAME));
  const descriptors: number[] = [];
  const close = (): void => {
    for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
  };
  const rowBytes = index.rowLength * index.idBytes;
  const content = options.content ?? index.rows * rowBytes <= ALWAYS_CHECKED_BYTES;
  try {
    let firstRow = 0;
    for (const [number, shard] of index.shards.entries()) {
      const path = join(folder, shard.file);
      const descriptor = openShard(path);
      descriptors.push(descriptor);
      checkShard(path, descriptor, { index, number, firstRow });
      if (content && (await hashRows(path)) !== shard.content) {
        throw damaged(path, 'its rows do not match their hash');
      }
      firstRow += shard.rows;
    }
    if (firstRow !== index.rows) throw damaged(folder, `its shards have ${firstRow} of ${index.rows} rows`);
  } catch (error) {
    close();
    throw error;
  }
  return tokenSet(folder, index, { descriptors, close });
}

function tokenSet(
  folder: string,
  index: TokenSetIndex,
  files: { descriptors: readonly number[]; close: () => void },
): TokenSet {
  const { identity, tokenizer, vocabularySize, rows, rowLength, idBytes, rowsPerShard } = index;
  const rowBytes = rowLength * idBytes;
  let closed = false;
  return {
    identity,
    tokenizerIdentity: tokenizer,
    vocabularySize,
    rows,
    rowLength,
    read(row) {
      if (closed) {
        throw new BrineError('CLOSED', `the token set ${folder} was closed`, {
          hint: 'Keep it open while reading.',
        });
      }
      checkRow(row, rows, folder);
      const shard = Math.floor(row / rowsPerShard);
      const bytes = new ArrayBuffer(rowBytes);
      const position = HEADER_BYTES + (row - shard * rowsPerShard) * rowBytes;
      const got = readSync(files.descriptors[shard] ?? -1, new Uint8Array(bytes), 0, rowBytes, position);
      const where = `${folder} (row ${row})`;
      if (got !== rowBytes) throw damaged(where, `it has ${got} of ${rowBytes} bytes`);
      const ids = idBytes === 2 ? Uint32Array.from(new Uint16Array(bytes)) : new Uint32Array(bytes);
      for (const id of ids)
        if (id >= vocabularySize) throw damaged(where, `id ${id} is not below ${vocabularySize}`);
      return ids;
    },
    close() {
      closed = true;
      files.close();
    },
  };
}

async function readIndex(path: string): Promise<TokenSetIndex> {
  let json: string;
  try {
    json = await readOrdinaryText(path, { most: MAX_INDEX_BYTES });
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `there is no token set: ${messageOf(cause)}`, {
      hint: 'Prepare the data first (brine prepare), then name its train or validation folder.',
      cause,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw damaged(path, 'it is not JSON');
  }
  const hint = 'Prepare the data again.';
  const index = parseWith(TOKEN_SET_INDEX, value, { what: path, code: 'SHARD_DAMAGED', hint });
  if (tokenSetIdentity(index) !== index.identity)
    throw damaged(path, 'its identity does not match its content');
  return index;
}

function openShard(path: string): number {
  try {
    return openOrdinarySync(path, { links: 'refuse' });
  } catch (cause) {
    throw damaged(path, messageOf(cause));
  }
}

function checkShard(
  path: string,
  descriptor: number,
  place: { index: TokenSetIndex; number: number; firstRow: number },
): void {
  const { index, number, firstRow } = place;
  const shard = index.shards[number];
  const { size } = fstatSync(descriptor);
  const header = decodeHeader(readFirst(descriptor), path);
  const expected = {
    idBytes: index.idBytes,
    rows: shard?.rows,
    rowLength: index.rowLength,
    vocabularySize: index.vocabularySize,
    tokenizer: index.tokenizer,
    firstRow,
    content: shard?.content,
  };
  for (const [key, value] of Object.entries(expected)) {
    const found = header[key as keyof typeof header];
    if (found !== value) throw damaged(path, `its header has ${key} ${found}, but the index has ${value}`);
  }
  const last = number === index.shards.length - 1;
  if (last ? header.rows > index.rowsPerShard : header.rows !== index.rowsPerShard)
    throw damaged(path, `it has ${header.rows} rows, a full shard has ${index.rowsPerShard}`);
  const wanted = HEADER_BYTES + header.rows * header.rowLength * header.idBytes;
  if (size !== wanted) throw damaged(path, `it has ${size} bytes instead of ${wanted}`);
}

function readFirst(descriptor: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, HEADER_BYTES, 0));
}

function checkRow(row: number, rows: number, folder: string): void {
  if (Number.isInteger(row) && row >= 0 && row < rows) return;
  throw new BrineError('BAD_ARGUMENT', `the token set ${folder} has rows 0 to ${rows - 1}, not ${row}`, {
    hint: 'Use rows of this set.',
  });
}

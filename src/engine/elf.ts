/**
 * Reads from an ELF file (System V ABI, 64 bits, little endian) which shared libraries it needs.
 * Nothing is loaded or run. Sizes in the file are checked against the size of the file before they
 * are used.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';

export interface ElfNeeds {
  /** DT_NEEDED: names such as libcudnn.so.9, in file order. */
  readonly needed: readonly string[];
  /** DT_RUNPATH or DT_RPATH: folders that are searched first, with $ORIGIN resolved. */
  readonly folders: readonly string[];
}

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const ENTRY_BYTES = 16;
/** Dynamic sections and their string tables are small. A larger size means a damaged file. */
const MAX_BYTES = 1 << 24;
const [LOAD, DYNAMIC] = [1, 2];
const [NEEDED, STRINGS, STRINGS_SIZE, RPATH, RUNPATH] = [1n, 5n, 10n, 15n, 29n];

interface ProgramSegment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Reads the needs of a file. Throws FILE_MISSING, and FILE_DAMAGED if it is truncated or not a
 * 64-bit ELF file.
 */
export async function readElfNeeds(path: string): Promise<ElfNeeds> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new BrineError('FILE_MISSING', `cannot open ${path}: ${messageOf(cause)}`, {
      hint: 'Name a shared library.',
      cause,
    });
  });
  try {
    return await new ElfReader(file, path).needs();
  } finally {
    await file.close();
  }
}

class ElfReader {
  readonly #file: FileHandle;
  readonly #path: string;

  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  async needs(): Promise<ElfNeeds> {
    const segments = await this.#segments();
    const dynamic = segments.find(({ type }) => type === DYNAMIC);
    if (!dynamic) return { needed: [], folders: [] };
    const bytes = await this.#read(dynamic.offset, dynamic.size - (dynamic.size % ENTRY_BYTES));
    const entries = Array.from({ length: bytes.length / ENTRY_BYTES }, (_, at) => ({
      tag: bytes.readBigUInt64LE(at * ENTRY_BYTES),
      value: Number(bytes.readBigUInt64LE(at * ENTRY_BYTES + 8)),
    }));
    const valueOf = (wanted: bigint) => entries.find(({ tag }) => tag === wanted)?.value;
    const address = valueOf(STRINGS);
    const home = segments.find(
      (part) =>
        part.type === LOAD &&
        address !== undefined &&
        address >= part.address &&
        address < part.address + part.size,
    );
    if (address === undefined || !home) throw this.#damaged('its string table is in no segment');
    const strings = await this.#read(home.offset + address - home.address, valueOf(STRINGS_SIZE) ?? 0);
    const text = (at: number): string => {
      const end = strings.indexOf(0, at);
      if (at >= strings.length || end < 0)
        throw this.#damaged(`it has no string at ${at} of ${strings.length} bytes`);
      return strings.toString('latin1', at, end);
    };
    const paths = entries
      .filter(({ tag }) => tag === RUNPATH || tag === RPATH)
      .map(({ value }) => text(value));
    return {
      needed: entries.filter(({ tag }) => tag === NEEDED).map(({ value }) => text(value)),
      folders: paths.flatMap((list) =>
        list
          .split(':')
          .filter(Boolean)
          .map((one) => this.#absolute(one)),
      ),
    };
  }

  async #segments(): Promise<ProgramSegment[]> {
    const header = await this.#read(0, HEADER_BYTES);
    if (header.toString('latin1', 0, 6) !== '\x7fELF\x02\x01')
      throw this.#damaged('it is not a 64-bit ELF file');
    const count = header.readUInt16LE(56);
    if (header.readUInt16LE(54) !== PROGRAM_HEADER_BYTES)
      throw this.#damaged('its program headers have an unexpected size');
    const table = await this.#read(Number(header.readBigUInt64LE(32)), count * PROGRAM_HEADER_BYTES);
    return Array.from({ length: count }, (_, at) => {
      const field = (offset: number) => Number(table.readBigUInt64LE(at * PROGRAM_HEADER_BYTES + offset));
      return {
        type: table.readUInt32LE(at * PROGRAM_HEADER_BYTES),
        offset: field(8),
        address: field(16),
        size: field(32),
      };
    });
  }

  async #read(position: number, length: number): Promise<Buffer> {
    const { size } = await this.#file.stat();
    if (!Number.isSafeInteger(position) || length > MAX_BYTES || position + length > size)
      throw this.#damaged(`it refers to ${length} bytes at ${position}, but has ${size}`);
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await this.#file.read(bytes, 0, length, position);
    if (bytesRead !== length) throw this.#damaged(`it ends after ${position + bytesRead} bytes`);
    return bytes;
  }

  #absolute(folder: string): string {
    return resolve(folder.replaceAll(/\$\{ORIGIN\}|\$ORIGIN/g, dirname(this.#path)));
  }

  #damaged(fault: string): BrineError {
    return new BrineError('FILE_DAMAGED', `${this.#path} cannot be read as a shared library: ${fault}`, {
      hint: 'Install it again.',
    });
  }
}

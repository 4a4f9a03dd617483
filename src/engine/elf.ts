/**
 * Which shared libraries a program or library needs, read from the file itself (System V ABI: ELF, 64 bits, little endian). Nothing is
 * loaded or run, and nothing is read by a size that the file does not have.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';

export interface ElfNeeds {
  /** DT_NEEDED: names such as libcudnn.so.9, in the order of the file. */
  readonly needed: readonly string[];
  /** DT_RUNPATH or DT_RPATH: folders to look in first, with $ORIGIN written out. */
  readonly folders: readonly string[];
}

const HEADER = 64;
const SEGMENT = 56;
const ENTRY = 16;
/** Dynamic sections and their texts are small; what claims more is no library. */
const MAX_BYTES = 1 << 24;
const [LOAD, DYNAMIC] = [1, 2];
const [NEEDED, STRINGS, STRINGS_SIZE, RPATH, RUNPATH] = [1n, 5n, 10n, 15n, 29n];

interface ProgramSegment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** Throws FILE_MISSING, and FILE_DAMAGED for what is no 64-bit ELF file, or is cut short. */
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
    const bytes = await this.#read(dynamic.offset, dynamic.size - (dynamic.size % ENTRY));
    const entries = Array.from({ length: bytes.length / ENTRY }, (_, at) => ({
      tag: bytes.readBigUInt64LE(at * ENTRY),
      value: Number(bytes.readBigUInt64LE(at * ENTRY + 8)),
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
    if (address === undefined || !home) throw this.#damaged('its table of texts is nowhere');
    const texts = await this.#read(home.offset + address - home.address, valueOf(STRINGS_SIZE) ?? 0);
    const text = (at: number): string => {
      const end = texts.indexOf(0, at);
      if (at >= texts.length || end < 0) throw this.#damaged(`a text at ${at} of ${texts.length} bytes`);
      return texts.toString('latin1', at, end);
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
    const header = await this.#read(0, HEADER);
    if (header.toString('latin1', 0, 6) !== '\x7fELF\x02\x01')
      throw this.#damaged('it is no 64-bit ELF file');
    const count = header.readUInt16LE(56);
    if (header.readUInt16LE(54) !== SEGMENT) throw this.#damaged('its program headers have another size');
    const table = await this.#read(Number(header.readBigUInt64LE(32)), count * SEGMENT);
    return Array.from({ length: count }, (_, at) => {
      const field = (offset: number) => Number(table.readBigUInt64LE(at * SEGMENT + offset));
      return {
        type: table.readUInt32LE(at * SEGMENT),
        offset: field(8),
        address: field(16),
        size: field(32),
      };
    });
  }

  async #read(position: number, length: number): Promise<Buffer> {
    const { size } = await this.#file.stat();
    if (!Number.isSafeInteger(position) || length > MAX_BYTES || position + length > size)
      throw this.#damaged(`${length} bytes at ${position} of ${size}`);
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

/**
 * Streams the members of a tar (POSIX ustar and pax, GNU long names). Available libraries buffer
 * extension headers of any claimed size; this reader limits them.
 */
import { ByteStream } from './byte-stream.ts';

export interface TarMember {
  readonly name: string;
  /** Whether it is a regular file. Links, folders and devices have no content. */
  readonly isFile: boolean;
  /** Content. Unread bytes are skipped. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

const BLOCK = 512;
/** Maximum size of an extension header. Real names have some hundred bytes. */
const MAX_EXTENSION_BYTES = 2 ** 20;

/** Yields the members. Throws an Error for other formats and truncated input. */
export async function* tarMembers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const stream = new ByteStream(chunks);
  let extension: Extension = {};
  try {
    while (!(await stream.ends())) {
      const header = Buffer.from(await stream.take(BLOCK));
      if (header.every((byte) => byte === 0)) break; // two such blocks end a tar; what follows is padding
      checkSum(header);
      const type = String.fromCharCode(header[156]!);
      const size = extension.size ?? numberAt(header, 124, 12);
      const padding = (BLOCK - (size % BLOCK)) % BLOCK;
      if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
        if (size > MAX_EXTENSION_BYTES) throw new Error(`an extension header claims ${size} bytes`);
        const content = Buffer.from(await stream.take(size));
        await stream.take(padding);
        if (type === 'L') extension = { ...extension, name: textAt(content, 0, content.length) };
        if (type === 'x') extension = { ...extension, ...paxOf(content) };
        continue;
      }
      const body = bodyOf(stream, size);
      const isFile = type === '0' || type === '\0' || type === '7';
      yield { name: extension.name ?? nameIn(header), isFile, chunks: body };
      extension = {};
      for await (const _ of body); // the rest of it
      await stream.take(padding);
    }
  } finally {
    await stream.close();
  }
}

interface Extension {
  readonly name?: string;
  readonly size?: number;
}

/** An iterator that can be resumed after `break`; for await would close a generator. */
function bodyOf(stream: ByteStream, size: number): AsyncIterableIterator<Uint8Array> {
  let left = size;
  const body: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => body,
    async next() {
      if (left === 0) return { done: true, value: undefined };
      if (await stream.ends()) throw new Error('it is truncated');
      const value = stream.held.subarray(0, left);
      stream.drop(value.length);
      left -= value.length;
      return { done: false, value };
    },
  };
  return body;
}

function checkSum(header: Buffer): void {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (numberAt(header, 148, 8) !== sum) throw new Error('a header checksum is wrong, or it is not a tar');
}

/** Parses octal digits, or a big-endian number if the highest bit is set (GNU). */
function numberAt(header: Buffer, at: number, length: number): number {
  const bytes = header.subarray(at, at + length);
  const binary = (bytes[0]! & 0x80) !== 0;
  const value = binary
    ? bytes.reduce((sum, byte, i) => sum * 256 + (i === 0 ? byte & 0x7f : byte), 0)
    : Number.parseInt(
        bytes
          .toString('latin1')
          .replace(/[\0 ]+$/, '')
          .trim() || '0',
        8,
      );
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error('the size in a header is not a number');
}

function textAt(bytes: Buffer, at: number, length: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
}

function nameIn(header: Buffer): string {
  const name = textAt(header, 0, 100);
  const isUstar = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? textAt(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Parses records "LENGTH KEY=VALUE\n". Throws an Error for invalid records. */
function paxOf(content: Buffer): Extension {
  const found = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number.parseInt(content.toString('latin1', at, space < 0 ? at : space), 10);
    if (!(length > 0)) throw new Error('an extension header is damaged');
    const [, key, value] =
      /^([^=]*)=([\s\S]*)\n$/.exec(content.toString('utf8', space + 1, at + length)) ?? [];
    if (key !== undefined && value !== undefined) found.set(key, value);
    at += length;
  }
  const [name, size] = [found.get('path'), found.get('size')];
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw new Error('the size in a header is not a number');
  return { ...(name !== undefined && { name }), ...(size !== undefined && { size: Number(size) }) };
}

/** Builds files of common corpus formats in memory. */
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { gzipSync } from 'node:zlib';

/** Two records; below also as packed by "xz -c" and "bzip2 -c", because Node cannot pack these formats. */
export const RECORDS = '{"text":"packed one"}\n{"text":"packed two"}\n';
const XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AArACFdAD2IioaUiBPg84lLBKQZKPNielm6wFkVTETV9wZ0HechAAAAAADX9b06wmf2UQABPSx2kbZ4H7bzfQEAAAAABFla';
const BZ2 =
  'QlpoOTFBWSZTWWOivNoAABRZgAAQUAAAEC4JxMogACCqoDR6mNNQoaaYAKeMrKZvCV3KZQl7rXym7i0KdPxdyRThQkGOivNo';
const ZST = 'KLUv/SQsFQEA4HsidGV4dCI6InBhY2tlZCBvbmUifQp0d28ifQoBABKZTXaJc1g=';
/** 2.5 million times the letter "a" in three blocks: head -c 2500000 /dev/zero | tr '\0' a | bzip2 -c. */
const LONG_BZ2 = 'QlpoOTFBWSZTWYWCyv0AEyWBAaAAAIAACCAAMMwFKaakRRsFEUeLuSKcKEhCwWV+gA==';

export const packed = {
  gz: gzipSync(RECORDS),
  xz: Buffer.from(XZ, 'base64'),
  bz2: Buffer.from(BZ2, 'base64'),
  zst: Buffer.from(ZST, 'base64'),
  longBz2: Buffer.from(LONG_BZ2, 'base64'),
};

/** An Arrow stream with one column and one batch, as written by save_to_disk of `datasets`. */
export function arrowStream(texts: readonly (string | null)[], column = 'text'): Uint8Array {
  return tableToIPC(tableFromArrays({ id: texts.map((_, i) => i), [column]: [...texts] }), 'stream');
}

export interface Member {
  readonly name: string;
  readonly content: Uint8Array | string;
  /** '0' for a file, '2' for a link, 'x' for an extension header … */
  readonly type?: string;
}

/** A tar with ordinary headers (ustar). */
export function tarOf(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ name, content, type = '0' }) => {
    const bytes = Buffer.from(content as Uint8Array);
    return [tarHeader(name, bytes.length, type), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function tarHeader(name: string, size: number, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Text as UTF-16 with its byte order mark. */
export function utf16(text: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

/** Reads, validates and writes the header of a safetensors file. */
import type { FileHandle } from 'node:fs/promises';
import { BrineError, messageOf } from '../base/errors.ts';
import { notTheFile } from '../base/files/foreign-kind.ts';
import { parseJson } from '../base/json.ts';
import { lazySchema, parseWith } from '../base/schema.ts';
import { BYTES_OF, checkedSize, sizeOf, type DType, type Shape, type TensorData } from './dtype.ts';

/** The element types that Brine reads, and the types it reads them as; BF16 is widened to float32. */
const STORED = {
  F64: { dtype: 'float64', bytes: 8 },
  F32: { dtype: 'float32', bytes: 4 },
  F16: { dtype: 'float16', bytes: 2 },
  BF16: { dtype: 'float32', bytes: 2 },
  I64: { dtype: 'int64', bytes: 8 },
  I32: { dtype: 'int32', bytes: 4 },
  U32: { dtype: 'uint32', bytes: 4 },
  U16: { dtype: 'uint16', bytes: 2 },
  U8: { dtype: 'uint8', bytes: 1 },
  BOOL: { dtype: 'bool', bytes: 1 },
} as const satisfies Record<string, { dtype: DType; bytes: number }>;

/** Bytes per element of the format's other types. A file may contain such tensors, but reading one is an error. */
const UNREAD = {
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  F8_E4M3FNUZ: 1,
  F8_E5M2FNUZ: 1,
  F6_E2M3: 0.75,
  F6_E3M2: 0.75,
  F4: 0.5,
  I8: 1,
  I16: 2,
  U64: 8,
  C64: 8,
} as const;

export type ReadType = keyof typeof STORED;
export type StoredType = ReadType | keyof typeof UNREAD;

const STORED_NAME: Record<DType, ReadType> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};

/** The only key of the header that is not the name of a tensor. */
const METADATA = '__metadata__';

const MAX_HEADER_BYTES = 100_000_000; // limit of the reference implementation

export interface StoredTensor {
  /** Element type after reading; undefined for a type that Brine does not read. */
  readonly dtype: DType | undefined;
  readonly stored: StoredType;
  readonly shape: Shape;
  /** Byte range in the file, end exclusive. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads and validates the header. Throws FILE_DAMAGED. */
export async function readHeader(file: FileHandle, path: string): Promise<SafetensorsHeader> {
  const { size } = await file.stat();
  const prefix = Buffer.alloc(8);
  if (size < 8 || (await file.read(prefix, 0, 8, 0)).bytesRead < 8) {
    throw damaged(path, `it has ${size} bytes, fewer than the length field of a header`);
  }
  const length = prefix.readBigUInt64LE();
  if (length > BigInt(Math.min(MAX_HEADER_BYTES, size - 8))) {
    const beginning = Buffer.alloc(Math.min(512, size));
    await file.read(beginning, 0, beginning.length, 0);
    throw (
      notTheFile(path, beginning) ??
      damaged(path, `its header declares ${length} bytes, but the file has ${size}`)
    );
  }
  const text = Buffer.alloc(Number(length));
  await file.read(text, 0, text.length, 8);
  return parseHeader(path, text, { dataBegin: 8 + text.length, size });
}

const metadataSchema = lazySchema((z) => z.record(z.string(), z.string()));
const entrySchema = lazySchema((z) =>
  z.object({
    dtype: z.enum([...Object.keys(STORED), ...Object.keys(UNREAD)] as [StoredType, ...StoredType[]]),
    shape: z.array(z.int().nonnegative()).max(32),
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  }),
);

function isRead(stored: StoredType): stored is ReadType {
  return stored in STORED;
}

function bytesOf(stored: StoredType): number {
  return isRead(stored) ? STORED[stored].bytes : UNREAD[stored];
}

function parseHeader(
  path: string,
  text: Buffer,
  { dataBegin, size }: { dataBegin: number; size: number },
): SafetensorsHeader {
  const origin = { what: path, code: 'FILE_DAMAGED', hint: 'Write the file again.' } as const;
  let decoded: unknown;
  try {
    decoded = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (cause) {
    throw damaged(path, `its header is not valid JSON: ${messageOf(cause)}`);
  }
  if (typeof decoded !== 'object' || decoded === null || Array.isArray(decoded))
    throw damaged(path, 'its header is not a JSON object');
  // Own keys, because a tensor may be called __proto__, which schemas ignore.
  const { [METADATA]: texts = {}, ...entries } = decoded as Record<string, unknown>;
  const metadata = parseWith(metadataSchema(), texts, origin);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(entries)) {
    const {
      dtype: stored,
      shape,
      data_offsets: range,
    } = parseWith(entrySchema(), entry, {
      ...origin,
      what: `${path}: tensor ${name}`,
    });
    const bytes = (checkedSize(shape) ?? NaN) * bytesOf(stored);
    if (range[1] - range[0] !== bytes) {
      throw damaged(
        path,
        `${name} has ${range[1] - range[0]} bytes, but ${stored} [${shape.join(', ')}] needs ${bytes}`,
      );
    }
    const dtype = isRead(stored) ? STORED[stored].dtype : undefined;
    tensors.set(name, { dtype, stored, shape, begin: dataBegin + range[0], end: dataBegin + range[1] });
  }
  checkTiling(path, tensors, { dataBegin, size });
  return { tensors, metadata };
}

function checkTiling(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  { dataBegin, size }: { dataBegin: number; size: number },
): void {
  let position = dataBegin;
  for (const [name, { begin, end }] of [...tensors].toSorted(
    ([, a], [, b]) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin !== position) {
      throw damaged(path, `${name} begins at byte ${begin} instead of ${position}: a gap or an overlap`);
    }
    position = end;
  }
  if (position !== size) {
    throw damaged(path, `its tensors end at byte ${position}, but the file has ${size} bytes`);
  }
}

/** Encodes the length field and the padded header for tensors in this order. Throws SHAPE_MISMATCH. */
export function headerOf(
  tensors: readonly ({ readonly name: string } & TensorData)[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set(METADATA, metadata);
  let position = 0;
  for (const { name, dtype, shape, data } of tensors) {
    const bytes = sizeOf(shape) * BYTES_OF[dtype];
    if (bytes !== data.byteLength || name === METADATA || header.has(name)) {
      throw new BrineError(
        'SHAPE_MISMATCH',
        `tensor ${name}: ${dtype} [${shape.join(', ')}] needs ${bytes} bytes and a unique name, but has ${data.byteLength} bytes`,
        { hint: 'Pass every tensor once, with as many elements as its shape requires.' },
      );
    }
    header.set(name, { dtype: STORED_NAME[dtype], shape, data_offsets: [position, position + bytes] });
    position += bytes;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const padded = Math.ceil(json.length / 8) * 8; // the format aligns the elements to eight bytes
  const head = Buffer.alloc(8 + padded, 0x20);
  head.writeBigUInt64LE(BigInt(padded));
  json.copy(head, 8);
  return head;
}

/** WEIGHTS_UNSUPPORTED for a tensor of a type that Brine does not read. */
export function unreadType(path: string, name: string, stored: StoredType): BrineError {
  const isQuantized =
    stored.startsWith('F8') || stored.startsWith('F6') || stored.startsWith('F4') || stored === 'I8';
  return new BrineError(
    'WEIGHTS_UNSUPPORTED',
    `${path}: ${name} is stored as ${stored}; Brine reads F64, F32, F16 and BF16 weights`,
    {
      hint: isQuantized
        ? 'The checkpoint is quantized: fetch the model in BF16, or load it with transformers, dequantize it and save it with save_pretrained.'
        : 'Save the weights as F32, F16 or BF16.',
    },
  );
}

/** FILE_DAMAGED for a file that violates the format. */
export function damaged(path: string, what: string): BrineError {
  return new BrineError('FILE_DAMAGED', `${path} is not a valid safetensors file: ${what}`, {
    hint: 'Fetch or write the file again. Nothing was read from it.',
  });
}

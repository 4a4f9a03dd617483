/**
 * The safetensors format (github.com/huggingface/safetensors, "Format"): eight bytes of little-endian header length, a
 * JSON header of names, element types, shapes and byte ranges, then the elements. Ranges must tile the rest of the
 * file without gaps or overlaps. A file that violates a rule is FILE_DAMAGED before any tensor is read.
 */
import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';
import { openOrdinary } from '../base/files/ordinary-file.ts';
import { bestEffort } from '../base/promises.ts';
import { sizeOf, type DType, type TensorData, type TypedArray } from './dtype.ts';
import { float32OfBfloat16, float32OfHalf } from './half.ts';
import {
  damaged,
  headerOf,
  readHeader,
  unreadType,
  type SafetensorsHeader,
  type StoredTensor,
  type StoredType,
} from './safetensors-header.ts';

const PIECE_BYTES = 2 ** 30; // reads and writes above 2 GiB fail in Node 20

export interface SafetensorsFile extends SafetensorsHeader {
  /** Reads a copy of one tensor. Throws BAD_ARGUMENT for an unknown name, WEIGHTS_UNSUPPORTED for an unsupported type. */
  read(name: string): Promise<TensorData>;
  /**
   * Reads a tensor of any floating type into `target` as float32. With `begin`, reads `target.length` elements from
   * that index. Throws SHAPE_MISMATCH if the sizes do not match, and WEIGHTS_UNSUPPORTED for any other type.
   */
  readFloat32(name: string, target: Float32Array, begin?: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Writes tensors in order, streamed to a temporary file that is then renamed, so an older file is replaced atomically.
 * Throws FILE_UNWRITABLE and SHAPE_MISMATCH.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<{ readonly name: string } & TensorData>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const all = [...tensors];
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeAll(file, headerOf(all, metadata));
      for (const { data } of all) await writeAll(file, bytesOf(data));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await bestEffort(rm(temporary, { force: true }));
    if (cause instanceof BrineError) throw cause;
    throw new BrineError('FILE_UNWRITABLE', `cannot write ${path}: ${messageOf(cause)}`, {
      hint: 'Check free space and permissions. An existing file is unchanged.',
      cause,
    });
  }
}

/** Opens a file and validates its header; the caller closes it. Throws FILE_MISSING or FILE_DAMAGED. */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await openOrdinary(path).catch((cause: unknown) => {
    throw new BrineError('FILE_MISSING', `cannot open ${path}: ${messageOf(cause)}`, {
      hint: 'Pass the path of a .safetensors file.',
      cause,
    });
  });
  try {
    const { tensors, metadata } = await readHeader(file, path);
    return fileOver(file, path, { tensors, metadata });
  } catch (error) {
    await file.close();
    throw error;
  }
}

function fileOver(file: FileHandle, path: string, { tensors, metadata }: SafetensorsHeader): SafetensorsFile {
  const find = (name: string): StoredTensor => {
    const found = tensors.get(name);
    if (found) return found;
    throw new BrineError('BAD_ARGUMENT', `${path} has no tensor named ${JSON.stringify(name)}`, {
      hint: `The file has ${tensors.size} tensors: ${[...tensors.keys()].slice(0, 4).join(', ')} …`,
    });
  };
  const bytes = (tensor: StoredTensor) => readBytes(file, path, tensor);
  return {
    tensors,
    metadata,
    async read(name) {
      const tensor = find(name);
      const { dtype, shape, stored } = tensor;
      if (dtype === undefined) throw unreadType(path, name, stored);
      const raw = await bytes(tensor);
      const data = stored === 'BF16' ? float32OfBfloat16(new Uint16Array(raw)) : new ARRAYS[dtype](raw);
      return { dtype, shape, data };
    },
    async readFloat32(name, target, begin) {
      const tensor = find(name);
      const elements = sizeOf(tensor.shape);
      const fits = begin === undefined ? elements === target.length : begin + target.length <= elements;
      if (!fits) {
        throw new BrineError(
          'SHAPE_MISMATCH',
          `${path}: ${name} has ${elements} elements, but ${target.length} were requested${begin === undefined ? '' : ` from index ${begin}`}`,
          { hint: 'The file belongs to another model configuration.' },
        );
      }
      const whole = float32Of(path, name, { stored: tensor.stored, raw: await bytes(tensor) });
      target.set(begin === undefined ? whole : whole.subarray(begin, begin + target.length));
    },
    close: () => file.close(),
  };
}

function float32Of(
  path: string,
  name: string,
  { stored, raw }: { stored: StoredType; raw: ArrayBuffer },
): Float32Array {
  switch (stored) {
    case 'F32':
      return new Float32Array(raw);
    case 'F64':
      return Float32Array.from(new Float64Array(raw));
    case 'F16':
      return float32OfHalf(new Uint16Array(raw));
    case 'BF16':
      return float32OfBfloat16(new Uint16Array(raw));
    default:
      throw unreadType(path, name, stored);
  }
}

async function readBytes(
  file: FileHandle,
  path: string,
  { begin, end }: { begin: number; end: number },
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - begin);
  for (let done = 0; done < bytes.length;) {
    const wanted = Math.min(PIECE_BYTES, bytes.length - done);
    const { bytesRead } = await file.read(bytes, done, wanted, begin + done);
    if (bytesRead === 0)
      throw damaged(path, `it ends at byte ${begin + done}: it was truncated during the read`);
    done += bytesRead;
  }
  return bytes.buffer;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(PIECE_BYTES, bytes.length - done));
    done += bytesWritten;
  }
}

function bytesOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const ARRAYS: Record<DType, new (raw: ArrayBuffer) => TypedArray> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  bool: Uint8Array,
};

/** Exported models: model.onnx, with or without external data files, loadable by ONNX Runtime. */
import { existsSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { sha256, sha256File } from '../base/checksum.ts';
import { BrineError, messageOf } from '../base/errors.ts';
import { openOrdinary } from '../base/files/ordinary-file.ts';
import { type DataExtent, type ForeignModel, readForeign, smallData, withSmallData } from '../graph/index.ts';
import { notTheFile } from '../base/files/foreign-kind.ts';

export interface OnnxFolder {
  /** Content of model.onnx, with small tensors of its external data inlined. */
  readonly bytes: Uint8Array;
  readonly model: ForeignModel;
  /** The path of model.onnx. */
  readonly path: string;
  /** Sorted relative paths (with "/") of model.onnx and its external data. */
  readonly files: readonly string[];
}

/** Relative paths of model.onnx: as exporters write it, and as model hubs store it. */
const PATHS = ['model.onnx', 'onnx/model.onnx'];

/** Maximum size of a protobuf message. Larger models store their weights as external data. */
const MAX_BYTES = 2 ** 31 - 1;

/** Relative path of model.onnx in a folder, or undefined. */
export function findOnnx(folder: string): string | undefined {
  return PATHS.find((place) => existsSync(join(folder, place)));
}

/**
 * Reads model.onnx, checks its external data, and reads the small tensors in it. The file is
 * untrusted: external data must be regular files in the same folder or below it, not reached through a
 * link. Throws FILE_MISSING, FILE_DAMAGED, GRAPH_INVALID.
 */
export async function readOnnxFolder(folder: string, place = findOnnx(folder)): Promise<OnnxFolder> {
  if (place === undefined) throw missing(join(folder, PATHS[0]!), 'no such file');
  const path = join(folder, place);
  const bytes = await readModel(path);
  const fault = notTheFile(path, bytes.subarray(0, 512));
  if (fault !== undefined) throw fault;
  const model = readForeign(bytes);
  for (const [location, extent] of model.data) await requireContained(path, location, extent);
  const data = Array.from(model.data.keys(), (location) => posix.join(posix.dirname(place), location));
  const files = Array.from(new Set([place, ...data])).toSorted();
  return { bytes: await withInlinedData(path, bytes), model, path, files };
}

async function readModel(path: string): Promise<Uint8Array> {
  const file = await openOrdinary(path).catch((error: unknown) => {
    throw missing(path, messageOf(error));
  });
  try {
    const { size } = await file.stat();
    if (size <= MAX_BYTES) return await file.readFile();
    throw new BrineError(
      'GRAPH_INVALID',
      `${path} has ${size} bytes, but an ONNX model has at most ${MAX_BYTES}`,
      {
        hint: 'Export it with external data; torch.onnx.export and onnx.save_model support this.',
      },
    );
  } finally {
    await file.close();
  }
}

/** Inlines small tensors. requireContained must have accepted every location. */
async function withInlinedData(path: string, bytes: Uint8Array): Promise<Uint8Array> {
  const places = smallData(bytes);
  if (places.length === 0) return bytes;
  const elements: Uint8Array[] = [];
  for (const { location, bytes: end, length } of places) {
    const data = join(dirname(path), location);
    const file = await openOrdinary(data, { links: 'refuse' }).catch((error: unknown) => {
      throw missing(data, messageOf(error));
    });
    try {
      const own = new Uint8Array(length);
      await file.read(own, 0, length, end - length);
      elements.push(own);
    } finally {
      await file.close();
    }
  }
  return withSmallData(bytes, elements);
}

/** SHA-256 over the names and contents of model.onnx and its external data. */
export async function onnxIdentity(folder: string): Promise<string> {
  const { files } = await readOnnxFolder(folder);
  const parts: string[] = [];
  for (const name of files) parts.push(name, await sha256File(join(folder, name)));
  return sha256(`onnx\n${parts.join('\n')}`);
}

/**
 * Checks that a location stays within the folder. ONNX locations are arbitrary paths from an
 * untrusted file.
 */
async function requireContained(
  path: string,
  location: string,
  { bytes, tensor }: DataExtent,
): Promise<void> {
  const steps = location.split('/');
  // Invalid UTF-8 was decoded as U+FFFD, so ONNX Runtime would open a different file name.
  const plain = steps.every(
    (step) => step !== '' && step !== '.' && step !== '..' && !/[\\*:\ufffd]|\p{Cc}/u.test(step),
  );
  if (!plain) throw outside(path, location, 'is not a plain path below its folder');
  const folder = dirname(path);
  const data = join(folder, location);
  const entry = await lstat(data).catch((error: unknown) => {
    throw missing(data, messageOf(error));
  });
  if (!entry.isFile())
    throw outside(path, location, entry.isSymbolicLink() ? 'is a link' : 'is not a regular file');
  const [root, real] = await Promise.all([realpath(folder), realpath(data)]);
  if (real !== join(root, ...steps) || !real.startsWith(root + sep))
    throw outside(path, location, 'is reached through a link');
  if (entry.size >= bytes) return;
  const fault = notTheFile(data, await beginningOf(data));
  if (fault !== undefined) throw fault;
  throw new BrineError(
    'FILE_DAMAGED',
    `${data} has ${entry.size} bytes, but the tensor ${JSON.stringify(tensor)} of ${path} ends at byte ${bytes}`,
    { hint: 'Fetch or export all files of the model again.' },
  );
}

async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await openOrdinary(path, { links: 'refuse' });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function outside(path: string, location: string, fault: string): BrineError {
  return new BrineError(
    'GRAPH_INVALID',
    `${path} stores tensors in ${JSON.stringify(location)}, which ${fault}`,
    {
      hint: 'External data must be regular files next to model.onnx. Copy a folder of links with "cp -rL".',
    },
  );
}

function missing(path: string, fault: string): BrineError {
  return new BrineError('FILE_MISSING', `cannot read ${path}: ${fault}`, {
    hint: 'An ONNX model is model.onnx or onnx/model.onnx, with its external data in the same folder.',
  });
}

/** A model that others exported: model.onnx, alone or with external data beside it, loadable by ONNX Runtime. */
import { existsSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { sha256, sha256File } from '../base/checksum.ts';
import { BrineError, messageOf } from '../base/errors.ts';
import { openOrdinary } from '../base/files/ordinary-file.ts';
import { type DataExtent, type ForeignModel, readForeign, smallData, withSmallData } from '../graph/index.ts';
import { notTheFile } from '../base/files/foreign-kind.ts';

export interface OnnxFolder {
  /** As it lies in model.onnx, with small tensors of its external data inside it. */
  readonly bytes: Uint8Array;
  readonly model: ForeignModel;
  /** The path of model.onnx. */
  readonly path: string;
  /** Names in the folder of model.onnx and its external data, with "/", sorted. */
  readonly files: readonly string[];
}

/** Where it may lie: as exporters write it, and as model hubs lay it out. */
const PLACES = ['model.onnx', 'onnx/model.onnx'];

/** A protobuf message is smaller than this; larger models keep their weights in external data. */
const MOST_BYTES = 2 ** 31 - 1;

/** The name of model.onnx in a folder, undefined when there is none. */
export function findOnnx(folder: string): string | undefined {
  return PLACES.find((place) => existsSync(join(folder, place)));
}

/**
 * Reads model.onnx and finds its external data, of which it reads small tensors alone. The file is not trusted: data must be ordinary files beside it or
 * deeper, reached by no link. Throws FILE_MISSING, FILE_DAMAGED, GRAPH_INVALID.
 */
export async function readOnnxFolder(folder: string, place = findOnnx(folder)): Promise<OnnxFolder> {
  if (place === undefined) throw missing(join(folder, PLACES[0]!), 'there is no such file');
  const path = join(folder, place);
  const bytes = await readModel(path);
  const fault = notTheFile(path, bytes.subarray(0, 512));
  if (fault !== undefined) throw fault;
  const model = readForeign(bytes);
  for (const [location, extent] of model.data) await requireContained(path, location, extent);
  const data = Array.from(model.data.keys(), (location) => posix.join(posix.dirname(place), location));
  const files = Array.from(new Set([place, ...data])).toSorted();
  return { bytes: await filled(path, bytes), model, path, files };
}

async function readModel(path: string): Promise<Uint8Array> {
  const file = await openOrdinary(path).catch((error: unknown) => {
    throw missing(path, messageOf(error));
  });
  try {
    const { size } = await file.stat();
    if (size <= MOST_BYTES) return await file.readFile();
    throw new BrineError('GRAPH_INVALID', `${path} has ${size} bytes, an ONNX model at most ${MOST_BYTES}`, {
      hint: 'Export it with external data: torch.onnx.export and onnx.save_model both can.',
    });
  } finally {
    await file.close();
  }
}

/** Each location was found to be contained. */
async function filled(path: string, bytes: Uint8Array): Promise<Uint8Array> {
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

/** Locations are paths by the ONNX standard; whoever wrote them may mean any file of this machine. */
async function requireContained(
  path: string,
  location: string,
  { bytes, tensor }: DataExtent,
): Promise<void> {
  const steps = location.split('/');
  // What is no UTF-8 was read as U+FFFD, and is the name of another file for ONNX Runtime.
  const plain = steps.every(
    (step) => step !== '' && step !== '.' && step !== '..' && !/[\\*:\ufffd]|\p{Cc}/u.test(step),
  );
  if (!plain) throw outside(path, location, 'is no plain path below it');
  const folder = dirname(path);
  const data = join(folder, location);
  const entry = await lstat(data).catch((error: unknown) => {
    throw missing(data, messageOf(error));
  });
  if (!entry.isFile())
    throw outside(path, location, entry.isSymbolicLink() ? 'is a link' : 'is no ordinary file');
  const [root, real] = await Promise.all([realpath(folder), realpath(data)]);
  if (real !== join(root, ...steps) || !real.startsWith(root + sep))
    throw outside(path, location, 'is reached by a link');
  if (entry.size >= bytes) return;
  const fault = notTheFile(data, await beginningOf(data));
  if (fault !== undefined) throw fault;
  throw new BrineError(
    'FILE_DAMAGED',
    `${data} has ${entry.size} bytes; the tensor ${JSON.stringify(tensor)} of ${path} reaches to byte ${bytes}`,
    { hint: 'Fetch or export the model again, all its files at once.' },
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
    `${path} keeps tensors in ${JSON.stringify(location)}, which ${fault}`,
    {
      hint: 'External data must be ordinary files beside model.onnx. A folder of links is copied with "cp -rL".',
    },
  );
}

function missing(path: string, fault: string): BrineError {
  return new BrineError('FILE_MISSING', `${path} cannot be read: ${fault}`, {
    hint: 'An ONNX model is model.onnx or onnx/model.onnx, with its external data beside it.',
  });
}

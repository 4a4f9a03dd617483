/**
 * Finds the weight files of a checkpoint folder: model.safetensors, or the shards that
 * model.safetensors.index.json names (the rule of transformers), or shards named
 * model-00001-of-0000N.safetensors without an index.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';
import { parseJson } from '../base/json.ts';
import { readOrdinaryText } from '../base/files/ordinary-file.ts';
import { lazySchema, parseWith } from '../base/schema.ts';
import { openSafetensors, type SafetensorsFile } from '../tensor/safetensors.ts';

export const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const SHARD = /^model-(\d{1,6})-of-(\d{1,6})\.safetensors$/;

const MAX_INDEX_BYTES = 2 ** 28;

export interface WeightFiles {
  /** Sorted file names in the folder. */
  readonly names: readonly string[];
  /** File of each tensor according to the index; undefined without an index. */
  readonly places: ReadonlyMap<string, string> | undefined;
}

/** The tensors of all files of a checkpoint, by their names in the files. */
export interface Weights {
  /** The file, or the folder if there are several files. Used in errors. */
  readonly path: string;
  readonly tensors: ReadonlyMap<string, SafetensorsFile>;
  close(): Promise<void>;
}

/** Whether a folder has weights that `openWeights` reads, complete or not. */
export function hasWeights(folder: string): boolean {
  return namesIn(folder).some((name) => name === WEIGHTS || name === INDEX || SHARD.test(name));
}

/** Names of the weight files and their index. Throws the same errors as weightFiles. */
export async function weightFileNames(folder: string): Promise<readonly string[]> {
  const { names, places } = await weightFiles(folder);
  return places === undefined ? names : [...names, INDEX];
}

/**
 * Finds the weight files. Throws FILE_MISSING, FILE_DAMAGED, and WEIGHTS_UNSUPPORTED for other
 * formats.
 */
export async function weightFiles(folder: string): Promise<WeightFiles> {
  const there = namesIn(folder);
  if (there.includes(WEIGHTS)) return { names: [WEIGHTS], places: undefined };
  const places = there.includes(INDEX) ? await readIndex(folder) : undefined;
  const names = places ? Array.from(new Set(places.values())).toSorted() : shardsOf(there);
  if (names.length === 0) throw noWeights(folder, there);
  const lost = names.find((name) => !there.includes(name));
  if (lost === undefined) return { names, places };
  throw new BrineError('FILE_MISSING', `${folder} lacks ${lost}, one of its ${names.length} weight files`, {
    hint: 'Fetch the whole folder again, with all its shards.',
  });
}

/**
 * Opens all files and checks their headers. Throws the errors of weightFiles and openSafetensors.
 * The caller closes.
 */
export async function openWeights(folder: string): Promise<Weights> {
  const { names, places } = await weightFiles(folder);
  const files: SafetensorsFile[] = [];
  const close = async (): Promise<void> => {
    for (const file of files) await file.close();
  };
  try {
    const tensors = new Map<string, SafetensorsFile>();
    for (const name of names) {
      const file = await openSafetensors(join(folder, name));
      files.push(file);
      for (const tensor of file.tensors.keys()) {
        if (tensors.has(tensor) && places === undefined)
          throw inconsistent(folder, `${tensor} is in ${name} and in another file`);
        if ((places?.get(tensor) ?? name) === name) tensors.set(tensor, file);
      }
    }
    const absent = Array.from(places ?? []).find(([tensor]) => !tensors.has(tensor));
    if (absent)
      throw inconsistent(folder, `${INDEX} names ${absent[1]} for ${absent[0]}, which is not in it`);
    return { path: names.length === 1 ? join(folder, names[0]!) : folder, tensors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const indexSchema = lazySchema((z) => z.object({ weight_map: z.record(z.string(), z.string()) }));

/** Reads the index. It is untrusted, so it may name only files of its own folder. */
async function readIndex(folder: string): Promise<Map<string, string>> {
  const path = join(folder, INDEX);
  let decoded: unknown;
  try {
    decoded = parseJson(await readOrdinaryText(path, { most: MAX_INDEX_BYTES }));
  } catch (cause) {
    throw new BrineError('FILE_DAMAGED', `cannot read ${path}: ${messageOf(cause)}`, {
      hint: 'Fetch the folder again.',
      cause,
    });
  }
  const hint = 'Fetch the folder again, or save the model again with save_pretrained of transformers.';
  const { weight_map: map } = parseWith(indexSchema(), decoded, { what: path, code: 'FILE_DAMAGED', hint });
  for (const [tensor, file] of Object.entries(map)) {
    if (!/[/\\]|\p{Cc}/u.test(file) && file !== '' && !file.startsWith('.')) continue;
    throw new BrineError(
      'FILE_DAMAGED',
      `${path} maps ${tensor} to ${JSON.stringify(file)}, which is not a file of that folder`,
      { hint },
    );
  }
  return new Map(Object.entries(map));
}

/** Names of all shards of the set that the first shard belongs to. */
function shardsOf(there: readonly string[]): string[] {
  const found = there.map((name) => SHARD.exec(name)).filter((match) => match !== null);
  const [first] = found;
  if (!first) return [];
  const [, number = '', total = ''] = first;
  // The total is untrusted, so the list is capped. It still contains a missing file.
  const count = Math.min(Number(total), found.length + 1);
  const of = (at: number) => `model-${String(at).padStart(number.length, '0')}-of-${total}.safetensors`;
  return Array.from({ length: count }, (_, at) => of(at + 1));
}

const PYTHON = (load: string) =>
  `Convert it: python -c "from transformers import AutoModelForCausalLM as M; M.from_pretrained(${load}).save_pretrained('OUT')"`;

/** Unsupported weight formats, and how to convert them to safetensors. */
const FOREIGN: readonly { readonly name: RegExp; readonly what: string; readonly hint: string }[] = [
  {
    name: /^adapter_model\.(safetensors|bin)$/,
    what: 'an adapter without its model',
    hint: 'Merge it into its model with merge_and_unload() of peft, then save the model with save_pretrained.',
  },
  {
    name: /^pytorch_model.*\.bin(\.index\.json)?$|\.(pt|pth|ckpt)$/,
    what: 'a pickle, which can run code when it is opened',
    hint: PYTHON("'FOLDER'"),
  },
  { name: /^tf_model.*\.h5$/, what: 'TensorFlow weights', hint: PYTHON("'FOLDER', from_tf=True") },
  {
    name: /^flax_model.*\.msgpack$/,
    what: 'Flax weights',
    hint: PYTHON("'FOLDER', from_flax=True"),
  },
  { name: /\.gguf$/, what: 'quantized weights', hint: PYTHON("'FOLDER', gguf_file='FILE.gguf'") },
  {
    name: /\.safetensors$/,
    what: 'which is not the name of a complete checkpoint',
    hint: `If it contains the whole model under Hugging Face’s names, rename it to ${WEIGHTS}.`,
  },
];

function noWeights(folder: string, there: readonly string[]): BrineError {
  return (
    foreignWeights(folder, there) ??
    new BrineError('FILE_MISSING', `${folder} has no weights: there is no ${WEIGHTS}`, {
      hint: 'Name a run folder, RUN@STEP, or a folder with config.json and model.safetensors, or with model.onnx.',
    })
  );
}

/**
 * WEIGHTS_UNSUPPORTED with a conversion hint if the folder has weights only in an unsupported
 * format.
 */
export function foreignWeights(
  folder: string,
  there: readonly string[] = namesIn(folder),
): BrineError | undefined {
  for (const { name: pattern, what, hint } of FOREIGN) {
    const name = there.find((each) => pattern.test(each));
    if (name === undefined) continue;
    const conversion = hint.replaceAll('FOLDER', () => folder).replaceAll('FILE.gguf', () => name);
    return new BrineError(
      'WEIGHTS_UNSUPPORTED',
      `${folder} has ${name}, ${what}: Brine reads safetensors (${WEIGHTS})`,
      { hint: conversion },
    );
  }
  return undefined;
}

function inconsistent(folder: string, fault: string): BrineError {
  return new BrineError('FILE_DAMAGED', `the weight files in ${folder} are inconsistent: ${fault}`, {
    hint: 'Fetch all files of the folder again.',
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return []; // opening a file reports the cause
  }
}

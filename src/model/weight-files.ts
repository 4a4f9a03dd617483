/**
 * Which files of a checkpoint folder hold its weights: model.safetensors, or the shards that model.safetensors.index.json names, as
 * transformers looks for them; or shards named model-00001-of-0000N.safetensors without an index.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';
import { parseJson } from '../base/json.ts';
import { readOrdinaryText } from '../base/files/ordinary-file.ts';
import { parseWith, z } from '../base/schema.ts';
import { openSafetensors, type SafetensorsFile } from '../tensor/safetensors.ts';

export const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const SHARD = /^model-(\d{1,6})-of-(\d{1,6})\.safetensors$/;

const MOST_INDEX_BYTES = 2 ** 28;

export interface WeightFiles {
  /** Names in the folder, sorted. */
  readonly names: readonly string[];
  /** Which file the index names for each tensor; undefined without an index. */
  readonly places: ReadonlyMap<string, string> | undefined;
}

/** The tensors of all files of a checkpoint, by the names in the files. */
export interface Weights {
  /** For errors: the file, or the folder of several. */
  readonly path: string;
  readonly tensors: ReadonlyMap<string, SafetensorsFile>;
  close(): Promise<void>;
}

/** Whether a folder holds weights, whole or not, that `openWeights` reads. */
export function hasWeights(folder: string): boolean {
  return namesIn(folder).some((name) => name === WEIGHTS || name === INDEX || SHARD.test(name));
}

/** The names in the folder that the weights consist of, with their index. Throws as weightFiles. */
export async function weightFileNames(folder: string): Promise<readonly string[]> {
  const { names, places } = await weightFiles(folder);
  return places === undefined ? names : [...names, INDEX];
}

/** Throws FILE_MISSING, FILE_DAMAGED, and WEIGHTS_UNSUPPORTED for weights in another format. */
export async function weightFiles(folder: string): Promise<WeightFiles> {
  const there = namesIn(folder);
  if (there.includes(WEIGHTS)) return { names: [WEIGHTS], places: undefined };
  const places = there.includes(INDEX) ? await readIndex(folder) : undefined;
  const names = places ? Array.from(new Set(places.values())).toSorted() : shardsOf(there);
  if (names.length === 0) throw noWeights(folder, there);
  const lost = names.find((name) => !there.includes(name));
  if (lost === undefined) return { names, places };
  throw new BrineError(
    'FILE_MISSING',
    `${folder} lacks ${lost}, one of its ${names.length} files of weights`,
    { hint: 'Fetch the whole folder again: all its shards belong together.' },
  );
}

/** Opens all files and checks their headers. Throws as weightFiles and openSafetensors. The caller closes. */
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
          throw unlike(folder, `${tensor} is in ${name} and in another file`);
        if ((places?.get(tensor) ?? name) === name) tensors.set(tensor, file);
      }
    }
    const absent = Array.from(places ?? []).find(([tensor]) => !tensors.has(tensor));
    if (absent) throw unlike(folder, `${INDEX} names ${absent[1]} for ${absent[0]}, which is not in it`);
    return { path: names.length === 1 ? join(folder, names[0]!) : folder, tensors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** The index is not trusted: it names files of its own folder alone. */
async function readIndex(folder: string): Promise<Map<string, string>> {
  const path = join(folder, INDEX);
  let decoded: unknown;
  try {
    decoded = parseJson(await readOrdinaryText(path, { most: MOST_INDEX_BYTES }));
  } catch (cause) {
    throw new BrineError('FILE_DAMAGED', `${path} cannot be read: ${messageOf(cause)}`, {
      hint: 'Fetch the folder again.',
      cause,
    });
  }
  const hint = 'Fetch the folder again, or save the model again with save_pretrained of transformers.';
  const { weight_map: map } = parseWith(indexSchema, decoded, { what: path, code: 'FILE_DAMAGED', hint });
  for (const [tensor, file] of Object.entries(map)) {
    if (!/[/\\]|\p{Cc}/u.test(file) && file !== '' && !file.startsWith('.')) continue;
    throw new BrineError(
      'FILE_DAMAGED',
      `${path} keeps ${tensor} in ${JSON.stringify(file)}, which is no file of that folder`,
      { hint },
    );
  }
  return new Map(Object.entries(map));
}

/** All files that the names of some promise. */
function shardsOf(there: readonly string[]): string[] {
  const found = there.map((name) => SHARD.exec(name)).filter((match) => match !== null);
  const [first] = found;
  if (!first) return [];
  const [, number = '', total = ''] = first;
  // What comes from others is not counted up to any number: a file that is not there is named all the same.
  const count = Math.min(Number(total), found.length + 1);
  const of = (at: number) => `model-${String(at).padStart(number.length, '0')}-of-${total}.safetensors`;
  return Array.from({ length: count }, (_, at) => of(at + 1));
}

const PYTHON = (load: string) =>
  `Convert it: python -c "from transformers import AutoModelForCausalLM as M; M.from_pretrained(${load}).save_pretrained('OUT')"`;

/** Formats that other programs read, and how their weights become safetensors. */
const FOREIGN: readonly { readonly name: RegExp; readonly what: string; readonly hint: string }[] = [
  {
    name: /^adapter_model\.(safetensors|bin)$/,
    what: 'an adapter without its model',
    hint: 'Merge it into its model: peft’s merge_and_unload(), then save_pretrained of the whole.',
  },
  {
    name: /^pytorch_model.*\.bin(\.index\.json)?$|\.(pt|pth|ckpt)$/,
    what: 'a pickle, which runs code when it is opened',
    hint: PYTHON("'FOLDER'"),
  },
  { name: /^tf_model.*\.h5$/, what: 'weights of TensorFlow', hint: PYTHON("'FOLDER', from_tf=True") },
  {
    name: /^flax_model.*\.msgpack$/,
    what: 'weights of Flax',
    hint: PYTHON("'FOLDER', from_flax=True"),
  },
  { name: /\.gguf$/, what: 'quantized weights', hint: PYTHON("'FOLDER', gguf_file='FILE.gguf'") },
  {
    name: /\.safetensors$/,
    what: 'not the name of a whole checkpoint',
    hint: `If it holds the whole model under Hugging Face’s names, call it ${WEIGHTS}.`,
  },
];

function noWeights(folder: string, there: readonly string[]): BrineError {
  return (
    foreignWeights(folder, there) ??
    new BrineError('FILE_MISSING', `${folder} holds no weights: there is no ${WEIGHTS} in it`, {
      hint: 'Name a run folder, RUN@STEP, or a folder with config.json and model.safetensors, or with model.onnx.',
    })
  );
}

/** WEIGHTS_UNSUPPORTED when a folder's only weights are of a format that is not read, with how to convert them. */
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

function unlike(folder: string, fault: string): BrineError {
  return new BrineError(
    'FILE_DAMAGED',
    `the files of weights in ${folder} do not belong together: ${fault}`,
    {
      hint: 'Fetch the whole folder again, all its files at once.',
    },
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return []; // whoever opens it hears why
  }
}

/** The readers of untrusted files, each with a valid file to mutate. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readColumns } from '../../../src/data/readers/columns/read-columns.ts';
import { readRowSources, SOURCES_NAME } from '../../../src/data/tokens/row-sources.ts';
import { tokenizerFrom } from '../../../src/data/tokenizer/tokenizer.ts';
import { parse, readForeign } from '../../../src/graph/index.ts';
import { decodeFromPeer, decodeToPeer } from '../../../src/labels/protocol/messages.ts';
import { decodeRecord } from '../../../src/labels/record/record.ts';
import { readModelFolder, readOnnxFolder } from '../../../src/model/index.ts';
import { decodeFromRole, decodeToRole } from '../../../src/control/message-codec.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { readScores } from '../../../src/select/scores-file.ts';
import { readSelection } from '../../../src/select/manifest.ts';
import { readCheckpoint } from '../../../src/student/checkpoint/checkpoint.ts';
import { decodeRingChunk, decodeRingHello } from '../../../src/wire/ring.ts';
import { writeFiles, type Files } from './file-set.ts';
import { drain, readRows, readTensors } from './full-reads.ts';
import { JSON_FILE, SAFETENSORS_HEADER, type JsonPart } from './json-parts.ts';
import { sealRecord, sealShard } from './seals.ts';
import type { Messages, Valid } from './valid.ts';

export interface Subject {
  readonly name: string;
  readonly files: Files;
  /** The file to mutate. */
  readonly file: string;
  /** The JSON document in the file, if any. */
  readonly document?: JsonPart;
  /** Whether the file is a protobuf message. */
  readonly fields?: boolean;
  /** Corrects checksums, so that readers reach the protected content. */
  readonly seal?: (bytes: Uint8Array) => Uint8Array;
  /** Reads the whole file. */
  readonly read: (folder: string) => Promise<unknown>;
}

/** Writes the subject's files below `folder`, with the mutated file instead of the valid one, and reads them. */
export async function readSpoilt(subject: Subject, folder: string, spoilt: Uint8Array): Promise<unknown> {
  const own = join(folder, subject.name.replaceAll(' ', '-'));
  await writeFiles(own, { ...subject.files, [subject.file]: spoilt });
  return subject.read(own);
}

/** Every subject, in a fixed order: the seed of a soak picks subjects by their position. */
export function subjectsOf(valid: Valid): Subject[] {
  return [
    ...messageSubjects(valid),
    ...modelSubjects(valid),
    ...tokenSubjects(valid),
    ...runSubjects(valid),
    ...corpusSubjects(valid),
    rowSources(valid),
  ];
}

const file = (name: string) => (folder: string) => join(folder, name);
const bytesOf = (name: string, bytes: Uint8Array) => ({ files: { [name]: bytes }, file: name });
const spoilt = async (folder: string, name: string) => new Uint8Array(await readFile(join(folder, name)));

function messageSubjects(valid: Valid): Subject[] {
  const message = (name: keyof Messages, decode: (bytes: Uint8Array) => unknown): Subject => ({
    name: `message ${name}`,
    ...bytesOf(name, valid[name]),
    fields: true,
    read: async (folder) => decode(await spoilt(folder, name)),
  });
  return [
    message('fromRole', decodeFromRole),
    message('toRole', decodeToRole),
    message('fromPeer', decodeFromPeer),
    message('toPeer', decodeToPeer),
    message('ringHello', decodeRingHello),
    message('ringChunk', decodeRingChunk),
  ];
}

function modelSubjects(valid: Valid): Subject[] {
  const onnx = { 'model.onnx': valid.foreignModel, 'data/weights.bin': valid.externalData };
  return [
    {
      name: 'safetensors',
      ...bytesOf('a.safetensors', valid.safetensors),
      document: SAFETENSORS_HEADER,
      read: (folder) => readTensors(file('a.safetensors')(folder)),
    },
    {
      name: 'own ONNX model',
      ...bytesOf('own.onnx', valid.ownModel),
      fields: true,
      read: async (folder) => parse(await spoilt(folder, 'own.onnx')),
    },
    {
      name: 'foreign ONNX model',
      ...bytesOf('foreign.onnx', valid.foreignModel),
      fields: true,
      read: async (folder) => readForeign(await spoilt(folder, 'foreign.onnx')),
    },
    {
      name: 'training graph',
      ...bytesOf('training.onnx', valid.trainingGraph),
      fields: true,
      read: async (folder) => parse(await spoilt(folder, 'training.onnx')),
    },
    {
      name: 'ONNX folder',
      files: onnx,
      file: 'model.onnx',
      fields: true,
      read: (folder) => readOnnxFolder(folder),
    },
    {
      name: 'config.json',
      files: valid.modelFolder,
      file: 'config.json',
      document: JSON_FILE,
      read: (folder) => readModelFolder(folder),
    },
    {
      name: 'model.safetensors of a folder',
      files: valid.modelFolder,
      file: 'model.safetensors',
      document: SAFETENSORS_HEADER,
      read: (folder) => readModelFolder(folder),
    },
  ];
}

function tokenSubjects(valid: Valid): Subject[] {
  return [
    {
      name: 'tokens.json',
      files: valid.tokenSet,
      file: 'tokens.json',
      document: JSON_FILE,
      read: (folder) => readRows(folder, true),
    },
    {
      name: 'token shard',
      files: valid.tokenSet,
      file: Object.keys(valid.tokenSet).find((name) => name.endsWith('.bin'))!,
      seal: sealShard,
      read: (folder) => readRows(folder, false),
    },
    {
      name: 'tokenizer.json',
      ...bytesOf('tokenizer.json', valid.tokenizer),
      document: JSON_FILE,
      read: async (folder) => {
        const text = Buffer.from(await spoilt(folder, 'tokenizer.json')).toString('utf8');
        return tokenizerFrom(text, { what: 'tokenizer.json' }).encode('one two');
      },
    },
  ];
}

/** The files of a run: its labels, checkpoints, scores, selection and recipe. */
function runSubjects(valid: Valid): Subject[] {
  const { expected, dataIdentity: data } = valid;
  return [
    {
      name: 'label record',
      ...bytesOf('record', valid.record),
      seal: sealRecord,
      read: async (folder) => decodeRecord(await spoilt(folder, 'record'), expected),
    },
    {
      name: 'checkpoint',
      files: valid.checkpoint,
      file: 'step-4/trainer.json',
      document: JSON_FILE,
      read: (folder) => readCheckpoint(join(folder, 'step-4')),
    },
    {
      name: 'scores',
      ...bytesOf('scores.safetensors', valid.scores),
      document: SAFETENSORS_HEADER,
      read: (folder) => readScores(file('scores.safetensors')(folder), { data }),
    },
    {
      name: 'selection',
      ...bytesOf('selection.json', valid.selection),
      document: JSON_FILE,
      read: (folder) => readSelection(file('selection.json')(folder), { data, rows: 40 }),
    },
    {
      name: 'recipe',
      ...bytesOf('recipe.yaml', valid.recipe),
      read: (folder) => readRecipe(file('recipe.yaml')(folder)),
    },
  ];
}

function rowSources({ dataIdentity: identity }: Valid): Subject {
  const lines = [
    { version: 1, data: identity },
    { source: 'a.txt', rows: 30 },
    { source: 'b/c.txt', rows: 10 },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return {
    name: 'row sources',
    ...bytesOf(SOURCES_NAME, new TextEncoder().encode(text)),
    read: (folder) => readRowSources(folder, { identity, rows: 40 }),
  };
}

/** File name extensions of corpora that are read as streams. */
const PACKED_CORPORA = ['jsonl.gz', 'jsonl.bz2', 'jsonl.xz', 'json', 'csv', 'tar'] as const;

function corpusSubjects(valid: Valid): Subject[] {
  const columns = (format: 'arrow' | 'parquet', bytes: Uint8Array): Subject => ({
    name: format,
    ...bytesOf(`corpus.${format}`, bytes),
    read: (folder) =>
      drain(file(`corpus.${format}`)(folder), (stored, reading) =>
        readColumns(stored, reading, { format, decodeMs: 2000 }),
      ),
  });
  return [
    {
      name: 'text',
      ...bytesOf('corpus.txt', valid.jsonl),
      read: (folder) => drain(file('corpus.txt')(folder)),
    },
    {
      name: 'jsonl',
      ...bytesOf('corpus.jsonl', valid.jsonl),
      read: (folder) => drain(file('corpus.jsonl')(folder)),
    },
    {
      name: 'zstd',
      ...bytesOf('corpus.jsonl.zst', valid.zstd),
      read: (folder) => drain(file('corpus.jsonl.zst')(folder)),
    },
    ...PACKED_CORPORA.map((name): Subject => ({
      name: `corpus ${name}`,
      ...bytesOf(`corpus.${name}`, valid.corpora[name]!),
      read: (folder) => drain(file(`corpus.${name}`)(folder)),
    })),
    columns('arrow', valid.corpora['arrow']!),
    columns('parquet', valid.parquet),
  ];
}

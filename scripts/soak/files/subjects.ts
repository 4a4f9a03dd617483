/** The readers of untrusted files, each with a valid file to mutate. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { crc32c } from '../../../src/base/checksum.ts';
import { Faults, type Reading, type TextPiece } from '../../../src/data/corpus/document.ts';
import { readColumns } from '../../../src/data/readers/columns/read-columns.ts';
import { readFile as readCorpusFile, type StoredFile } from '../../../src/data/readers/read-file.ts';
import { openTokenSet } from '../../../src/data/tokens/token-set.ts';
import { tokenizerFrom } from '../../../src/data/tokenizer/tokenizer.ts';
import { parse, readForeign } from '../../../src/graph/index.ts';
import { decodeFromPeer, decodeToPeer } from '../../../src/labels/protocol/messages.ts';
import { decodeRecord, type Expected } from '../../../src/labels/record/record.ts';
import { readModelFolder, readOnnxFolder } from '../../../src/model/index.ts';
import { decodeFromRole, decodeToRole } from '../../../src/control/message-codec.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { readScores } from '../../../src/select/scores-file.ts';
import { readSelection } from '../../../src/select/manifest.ts';
import { readCheckpoint } from '../../../src/student/checkpoint/checkpoint.ts';
import { decodeRingChunk, decodeRingHello } from '../../../src/wire/ring.ts';
import { openSafetensors } from '../../../src/tensor/safetensors.ts';

/** The files of a folder, by name. */
export type Files = Readonly<Record<string, Uint8Array>>;

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

export interface JsonPart {
  readonly textOf: (file: Uint8Array) => string;
  /** Replaces the JSON text of a file. */
  readonly withText: (file: Uint8Array, text: string) => Uint8Array;
}

const JSON_FILE: JsonPart = {
  textOf: (file) => Buffer.from(file).toString('utf8'),
  withText: (_, text) => new Uint8Array(Buffer.from(text)),
};

const SAFETENSORS_HEADER: JsonPart = {
  textOf: (file) => Buffer.from(file).toString('utf8', 8, dataBegin(file)),
  withText(file, text) {
    const [length, header] = [Buffer.alloc(8), Buffer.from(text)];
    length.writeBigUInt64LE(BigInt(header.length));
    return new Uint8Array(Buffer.concat([length, header, file.subarray(dataBegin(file))]));
  },
};

const dataBegin = (file: Uint8Array) => 8 + Number(Buffer.from(file).readBigUInt64LE());

/** Writes the subject's files below `folder`, with the mutated file instead of the valid one, and reads them. */
export async function readSpoilt(subject: Subject, folder: string, spoilt: Uint8Array): Promise<unknown> {
  const own = join(folder, subject.name.replaceAll(' ', '-'));
  await writeFiles(own, { ...subject.files, [subject.file]: spoilt });
  return subject.read(own);
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}

/** Reads every tensor of a file. */
export async function readTensors(path: string): Promise<void> {
  const file = await openSafetensors(path);
  try {
    for (const name of file.tensors.keys()) await file.read(name);
  } finally {
    await file.close();
  }
}

/** Reads every row of a token set. */
export async function readRows(folder: string, content: boolean): Promise<void> {
  const set = await openTokenSet(folder, { content });
  try {
    for (let row = 0; row < Math.min(set.rows, 64); row += 1) set.read(row);
  } finally {
    set.close();
  }
}

/** Reads all documents of a reader. */
export async function drain(
  path: string,
  read: (file: StoredFile, reading: Reading) => AsyncIterable<TextPiece> = readCorpusFile,
): Promise<void> {
  const reading: Reading = { faults: new Faults(), textField: 'text', invalidText: 'skip', storedBytes: 0 };
  let characters = 0;
  for await (const { text } of read({ path, source: basename(path) }, reading)) characters += text.length;
  if (characters < 0) throw new Error('the number of characters is negative');
}

/** Corrects the checksums of a label record's header and sections. */
export function sealRecord(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 64) return bytes;
  const sealed = bytes.slice();
  const view = new DataView(sealed.buffer);
  const end = Math.min(sealed.length, 64 + view.getUint32(28, true));
  view.setUint32(52, crc32c(sealed.subarray(64, end)), true);
  view.setUint32(56, crc32c(sealed.subarray(end)), true);
  view.setUint32(60, crc32c(sealed.subarray(0, 60)), true);
  return sealed;
}

/** Corrects the checksum of a token shard's header. */
export function sealShard(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 128) return bytes;
  const sealed = bytes.slice();
  new DataView(sealed.buffer).setUint32(124, crc32c(sealed.subarray(0, 124)), true);
  return sealed;
}

/** Messages of peers, by the message type that decodes them. */
export interface Messages {
  readonly fromRole: Uint8Array;
  readonly toRole: Uint8Array;
  readonly fromPeer: Uint8Array;
  readonly toPeer: Uint8Array;
  readonly ringHello: Uint8Array;
  readonly ringChunk: Uint8Array;
}

export interface Valid extends Messages {
  readonly safetensors: Uint8Array;
  readonly ownModel: Uint8Array;
  readonly trainingGraph: Uint8Array;
  readonly foreignModel: Uint8Array;
  readonly externalData: Uint8Array;
  readonly modelFolder: Files;
  readonly tokenSet: Files;
  readonly tokenizer: Uint8Array;
  readonly record: Uint8Array;
  readonly expected: Expected;
  readonly checkpoint: Files;
  readonly scores: Uint8Array;
  readonly selection: Uint8Array;
  readonly dataIdentity: string;
  readonly recipe: Uint8Array;
  readonly jsonl: Uint8Array;
  readonly zstd: Uint8Array;
  readonly parquet: Uint8Array;
  /** Corpora in other formats, by file name extension. */
  readonly corpora: Files;
}

/** File name extensions of corpora that are read as streams. */
const PACKED_CORPORA = ['jsonl.gz', 'jsonl.bz2', 'jsonl.xz', 'json', 'csv', 'tar'] as const;

export function subjectsOf(valid: Valid): Subject[] {
  const { expected, dataIdentity: data } = valid;
  const file = (name: string) => (folder: string) => join(folder, name);
  const onnx = { 'model.onnx': valid.foreignModel, 'data/weights.bin': valid.externalData };
  const bytesOf = (name: string, bytes: Uint8Array) => ({ files: { [name]: bytes }, file: name });
  const spoilt = async (folder: string, name: string) => new Uint8Array(await readFile(join(folder, name)));
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
    {
      name: 'arrow',
      ...bytesOf('corpus.arrow', valid.corpora['arrow']!),
      read: (folder) =>
        drain(file('corpus.arrow')(folder), (stored, reading) =>
          readColumns(stored, reading, { format: 'arrow', decodeMs: 2000 }),
        ),
    },
    {
      name: 'parquet',
      ...bytesOf('corpus.parquet', valid.parquet),
      read: (folder) =>
        drain(file('corpus.parquet')(folder), (stored, reading) =>
          readColumns(stored, reading, { format: 'parquet', decodeMs: 2000 }),
        ),
    },
  ];
}

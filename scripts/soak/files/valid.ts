/** Makes a small valid file of each untrusted kind; Brine itself writes the kinds that it can write. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { byteLevelAlphabet } from 'tokenizers';
import { Random } from '../../../src/base/random.ts';
import { byteLevelTokenizerJson, END_OF_TEXT } from '../../../src/data/tokenizer/tokenizer-training.ts';
import { TokenSetWriter } from '../../../src/data/tokens/token-set-writer.ts';
import { add, constant, Graph, matmul, serialize } from '../../../src/graph/index.ts';
import { tokenHash } from '../../../src/labels/record/header.ts';
import { identityHash, type LabelIdentity } from '../../../src/labels/identity.ts';
import { encodeRecord, type Expected } from '../../../src/labels/record/record.ts';
import {
  initialParameters,
  parameterSpecs,
  writeModelFiles,
  type ModelConfig,
} from '../../../src/model/index.ts';
import { writeScores } from '../../../src/select/scores-file.ts';
import { writeSelection } from '../../../src/select/manifest.ts';
import { saveCheckpoint } from '../../../src/student/checkpoint/checkpoint.ts';
import { trainingGraph } from '../../../src/student/program/graphs.ts';
import { allocate, flatLayout } from '../../../src/tensor/layout.ts';
import { writeSafetensors } from '../../../src/tensor/safetensors.ts';
import { brine } from '../../../src/wire/generated/onnx.js';
import { encodeRingChunk, encodeRingHello } from '../../../src/wire/ring.ts';
import { encodeFromRole, encodeToRole } from '../../../src/control/message-codec.ts';
import { encodeFromPeer, encodeToPeer } from '../../../src/labels/protocol/messages.ts';
import { arrowStream, packed, RECORDS, tarOf } from './corpora.ts';
import type { Files } from './file-set.ts';

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

const CONFIG: ModelConfig = {
  vocabularySize: 32,
  hiddenSize: 8,
  intermediateSize: 16,
  layers: 1,
  heads: 2,
  keyValueHeads: 1,
  headSize: 4,
  maxPositions: 32,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
  tieEmbeddings: true,
  initializerRange: 0.02,
};
const HASH = 'a'.repeat(64);

/** Writes the files below `folder` and returns their content. */
export async function makeValid(folder: string): Promise<Valid> {
  const at = (name: string) => join(folder, name);
  const bytes = async (name: string) => new Uint8Array(await readFile(at(name)));
  await writeSafetensors(at('a.safetensors'), [
    { name: 'one', dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { name: 'two', dtype: 'int64', shape: [2], data: BigInt64Array.of(7n, -1n) },
  ]);
  const layout = flatLayout(parameterSpecs(CONFIG));
  const buckets = allocate(layout);
  initialParameters(CONFIG, 1, { layout, buckets });
  await writeModelFiles(folder, { config: CONFIG, layout, buckets });
  const rows = { score: Float32Array.of(1, 2), meanLoss: Float32Array.of(3, 4) };
  await writeScores(at('scores.safetensors'), {
    ...rows,
    data: HASH,
    scorer: HASH,
    topK: 10,
    statistic: 'median',
  });
  const rule = { by: 'score', topK: 10, keep: { count: 2 }, seed: 1 } as const;
  await writeSelection(at('selection.json'), {
    version: 1,
    data: HASH,
    scorer: HASH,
    rule,
    of: 40,
    rows: [3, 17],
  });
  const { record, expected } = makeRecord();
  return {
    safetensors: await bytes('a.safetensors'),
    ownModel: makeModel(),
    trainingGraph: serialize(trainingGraph(CONFIG, { rows: 1, positions: 4, targets: 2 })),
    ...makeExternal(),
    modelFolder: {
      'config.json': await bytes('config.json'),
      'model.safetensors': await bytes('model.safetensors'),
    },
    tokenSet: await makeTokenSet(folder),
    tokenizer: encode(
      byteLevelTokenizerJson({ vocabulary: byteVocabulary(), merges: [['o', 'n']], endOfTextId: 0 }),
    ),
    record,
    expected,
    checkpoint: await makeCheckpoint(folder),
    scores: await bytes('scores.safetensors'),
    selection: await bytes('selection.json'),
    dataIdentity: HASH,
    recipe: encode(
      'run: runs/x\ndata: { corpus: node_modules, row: 16 }\nplan:\n  - { plain: 5 steps }\nroles: { ranks: 2 }\n',
    ),
    jsonl: encode('{"text":"one document"}\n{"text":"and another, ü"}\n'),
    zstd: makeZstd('{"text":"one document"}\n{"text":"and another"}\n'),
    parquet: await makeParquet(),
    corpora: makeCorpora(),
    ...makeMessages(),
  };
}

function encode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}

function byteVocabulary(): (readonly [string, number])[] {
  return [END_OF_TEXT, ...byteLevelAlphabet(), 'on'].map((token, id) => [token, id]);
}

/** The model y = x · w + b, written by Brine. */
function makeModel(): Uint8Array {
  const graph = new Graph('valid');
  const x = graph.input('x', 'float32', [2, 3]);
  const w = constant(graph, 'float32', [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  graph.output('y', add(matmul(x, w), constant(graph, 'float32', [3], [1, 2, 3])));
  return serialize(graph);
}

/** The same model, with its large tensor in another file. */
function makeExternal(): Pick<Valid, 'foreignModel' | 'externalData'> {
  const model = brine.onnx.ModelProto.decode(makeModel());
  const tensor = model.graph!.initializer![0]!;
  const externalData = new Uint8Array(tensor.rawData!);
  const place = { location: 'data/weights.bin', offset: 0, length: externalData.length };
  tensor.externalData = Object.entries(place).map(([key, value]) => ({ key, value: String(value) }));
  tensor.dataLocation = 1;
  delete tensor.rawData;
  return { foreignModel: brine.onnx.ModelProto.encode(model).finish(), externalData };
}

function makeMessages(): Messages {
  const id = { role: 'student', rank: 1 } as const;
  const endpoint = 'tcp://127.0.0.1:4321';
  const figures = { numbers: { step: 3, loss: 2.5 }, words: { phase: 'plain' } };
  const rule = { kind: 'topk', k: 8, temperature: 1 } as const;
  const identity: LabelIdentity = { tokenizer: HASH, data: HASH, teacher: HASH, rule };
  const ring = { run: HASH, generation: 7 };
  return {
    fromRole: encodeFromRole({ kind: 'progress', figures }),
    toRole: encodeToRole({ kind: 'start', peers: [{ ...id, endpoint }], generation: 7, students: [0, 1] }),
    fromPeer: encodeFromPeer({ kind: 'hello', role: 'teacher', identity }),
    toPeer: encodeToPeer({
      kind: 'welcome',
      identity,
      replay: false,
      vocabulary: 32,
      positions: 8,
      partition: 0,
      partitions: 1,
      endpoints: [endpoint],
    }),
    ringHello: encodeRingHello({ ...ring, rank: 1, size: 2, chunkBytes: 4096, wire: 'float32' }),
    ringChunk: encodeRingChunk({
      ...ring,
      step: 1,
      call: 2,
      bucket: 0,
      hop: 1,
      chunk: 0,
      sum: 77,
      mix: 78,
      bytes: 4096,
    }),
  };
}

/** A Zstandard frame with a window of 1 MiB and one uncompressed block (RFC 8878). */
function makeZstd(text: string): Uint8Array {
  const bytes = encode(text);
  const head = bytes.length * 8 + 1;
  return Uint8Array.from([
    0x28,
    0xb5,
    0x2f,
    0xfd,
    0,
    0x50,
    head & 255,
    (head >>> 8) & 255,
    head >>> 16,
    ...bytes,
  ]);
}

async function makeParquet(): Promise<Uint8Array> {
  const writer = new ByteWriter();
  const data = ['one document', 'and another', null];
  await parquetWrite({ writer, columnData: [{ name: 'text', data, type: 'STRING' }] });
  return new Uint8Array(writer.getBytes());
}

async function makeTokenSet(folder: string): Promise<Files> {
  const random = new Random(3);
  const writer = new TokenSetWriter(folder, { tokenizer: HASH, vocabularySize: 32, rowLength: 9 });
  await writer.append(Uint32Array.from({ length: 161 }, () => random.integer(32)));
  const { shards } = await writer.finish();
  const names = ['tokens.json', ...shards.map(({ file }) => file)];
  const files = await Promise.all(
    names.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const),
  );
  return Object.fromEntries(files);
}

function makeRecord(): Pick<Valid, 'record' | 'expected'> {
  const identity: LabelIdentity = {
    tokenizer: HASH,
    data: HASH,
    teacher: HASH,
    rule: { kind: 'sampled', draws: 4, temperature: 1, seed: 7 },
  };
  const tokens = Uint32Array.from({ length: 9 }, (_, t) => (5 * t) % 32);
  const hash = identityHash(identity);
  const labels = {
    row: 5,
    positions: 8,
    offsets: Uint32Array.from({ length: 9 }, (_, t) => 2 * t),
    ids: Uint32Array.from({ length: 16 }, (_, i) => (i % 2) * 9 + (i >> 1)),
    weights: Float32Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 0.25 : 0.75)),
  };
  const record = encodeRecord(labels, { identity: hash, tokens, rule: identity.rule, vocabulary: 32 });
  return { record, expected: { row: 5, identity: hash, tokenHash: tokenHash(tokens) } };
}

async function makeCheckpoint(folder: string): Promise<Files> {
  const root = join(folder, 'checkpoints');
  const state = { step: 4, cursor: { seed: 1, batchRows: 8 }, phase: null, identities: { recipe: HASH } };
  const saved = await saveCheckpoint(root, {
    state,
    keep: 1,
    fill: async (to) => {
      await writeSafetensors(join(to, 'model.safetensors'), [
        { name: 'one', dtype: 'float32', shape: [1], data: Float32Array.of(1) },
      ]);
    },
  });
  const names = ['trainer.json', 'model.safetensors'];
  const files = await Promise.all(
    names.map(
      async (name) => [`step-4/${name}`, new Uint8Array(await readFile(join(saved.folder, name)))] as const,
    ),
  );
  return Object.fromEntries(files);
}

/** Corpora by file name extension. */
function makeCorpora(): Files {
  const records = RECORDS.trim().split('\n');
  return {
    'jsonl.gz': packed.gz,
    'jsonl.bz2': packed.bz2,
    'jsonl.xz': packed.xz,
    json: Buffer.from(`[${records.join(',\n')}]`),
    csv: Buffer.from('id,text\n1,"a ""quoted"" text"\n2,plain\n'),
    tar: tarOf([
      { name: 'a.txt', content: 'a text' },
      { name: 'b.json', content: records[0] ?? '' },
    ]),
    arrow: arrowStream(['one', null, 'three']),
  };
}

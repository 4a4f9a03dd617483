/** Bad files, each with a description of its fault. */
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokenSetIdentity, type TokenSetIndex } from '../../src/data/tokens/token-set-index.ts';
import { int64 } from '../../src/graph/onnx/tensors.ts';
import { fieldHead } from '../../src/wire/fields.ts';
import { brine } from '../../src/wire/generated/onnx.js';
import type { Files } from '../../scripts/soak/files/file-set.ts';
import type { Valid } from '../../scripts/soak/files/valid.ts';

export interface BadFile {
  /** Description of the fault. */
  readonly fault: string;
  readonly files: Files;
  /** Runs in the folder after the files are written. */
  readonly prepare?: (folder: string, outside: string) => Promise<void>;
  readonly code: string;
}

/** A safetensors file with this header and `bytes` bytes of data. */
export function safetensorsOf(header: string, bytes = 0): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([length, text, Buffer.alloc(bytes)]));
}

const entry = (shape: readonly number[], range: readonly [number, number], dtype = 'F32') =>
  JSON.stringify({ t: { dtype, shape, data_offsets: range } });

export function badSafetensors(): BadFile[] {
  const bad = (fault: string, file: Uint8Array): BadFile => ({
    fault,
    files: { 'a.safetensors': file },
    code: 'FILE_DAMAGED',
  });
  const two = (a: readonly [number, number], b: readonly [number, number]) =>
    JSON.stringify({
      a: { dtype: 'U8', shape: [a[1] - a[0]], data_offsets: a },
      b: { dtype: 'U8', shape: [b[1] - b[0]], data_offsets: b },
    });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(2n ** 63n);
  return [
    bad('nothing', new Uint8Array(0)),
    bad('half a length', new Uint8Array(5)),
    bad('a header of 2^63 bytes', new Uint8Array(length)),
    bad('a header longer than the file', safetensorsOf('{}').slice(0, 9)),
    bad('no JSON', safetensorsOf('{"t":')),
    bad('no object', safetensorsOf('[]')),
    bad(
      'invalid UTF-8',
      new Uint8Array(Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), Buffer.from([0xff])])),
    ),
    bad('an unknown type', safetensorsOf(entry([1], [0, 4], 'F3'), 4)),
    bad('a negative extent', safetensorsOf(entry([-1], [0, 4]), 4)),
    bad('an extent that is no number', safetensorsOf(entry([1], [0, 4]).replace('[1]', '["1"]'), 4)),
    bad('more elements than a number can say', safetensorsOf(entry([2 ** 52, 2 ** 52], [0, 4]), 4)),
    bad('2^53 elements in four bytes', safetensorsOf(entry([2 ** 52, 2], [0, 4]), 4)),
    bad('an end before the begin', safetensorsOf(entry([1], [4, 0]), 4)),
    bad('elements beyond the end', safetensorsOf(entry([2], [0, 8]), 4)),
    bad('bytes without a tensor', safetensorsOf(entry([1], [0, 4]), 8)),
    bad('a hole', safetensorsOf(two([0, 4], [6, 10]), 10)),
    bad('an overlap', safetensorsOf(two([0, 4], [2, 6]), 6)),
    bad('a string instead of an entry', safetensorsOf('{"t":"F32"}')),
    bad('metadata that is no text', safetensorsOf('{"__metadata__":{"a":1}}')),
  ];
}

/** The valid foreign model with other external-data entries and another shape. */
function withData(
  valid: Valid,
  entries: Readonly<Record<string, string>>,
  { times = 1, shape }: { times?: number; shape?: readonly number[] | undefined } = {},
): Uint8Array {
  const model = brine.onnx.ModelProto.decode(valid.foreignModel);
  const tensor = model.graph!.initializer![0]!;
  const once = Object.entries(entries).map(([key, value]) => ({ key, value }));
  tensor.externalData = Array.from({ length: times }, () => once).flat();
  if (shape) tensor.dims = shape.map(int64);
  return brine.onnx.ModelProto.encode(model).finish();
}

/** The valid foreign model with another first dimension of its input. */
function withExtent(valid: Valid, extent: number): Uint8Array {
  const model = brine.onnx.ModelProto.decode(valid.foreignModel);
  model.graph!.input![0]!.type!.tensorType!.shape!.dim![0] = { dimValue: int64(extent) };
  return brine.onnx.ModelProto.encode(model).finish();
}

export function badOnnxFolders(valid: Valid): BadFile[] {
  const at = (fault: string, location: string, code = 'GRAPH_INVALID'): BadFile => ({
    fault,
    files: { 'model.onnx': withData(valid, { location }), 'data/weights.bin': valid.externalData },
    code,
  });
  const model = withData(valid, { location: 'weights.bin' });
  const placed = (
    fault: string,
    place: Readonly<Record<string, string>>,
    code = 'GRAPH_INVALID',
    shape?: readonly number[],
  ): BadFile => ({
    fault,
    files: {
      'model.onnx': withData(valid, { location: 'data/weights.bin', ...place }, { shape }),
      'data/weights.bin': valid.externalData,
    },
    code,
  });
  return [
    at('data in the folder above', '../secret'),
    at('data above, in a roundabout way', 'data/../../secret'),
    at('data at an absolute path', '/etc/passwd'),
    at('data by a Windows path', '..\\secret'),
    at('data on a drive', 'C:secret'),
    at('data by an address', 'file:///etc/passwd'),
    at('data at an empty path', ''),
    at('data in the folder itself', '.'),
    at('data at a path with a zero byte', 'data/weights.bin\0.txt'),
    at('data in a folder', 'data'),
    at('data that is not there', 'data/other.bin', 'FILE_MISSING'),
    placed('data that begins behind the file', { offset: '36' }, 'FILE_DAMAGED'),
    placed('data that begins at 2^53', { offset: String(2 ** 53) }),
    placed('data that begins at 2^53 - 1', { offset: String(2 ** 53 - 1) }, 'FILE_DAMAGED'),
    placed('data that begins before the file', { offset: '-4' }),
    placed('data that begins at no number', { offset: '0x10' }),
    placed('data of 2^63 bytes', { length: String(2n ** 63n) }),
    placed('data of more bytes than its shape takes', { length: '40' }),
    placed('data of fewer bytes than its shape takes', { length: '4' }),
    placed('data of a negative length', { length: '-36' }),
    {
      fault: 'external data with a repeated location',
      files: {
        'model.onnx': withData(valid, { location: 'data/weights.bin' }, { times: 2 }),
        'data/weights.bin': valid.externalData,
      },
      code: 'GRAPH_INVALID',
    },
    {
      fault: 'external data without a location',
      files: { 'model.onnx': withData(valid, { offset: '0' }) },
      code: 'GRAPH_INVALID',
    },
    {
      fault: 'external data without any entry',
      files: { 'model.onnx': withData(valid, {}) },
      code: 'GRAPH_INVALID',
    },
    placed('a shape that a zero hides', {}, 'GRAPH_INVALID', [2 ** 52, 2 ** 52, 0]),
    {
      fault: 'an input of 2^60 rows',
      files: { 'model.onnx': withExtent(valid, 2 ** 60) },
      code: 'GRAPH_INVALID',
    },
    {
      fault: 'data that is cut short',
      files: { 'model.onnx': valid.foreignModel, 'data/weights.bin': valid.externalData.slice(0, 35) },
      code: 'FILE_DAMAGED',
    },
    {
      fault: 'data that is a link',
      files: { 'model.onnx': model },
      prepare: (folder, outside) => symlink(outside, join(folder, 'weights.bin')),
      code: 'GRAPH_INVALID',
    },
    {
      fault: 'data in a folder that is a link',
      files: { 'model.onnx': withData(valid, { location: 'linked/secret' }) },
      prepare: async (folder, outside) => symlink(join(outside, '..'), join(folder, 'linked')),
      code: 'GRAPH_INVALID',
    },
    {
      fault: 'no model at all',
      files: { 'model.onnx': new Uint8Array(Buffer.from('not a protobuf')) },
      code: 'GRAPH_INVALID',
    },
    {
      fault: 'graphs in graphs in graphs',
      files: { 'model.onnx': nested(400) },
      code: 'GRAPH_INVALID',
    },
  ];
}

/** Nested nodes with graphs, deeper than a protobuf encoder can write. */
function nested(depth: number): Uint8Array {
  let graph: Uint8Array = new Uint8Array(0);
  const within = (number: number, content: Uint8Array) =>
    new Uint8Array(Buffer.concat([fieldHead(number, content.length), content]));
  for (let i = 0; i < depth; i += 1) graph = within(1, within(5, within(6, graph)));
  return within(7, graph);
}

export function badConfigs(valid: Valid): BadFile[] {
  const document = JSON.parse(Buffer.from(valid.modelFolder['config.json']!).toString('utf8')) as object;
  const bad = (fault: string, changes: object, code = 'CONFIG_INVALID'): BadFile => ({
    fault,
    files: {
      ...valid.modelFolder,
      'config.json': new Uint8Array(Buffer.from(JSON.stringify({ ...document, ...changes }))),
    },
    code,
  });
  return [
    bad('2^31 layers', { num_hidden_layers: 2 ** 31 }),
    bad('a vocabulary of 2^53', { vocab_size: 2 ** 53 }),
    bad('a width of 2^40', { hidden_size: 2 ** 40, head_dim: 4 }),
    bad('no layers', { num_hidden_layers: 0 }),
    bad('half a layer', { num_hidden_layers: 0.5 }),
    bad('a width that is a string', { hidden_size: 'wide' }),
    bad('incompatible head counts', { num_attention_heads: 3, num_key_value_heads: 2 }),
    bad('an unsupported activation', { hidden_act: 'gelu' }),
    bad('a vocabulary that its weights do not have', { vocab_size: 64 }, 'SHAPE_MISMATCH'),
    bad('more layers than its weights have', { num_hidden_layers: 4000 }, 'SHAPE_MISMATCH'),
  ];
}

export function badTokenSets(valid: Valid): BadFile[] {
  const text = Buffer.from(valid.tokenSet['tokens.json']!).toString('utf8');
  const document = JSON.parse(text) as TokenSetIndex;
  const index = (fault: string, change: (copy: typeof document) => object): BadFile => ({
    fault,
    files: {
      ...valid.tokenSet,
      'tokens.json': new Uint8Array(Buffer.from(JSON.stringify(change(structuredClone(document))))),
    },
    code: 'SHARD_DAMAGED',
  });
  /** Index with a recomputed, valid identity. */
  const signed = (fault: string, changes: Partial<TokenSetIndex>) =>
    index(fault, (copy) => {
      const changed = { ...copy, ...changes };
      return { ...changed, identity: tokenSetIdentity(changed) };
    });
  const shardFile = document.shards[0]!.file;
  const at = (place: number, value: number): Uint8Array => {
    const copy = valid.tokenSet[shardFile]!.slice();
    new DataView(copy.buffer).setUint32(place, value, true);
    return copy;
  };
  const shard = (fault: string, bytes: Uint8Array): BadFile => ({
    fault,
    files: { ...valid.tokenSet, [shardFile]: bytes },
    code: 'SHARD_DAMAGED',
  });
  return [
    index('a shard in the folder above', (copy) => ({
      ...copy,
      shards: [{ ...copy.shards[0], file: '../x.bin' }],
    })),
    index('a shard at an absolute path', (copy) => ({
      ...copy,
      shards: [{ ...copy.shards[0], file: '/etc/passwd' }],
    })),
    index('2^53 rows', (copy) => ({ ...copy, rows: 2 ** 53 })),
    index('a row of 2^32 ids', (copy) => ({ ...copy, rowLength: 2 ** 32 })),
    index('a last shard of more rows than a shard has', (copy) => ({ ...copy, rowsPerShard: 1 })),
    signed('a vocabulary of 2^40', { vocabularySize: 2 ** 40, idBytes: 4, rows: 0, shards: [] }),
    signed('no row, of 2^40 ids', { rowLength: 2 ** 40, rows: 0, shards: [] }),
    index('no shard', (copy) => ({ ...copy, shards: [] })),
    index('an unknown key', (copy) => ({ ...copy, more: 1 })),
    shard('a shard cut short', valid.tokenSet[shardFile]!.slice(0, 150)),
    shard('a shard without its header', valid.tokenSet[shardFile]!.slice(0, 60)),
    shard('another magic', at(0, 0)),
    shard('more rows than the file has', at(16, 2 ** 31)),
  ];
}

/** A file outside the folder, which no reader may read. */
export async function writeSecret(path: string): Promise<void> {
  await writeFile(path, 'a secret that no reader may see');
}

/**
 * Models as other tools export them, with embedded weights and the exporters' names of inputs and
 * outputs.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  add,
  cast,
  concat,
  Graph,
  mul,
  range,
  reduceSum,
  reshape,
  scalar,
  serialize,
  slice,
  sub,
  zeros,
  type Value,
} from '../../src/graph/index.ts';
import { logits, readModelFolder, transformer } from '../../src/model/index.ts';
import type { DType } from '../../src/tensor/dtype.ts';
import { tensorsOf } from '../../src/tensor/layout.ts';
import { brine } from '../../src/wire/generated/onnx.js';

export interface ExportOptions {
  /** Folder of the checkpoint to export. */
  readonly checkpoint: string;
  readonly rows: number;
  readonly positions: number;
  readonly ids?: 'int64' | 'int32';
  readonly mask?: boolean;
  readonly places?: boolean;
  /** Adds an empty past, and a present that extends it. */
  readonly past?: boolean;
  readonly logits?: DType;
  /** Adds an input for the number of last logits to keep. */
  readonly keep?: boolean;
  /** Outputs only the logits of the last position. */
  readonly lastOnly?: boolean;
  /** Name of an additional, unsupported input. */
  readonly strange?: string;
  readonly outputName?: string;
}

/**
 * Builds the model's graph with embedded weights. Wrong feeds change the ids that it sees, or its
 * logits.
 */
export async function exportedGraph(options: ExportOptions): Promise<Graph> {
  const { checkpoint, rows, positions } = options;
  const model = await readModelFolder(checkpoint);
  const graph = new Graph('main_graph');
  const given = graph.input('input_ids', options.ids ?? 'int64', [rows, positions]);
  let ids = cast(given, 'int64');
  if (options.mask) ids = mul(ids, graph.input('attention_mask', 'int64', [rows, positions]));
  if (options.places) {
    const places = graph.input('position_ids', 'int64', [rows, positions]);
    const expected = reshape(range(graph, { limit: positions }), [1, positions]);
    ids = add(ids, sub(places, expected));
  }
  if (options.keep) {
    const kept = graph.input('num_logits_to_keep', 'int64', []);
    ids = add(ids, sub(kept, scalar(graph, positions, 'int64')));
  }
  if (options.strange !== undefined) ids = add(ids, graph.input(options.strange, 'int64', [1]));
  const parameters = new Map(
    Object.entries(tensorsOf(model)).map(([name, { dtype, shape, data }]) => [
      name,
      graph.constant({ dtype, shape, data }, name),
    ]),
  );
  const flat = logits(transformer(model.config, { tokens: ids, parameters }));
  let whole: Value = reshape(flat, [rows, positions, flat.shape[1]!]);
  const outputs: [string, Value][] = [];
  if (options.past) {
    const past = graph.input('past_key_values.0.key', 'float32', [rows, 2, 0, 4]);
    const present = concat([past, zeros(graph, 'float32', [rows, 2, 1, 4])], 2);
    whole = add(whole, reduceSum(present));
    outputs.push(['present.0.key', present]);
  }
  if (options.lastOnly) whole = slice(whole, { starts: [positions - 1], ends: [positions], axes: [1] });
  graph.output(options.outputName ?? 'logits', cast(whole, options.logits ?? 'float32'));
  for (const [name, value] of outputs) graph.output(name, value);
  return graph;
}

export type ModelMessage = brine.onnx.ModelProto;

/** The bytes of a graph, modified as another exporter would write it. */
export function exportedBytes(
  graph: Graph,
  change: (model: ModelMessage) => void = () => undefined,
): Uint8Array {
  const model = brine.onnx.ModelProto.decode(serialize(graph));
  change(model);
  return new Uint8Array(brine.onnx.ModelProto.encode(model).finish());
}

/** Rewrites a model for another ONNX operator set. */
export const atOpset =
  (version: number, irVersion: number) =>
  (model: ModelMessage): void => {
    const set = (number: number) => number as unknown as typeof model.irVersion;
    model.irVersion = set(irVersion);
    model.opsetImport = [
      { domain: 'ai.onnx', version: set(version) },
      { domain: 'com.microsoft', version: set(1) },
    ];
  };

/** Symbolic names of dynamic input extents, by input. */
export const withExtents =
  (names: Readonly<Record<string, readonly (string | undefined)[]>>) =>
  (model: ModelMessage): void => {
    for (const { name, type } of [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])]) {
      names[name ?? '']?.forEach((extent, axis) => {
        if (extent === undefined) return;
        type!.tensorType!.shape!.dim![axis] = extent === '' ? {} : { dimParam: extent };
      });
    }
  };

/**
 * Moves the elements of all initializers of at least `least` bytes to a file; `location` is its
 * name inside the model.
 */
export async function writeWithData(
  folder: string,
  graph: Graph,
  { location, least = 256 }: { readonly location: string; readonly least?: number },
): Promise<void> {
  const data: Uint8Array[] = [];
  let offset = 0;
  const bytes = exportedBytes(graph, (model) => {
    for (const tensor of model.graph?.initializer ?? []) {
      const raw = tensor.rawData ?? new Uint8Array();
      if (raw.length < least) continue;
      tensor.externalData = Object.entries({ location, offset, length: raw.length }).map(([key, value]) => ({
        key,
        value: String(value),
      }));
      tensor.dataLocation = 1;
      delete tensor.rawData;
      data.push(raw);
      offset += raw.length;
    }
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), bytes);
  const path = join(folder, location);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.concat(data));
}

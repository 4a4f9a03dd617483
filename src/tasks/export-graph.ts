import { basename, join, resolve } from 'node:path';
import { writeFileWhole } from '../base/files/files.ts';
import { openSession } from '../engine/session.ts';
import { check, serialize } from '../graph/index.ts';
import { readModelConfig } from '../model/index.ts';
import { trainingGraph } from '../student/program/graphs.ts';
import { sizeOf } from '../tensor/dtype.ts';
import { findPath } from '../base/files/find-path.ts';

/**
 * Options of `brine graph export`. Weights are inputs of the exported training graph, so the file
 * is small for models of any size.
 */
export interface ExportGraphOptions {
  /** A folder with config.json. */
  readonly model: string;
  readonly out: string;
  readonly rows: number;
  /** Tokens in a row. */
  readonly row: number;
  /** Target ids at a position. */
  readonly targets: number;
  /** Whether to load the graph in ONNX Runtime. */
  readonly check: boolean;
}

export interface ExportGraphReport {
  readonly path: string;
  readonly nodes: number;
  readonly bytes: number;
  readonly parameters: number;
  readonly loaded: boolean;
  readonly seconds: number;
}

/**
 * Writes the training graph of a model as an ONNX file. Throws FILE_MISSING, CONFIG_INVALID,
 * BAD_ARGUMENT for rows that are longer than the model allows, and ENGINE_FAILED when the graph
 * does not load.
 */
export async function exportGraph(options: ExportGraphOptions): Promise<ExportGraphReport> {
  const began = performance.now();
  const config = await readModelConfig(findPath(options.model));
  const { rows, row, targets } = options;
  const graph = trainingGraph(config, { rows, positions: row, targets });
  check(graph);
  const bytes = serialize(graph);
  const path = join(options.out, `${basename(resolve(options.model))}.onnx`);
  await writeFileWhole(path, bytes);
  if (options.check) await (await openSession(path, { threads: 1, device: 'cpu' })).close();
  const data = new Set(['tokens', 'targetIds', 'targetWeights']);
  const weights = graph.inputs.filter(({ name }) => !data.has(name));
  return {
    path,
    nodes: graph.nodes.length,
    bytes: bytes.length,
    parameters: weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    loaded: options.check,
    seconds: (performance.now() - began) / 1000,
  };
}

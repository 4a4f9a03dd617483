/**
 * Estimates the memory of a student rank before it opens anything.
 *
 * With E elements of the flat layout (parameters and padding), in bytes:
 *   parameters   4·E
 *   gradients    4·E, and as much again for the binding's copy of every output. With several
 *                micro-batches per rank, 4·E more for the sum between runs, or 8·E for the sums inside
 *                the graph (ONNX Scan keeps the sum before a step and the sum after it)
 *   optimizer    AdamW: 8·E, divided by the ranks if sharded; Adafactor: 4 bytes per row and column
 *   activations  peak bytes of intermediate values over the nodes of the training graph, in ONNX
 *                Runtime's order, including one chunk of logits and its gradient (`logits`: 4 · rows
 *                of a chunk · V). Sessions keep the memory that they allocated, so the graphs of plain
 *                steps, of steps with labels and of validation are added up
 *   snapshot     parameters and optimizer state once more on the rank that saves, while it writes
 *   program      Node, ONNX Runtime and Brine themselves
 * Activations are affine in the number of layers, so they are extrapolated from models of two and
 * three layers.
 */
import { peakBytes, type Graph } from '../../graph/index.ts';
import { CHUNK_ELEMENTS, chunkSizes } from '../../loss/chunk.ts';
import type { ModelConfig } from '../../model/index.ts';
import type { OptimizerConfig } from '../../optim/index.ts';
import type { FlatLayout } from '../../tensor/layout.ts';
import { evaluationGraph, trainingGraph } from './graphs.ts';
import type { ProductPrecision } from './precision.ts';
import { restTreatment, type StepShape } from './step-shape.ts';
import { studentLayout } from './student-files.ts';

export interface MemoryOptions extends StepShape {
  readonly config: ModelConfig;
  readonly precision: ProductPrecision;
  /** As in the program; `host` sums between runs if there are several micro-batches. */
  readonly accumulate: 'graph' | 'host';
  /** Micro-batches per rank. */
  readonly microBatches: number;
  readonly optimizer: OptimizerConfig['kind'];
  readonly device: 'cpu' | 'cuda';
}

/** Bytes of one rank, in host memory and, if it has one, on its GPU. */
export interface RankMemory {
  readonly parameters: number;
  readonly gradients: number;
  readonly optimizer: number;
  readonly activations: number;
  /** One chunk of logits; part of `activations`. */
  readonly logits: number;
  readonly snapshot: number;
  readonly program: number;
  /** Total in host memory; includes activations only without a GPU. */
  readonly host: number;
  /** Total on the GPU: parameters, gradients with their sums, activations. 0 without a GPU. */
  readonly gpu: number;
}

/**
 * Largest measured ratio between the peak of a process and its estimate, in either direction: see
 * docs/cluster.md.
 */
export const MEMORY_FACTOR = 2.5;

/** A student of micro-tied measured 115 MB without its sockets. */
const PROGRAM_BYTES = 140e6;

export function rankMemory(options: MemoryOptions): RankMemory {
  const { config, rows, positions, stages, shard, accumulate, microBatches, device } = options;
  const layout = studentLayout(config, { stages });
  const bytes = 4 * layout.buckets.reduce((sum, elements) => sum + elements, 0);
  const sums = microBatches === 1 ? 0 : accumulate === 'graph' ? 2 * bytes : bytes;
  const optimizer = optimizerBytes(options.optimizer, layout) / (shard?.ranks ?? 1);
  const activations = activationBytes(options);
  const [chunk = 0] = chunkSizes(rows * positions, config.vocabularySize, CHUNK_ELEMENTS);
  const onGpu = device === 'cuda';
  const ownSums = onGpu && accumulate === 'graph' ? 0 : sums;
  const gradients = 2 * bytes + ownSums;
  const snapshot = bytes + optimizer;
  return {
    parameters: bytes,
    gradients,
    optimizer,
    activations,
    logits: 4 * chunk * config.vocabularySize,
    snapshot,
    program: PROGRAM_BYTES,
    host: bytes + gradients + optimizer + snapshot + PROGRAM_BYTES + (onGpu ? 0 : activations),
    gpu: onGpu ? 2 * bytes + (sums - ownSums) + activations : 0,
  };
}

/** Lower bound of a rank's memory: parameters, gradients, its share of the optimizer state. */
export function leastBytes({ parameters, optimizer }: RankMemory): number {
  return 2 * parameters + optimizer;
}

function optimizerBytes(kind: OptimizerConfig['kind'], { buckets, tensors }: FlatLayout): number {
  if (kind === 'adamw') return 8 * buckets.reduce((sum, elements) => sum + elements, 0);
  return 4 * tensors.reduce((sum, { shape: [rows = 0, columns = 0] }) => sum + rows + columns, 0);
}

function activationBytes(options: MemoryOptions): number {
  const { rows, positions, precision, device, targetWidths } = options;
  const kernels = device === 'cuda' ? 'native' : 'imitated';
  const training = targetWidths.map((targets) => (config: ModelConfig) => {
    const rest = restTreatment(options, targets);
    return trainingGraph(config, { rows, positions, targets, rest, precision, kernels });
  });
  const evaluation = (config: ModelConfig) => evaluationGraph(config, { rows, positions });
  return [...training, evaluation].reduce((sum, graphOf) => sum + peakOf(graphOf, options.config), 0);
}

/** Peak bytes of a graph over a model of any depth. */
export function peakOf(graphOf: (config: ModelConfig) => Graph, config: ModelConfig): number {
  const { layers } = config;
  if (layers <= DEEP) return peakBytes(graphOf(config));
  const [less, more] = [DEEP - 1, DEEP].map((depth) => peakBytes(graphOf({ ...config, layers: depth })));
  return more! + (layers - DEEP) * (more! - less!);
}

const DEEP = 3;

/**
 * How much memory a student rank needs, as an estimate before anything is opened.
 *
 * With E elements of the flat layout (parameters, and the gaps behind them), in bytes:
 *   parameters   4·E
 *   gradients    4·E, and as much again for the copy that the binding makes of every output; with several micro-batches to a rank 4·E
 *                for the sum between runs, or 8·E for the sums inside the graph (ONNX Scan keeps the one before a step and the one after)
 *   optimizer    AdamW 8·E, of which each rank has its share where it is shared out; Adafactor 4 bytes for each row and each column
 *   activations  the most bytes of intermediate values that exist at once, over the nodes of the training graph in ONNX Runtime's order;
 *                one chunk of logits and its slope among them (`logits`: 4 · rows of a chunk · V). Sessions keep what they took, so the graphs
 *                of plain steps, of steps with labels and of validation are added up
 *   snapshot     parameters and optimizer once more, on the rank that saves, while a checkpoint is written
 *   program      Node, ONNX Runtime and Brine themselves
 * Activations are affine in the number of layers, so they are taken from a model of two layers and one of three.
 */
import { peakBytes, type Graph } from '../../graph/index.ts';
import { CHUNK_ELEMENTS, chunkSizes } from '../../loss/chunk.ts';
import type { Rest } from '../../loss/index.ts';
import type { ModelConfig } from '../../model/index.ts';
import type { OptimizerConfig } from '../../optim/index.ts';
import type { FlatLayout } from '../../tensor/layout.ts';
import { evaluationGraph, trainingGraph, type BatchShape } from './graphs.ts';
import type { Precision } from './precision.ts';
import { studentLayout } from './student-files.ts';

export interface MemoryOptions extends BatchShape {
  readonly config: ModelConfig;
  readonly targetWidths: readonly number[];
  readonly rest: Rest;
  readonly precision: Precision;
  /** As the program's; `host` sums between runs where there are several micro-batches. */
  readonly accumulate: 'graph' | 'host';
  /** Micro-batches of a rank's share. */
  readonly microBatches: number;
  readonly optimizer: OptimizerConfig['kind'];
  /** Over how many ranks the optimizer's state is shared out; 1 where it is not. */
  readonly shards: number;
  readonly stages: number;
  readonly device: 'cpu' | 'cuda';
}

/** Bytes of one rank, in the computer's memory, and on its GPU where it has one. */
export interface RankMemory {
  readonly parameters: number;
  readonly gradients: number;
  readonly optimizer: number;
  readonly activations: number;
  /** Of the activations: one chunk of logits. */
  readonly logits: number;
  readonly snapshot: number;
  readonly program: number;
  /** What the computer needs. Activations count where no GPU has them. */
  readonly host: number;
  /** What the GPU needs: parameters, gradients with their sums, activations; 0 without one. */
  readonly gpu: number;
}

/** What the peak of a process was beside an estimate, at most, either way: see docs/cluster.md, "Before it runs". */
export const MEMORY_FACTOR = 2.5;

/** Measured of a student of micro-tied: 115 MB without its sockets. */
const PROGRAM_BYTES = 140e6;

export function rankMemory(options: MemoryOptions): RankMemory {
  const { config, rows, positions, stages, accumulate, microBatches, shards, device } = options;
  const layout = studentLayout(config, { stages });
  const bytes = 4 * layout.buckets.reduce((sum, elements) => sum + elements, 0);
  const sums = microBatches === 1 ? 0 : accumulate === 'graph' ? 2 * bytes : bytes;
  const optimizer = optimizerBytes(options.optimizer, layout) / shards;
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

/** What a rank holds whatever happens: parameters, gradients, its share of the optimizer's state. */
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
    const rest = targets > 1 ? options.rest : 'renormalise';
    return trainingGraph(config, { rows, positions, targets, rest, precision, kernels });
  });
  const evaluation = (config: ModelConfig) => evaluationGraph(config, { rows, positions });
  return [...training, evaluation].reduce((sum, graphOf) => sum + peakOf(graphOf, options.config), 0);
}

/** Of a graph over a model of any depth. */
export function peakOf(graphOf: (config: ModelConfig) => Graph, config: ModelConfig): number {
  const { layers } = config;
  if (layers <= DEEP) return peakBytes(graphOf(config));
  const [less, more] = [DEEP - 1, DEEP].map((depth) => peakBytes(graphOf({ ...config, layers: depth })));
  return more! + (layers - DEEP) * (more! - less!);
}

const DEEP = 3;

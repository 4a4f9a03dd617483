/**
 * Cuts the training graph into stages, so that gradients of upper layers can be all-reduced while
 * those of lower layers are computed. The first stage contains the whole forward pass.
 */
import { BrineError } from '../../base/errors.ts';
import {
  cutGraph,
  type CutCosts,
  productOperations,
  type Graph,
  type Stage,
  type TensorType,
} from '../../graph/index.ts';
import { EMBEDDING, layerNames, parameterSpecs, type ModelConfig } from '../../model/index.ts';
import { BYTES_OF, sizeOf } from '../../tensor/dtype.ts';
import { flatLayout, type FlatLayout } from '../../tensor/layout.ts';
import { gradientName, LOSSES } from './graphs.ts';

/**
 * Maps a parameter to the stage that computes its gradient. The head and upper layers belong to the
 * first stage, the embedding to the last: alone if there are at least as many stages as layers.
 * Layers and embedding are divided evenly. Lower stages get the smaller share, because nothing
 * hides the communication of the last one.
 */
export function stageOf({ layers }: ModelConfig, stages: number): (parameter: string) => number {
  const byName = new Map<string, number>([[EMBEDDING, stages - 1]]);
  for (let layer = 0; layer < layers; layer += 1) {
    const stage = Math.floor(((layers - 1 - layer) * stages) / (layers + 1));
    for (const name of Object.values(layerNames(layer))) byName.set(name, stage);
  }
  return (parameter) => byName.get(parameter) ?? 0;
}

/**
 * Lays the parameters out in buckets, with separate buckets for each stage. The scales, which are
 * small, share one.
 */
export function stagedLayout(
  config: ModelConfig,
  { stages, bucketElements }: { stages: number; bucketElements: number },
): FlatLayout {
  const specs = parameterSpecs(config);
  const scales = new Set(specs.filter(({ decay }) => !decay).map(({ name }) => name));
  const stage = stageOf(config, stages);
  return flatLayout(specs, bucketElements, (name) => (stages > 1 && scales.has(name) ? stages : stage(name)));
}

/** For each stage, the buckets whose gradients it completes. */
export function stageBuckets(config: ModelConfig, layout: FlatLayout, stages: number): number[][] {
  const stage = stageOf(config, stages);
  const last = layout.buckets.map(() => 0);
  for (const { name, bucket } of layout.tensors) last[bucket] = Math.max(last[bucket]!, stage(name));
  return Array.from({ length: stages }, (_, at) => last.flatMap((of, bucket) => (of === at ? [bucket] : [])));
}

/** Throws CONFIG_INVALID for more stages than layers plus one. */
export function checkStages({ layers }: ModelConfig, stages: number): void {
  if (Number.isInteger(stages) && stages >= 1 && stages <= layers + 1) return;
  throw new BrineError(
    'CONFIG_INVALID',
    `a backward pass over ${layers} layers and an embedding cannot be cut into ${stages} stages`,
    {
      hint: `Set roles.overlap to 1 … ${layers + 1}.`,
    },
  );
}

const LOSS_NAMES: ReadonlySet<string> = new Set(LOSSES);

/** Cuts a graph of `trainingGraph` into `stages` stages. */
export function trainingStages(
  config: ModelConfig,
  graph: Graph,
  { stages, costs }: { stages: number; costs: CutCosts },
): Stage[] {
  const stage = stageOf(config, stages);
  const losses = graph.outputs.map(({ name }) => name).filter((name) => LOSS_NAMES.has(name));
  const outputs = Array.from({ length: stages }, (_, at) => (at === 0 ? losses : []));
  for (const { name } of parameterSpecs(config)) outputs[stage(name)]!.push(gradientName(name));
  return cutGraph(graph, outputs, costs);
}

/**
 * Rough rates of a device per nanosecond, used to decide where to cut: operations of matrix
 * products, bytes touched by other nodes, bytes carried between stages.
 */
const RATES = {
  // Carried bytes are written, and copied once more by the binding (docs/ring.md).
  cpu: { operations: 60, bytes: 10, carried: 0.5 },
  // Carried bytes cross to the host and back. Not measured.
  cuda: { operations: 20_000, bytes: 1000, carried: 5 },
} as const;

/** Fixed cost of each node or tensor, in nanoseconds. */
const EACH = 1000;

/** Cost functions for `cutGraph`, in nanoseconds. */
export function carryCosts(device: 'cpu' | 'cuda'): CutCosts {
  const { operations, bytes, carried } = RATES[device];
  return {
    recompute: (node) => {
      const touched = [...node.inputs, ...node.outputs].reduce((sum, type) => sum + bytesOf(type), 0);
      return EACH + productOperations(node) / operations + touched / bytes;
    },
    // ONNX Runtime's binding has no bfloat16 tensors, so no such value can leave a run.
    carry: (value) => (value.dtype === 'bfloat16' ? Infinity : EACH + bytesOf(value) / carried),
  };
}

function bytesOf({ dtype, shape }: TensorType): number {
  return sizeOf(shape) * BYTES_OF[dtype];
}

/**
 * The training graph in stages, so that gradients of upper layers can leave for the ring while those of lower layers are still to be
 * computed. The first stage holds the whole forward pass.
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
import { gradientName } from './graphs.ts';

/**
 * In which of so many stages a parameter's gradient is made: those of the head and of the upper layers in the first, the embedding's in the
 * last, alone when there are as many stages as layers. Layers and embedding are dealt out evenly, the lower stages having the smaller share,
 * since nothing is left to hide the last stage's way behind.
 */
export function stageOf({ layers }: ModelConfig, stages: number): (parameter: string) => number {
  const byName = new Map<string, number>([[EMBEDDING, stages - 1]]);
  for (let layer = 0; layer < layers; layer += 1) {
    const stage = Math.floor(((layers - 1 - layer) * stages) / (layers + 1));
    for (const name of Object.values(layerNames(layer))) byName.set(name, stage);
  }
  return (parameter) => byName.get(parameter) ?? 0;
}

/** The parameters in buckets, those of each stage in some of their own. The scales, which are small, share one. */
export function stagedLayout(
  config: ModelConfig,
  { stages, bucketElements }: { stages: number; bucketElements: number },
): FlatLayout {
  const specs = parameterSpecs(config);
  const scales = new Set(specs.filter(({ decay }) => !decay).map(({ name }) => name));
  const stage = stageOf(config, stages);
  return flatLayout(specs, bucketElements, (name) => (stages > 1 && scales.has(name) ? stages : stage(name)));
}

/** The buckets whose gradients are whole after each stage, and were not before. */
export function stageBuckets(config: ModelConfig, layout: FlatLayout, stages: number): number[][] {
  const stage = stageOf(config, stages);
  const last = layout.buckets.map(() => 0);
  for (const { name, bucket } of layout.tensors) last[bucket] = Math.max(last[bucket]!, stage(name));
  return Array.from({ length: stages }, (_, at) => last.flatMap((of, bucket) => (of === at ? [bucket] : [])));
}

/** Throws CONFIG_INVALID for more stages than layers and an embedding. */
export function checkStages({ layers }: ModelConfig, stages: number): void {
  if (Number.isInteger(stages) && stages >= 1 && stages <= layers + 1) return;
  throw new BrineError(
    'CONFIG_INVALID',
    `a backward pass over ${layers} layers and an embedding cannot be cut into ${stages} stages`,
    {
      hint: `Give roles.overlap 1 to ${layers + 1} stages.`,
    },
  );
}

/** The graph of trainingGraph in so many stages. */
export function trainingStages(
  config: ModelConfig,
  graph: Graph,
  { stages, costs }: { stages: number; costs: CutCosts },
): Stage[] {
  const stage = stageOf(config, stages);
  const outputs = Array.from({ length: stages }, (_, at) => (at === 0 ? ['loss'] : []));
  for (const { name } of parameterSpecs(config)) outputs[stage(name)]!.push(gradientName(name));
  return cutGraph(graph, outputs, costs);
}

/** Rough rates of a device, for choosing: operations of products, bytes that other nodes touch, bytes that are carried, each in a nanosecond. */
const RATES = {
  // Carried bytes are written, and copied once more by the binding (docs/ring.md, "Overlap").
  cpu: { operations: 60, bytes: 10, carried: 0.5 },
  // Carried bytes cross to the host and back. Not measured.
  cuda: { operations: 20_000, bytes: 1000, carried: 5 },
} as const;

/** Of what goes once with each node or tensor, in nanoseconds. */
const EACH = 1000;

/** In nanoseconds. */
export function carryCosts(device: 'cpu' | 'cuda'): CutCosts {
  const { operations, bytes, carried } = RATES[device];
  return {
    recompute: (node) => {
      const touched = [...node.inputs, ...node.outputs].reduce((sum, type) => sum + bytesOf(type), 0);
      return EACH + productOperations(node) / operations + touched / bytes;
    },
    // ONNX Runtime's binding has no tensors of bfloat16: nothing of that type leaves a run.
    carry: (value) => (value.dtype === 'bfloat16' ? Infinity : EACH + bytesOf(value) / carried),
  };
}

function bytesOf({ dtype, shape }: TensorType): number {
  return sizeOf(shape) * BYTES_OF[dtype];
}

/**
 * Reads the parameters of a model from checkpoint files: names, shapes, and the two names of a tied
 * table.
 */
import { BrineError } from '../base/errors.ts';
import { viewOf, type FlatLayout } from '../tensor/layout.ts';
import type { Shape } from '../tensor/dtype.ts';
import { unreadType, type StoredTensor } from '../tensor/safetensors-header.ts';
import type { ModelConfig } from './config.ts';
import { EXPORT_HINT } from './unsupported-keys.ts';
import { EMBEDDING, HEAD } from './parameters.ts';
import { tensorNames } from './tensor-names.ts';
import type { Weights } from './weight-files.ts';

export interface ParameterBuckets {
  readonly config: ModelConfig;
  readonly layout: FlatLayout;
  readonly buckets: readonly Float32Array[];
  /**
   * How often the layers of the files are repeated, one copy after the other (G_stack, Du et al. 2024,
   * arXiv 2405.15319). Default 1.
   */
  readonly stack?: number | undefined;
}

/**
 * Fills the buckets. A tied table may be stored under either of its names, or under both with equal
 * values. Throws CONFIG_INVALID for a tied model with two different tables, and the errors of
 * checkParameters and of reading tensors.
 */
export async function readParameters(weights: Weights, model: ParameterBuckets): Promise<void> {
  const { layout, buckets, config } = model;
  const { names, head } = checkParameters(weights, model);
  for (const tensor of layout.tensors) {
    const stored = names.get(tensor.name)!;
    await weights.tensors.get(stored)!.readFloat32(stored, viewOf(tensor, buckets));
  }
  if (config.tieEmbeddings && head !== undefined && head !== names.get(EMBEDDING))
    await checkEqual(weights, head, { embedding: tableOf(layout, buckets) });
}

/**
 * Finds every parameter by name and shape from the file headers. Throws SHAPE_MISMATCH with the tensors
 * that do not fit the configuration, and WEIGHTS_UNSUPPORTED for unsupported element types.
 */
export function checkParameters(
  weights: Weights,
  { config, layout, stack = 1 }: Omit<ParameterBuckets, 'buckets'>,
): { readonly names: ReadonlyMap<string, string>; readonly head: string | undefined } {
  const { path, tensors } = weights;
  const names = withCopies(tensorNames(tensors.keys(), path), { layers: config.layers / stack, stack });
  const tied = config.tieEmbeddings;
  const head = names.get(HEAD);
  if (tied && head !== undefined && !names.has(EMBEDDING)) names.set(EMBEDDING, head);
  if (tied) names.delete(HEAD);
  checkTypes(weights, names.values());
  const shapes = new Map(
    Array.from(names, ([own, stored]) => [own, storedAs(weights, stored).shape] as const),
  );
  checkFit(path, { shapes, layout, tied });
  return { names, head };
}

/** Adds the names of `stack` - 1 further copies of all layers. */
function withCopies(
  names: Map<string, string>,
  { layers, stack }: { readonly layers: number; readonly stack: number },
): Map<string, string> {
  const all = new Map(names);
  for (const [own, stored] of names) {
    const [, layer, rest] = /^model\.layers\.(\d+)\.(.*)$/.exec(own) ?? [];
    if (layer === undefined) continue;
    for (let copy = 1; copy < stack; copy += 1)
      all.set(`model.layers.${Number(layer) + copy * layers}.${rest}`, stored);
  }
  return all;
}

/** Checks that a tied table has the same values under both names. */
async function checkEqual(
  { path, tensors }: Weights,
  head: string,
  { embedding }: { embedding: Float32Array },
): Promise<void> {
  const own = new Float32Array(embedding.length);
  await tensors.get(head)!.readFloat32(head, own);
  const at = own.findIndex((value, i) => !Object.is(value, embedding[i]));
  if (at < 0) return;
  throw new BrineError(
    'CONFIG_INVALID',
    `${path} has two different tables, ${EMBEDDING} and ${HEAD} (element ${at} is ${embedding[at]} and ${own[at]}), but tie_word_embeddings is set in config.json`,
    {
      hint: 'If the head is a separate table, set "tie_word_embeddings": false in config.json. Otherwise, save the model again without lm_head.weight.',
    },
  );
}

interface ParameterFit {
  /** Stored shapes by Hugging Face's names. */
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly layout: FlatLayout;
  readonly tied: boolean;
}

function checkFit(path: string, { shapes, layout, tied }: ParameterFit): void {
  const expected = new Map(layout.tensors.map((tensor) => [tensor.name, tensor.shape]));
  const missing = [...expected.keys()].filter((name) => !shapes.has(name));
  const unknown = [...shapes.keys()].filter((name) => !expected.has(name));
  const unequal = [...shapes].filter(
    ([name, shape]) => expected.has(name) && String(expected.get(name)) !== String(shape),
  );
  const faults = [
    ...missing.map((name) => `${name} is missing`),
    ...unknown.map((name) => `${name} is unknown`),
    ...unequal.map(([name, shape]) => `${name} is [${String(shape)}], not [${String(expected.get(name))}]`),
  ];
  if (faults.length === 0) return;
  const more = faults.length > 4 ? ` and ${faults.length - 4} more` : '';
  throw new BrineError(
    'SHAPE_MISMATCH',
    `${path} does not fit its config.json: ${faults.slice(0, 4).join(', ')}${more}`,
    { hint: hintFor({ missing, unknown, tied }) },
  );
}

function hintFor(faults: {
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
  readonly tied: boolean;
}): string {
  const { missing, unknown, tied } = faults;
  const tables = missing.length > 0 && missing.every((name) => name === HEAD || name === EMBEDDING);
  if (!tied && tables && missing.length === 1)
    return 'If the head shares the embedding table, set "tie_word_embeddings": true in config.json. Without that key, the head is a separate table.';
  if (unknown.some((name) => name.endsWith('.bias')))
    return `Brine builds Llama models without biases. ${EXPORT_HINT}`;
  return 'Use config.json and model.safetensors of the same model.';
}

function tableOf(layout: FlatLayout, buckets: readonly Float32Array[]): Float32Array {
  return viewOf(
    layout.tensors.find(({ name }) => name === EMBEDDING)!,
    buckets,
  );
}

/**
 * Checks element types before names: types explain a quantized checkpoint better than its extra
 * tensors.
 */
function checkTypes(weights: Weights, names: Iterable<string>): void {
  for (const name of names) {
    const { dtype, stored } = storedAs(weights, name);
    if (dtype === undefined) throw unreadType(weights.path, name, stored);
  }
}

function storedAs({ tensors }: Weights, name: string): StoredTensor {
  return tensors.get(name)!.tensors.get(name)!;
}

/**
 * The parameters of a Llama: Hugging Face's names, in the order of the flat buffer, and initial
 * values. Matrices are [out, in], as Hugging Face stores them.
 */
import type { Shape } from '../tensor/dtype.ts';
import { viewOf, type FlatLayout } from '../tensor/layout.ts';
import { hashText, Random } from '../base/random.ts';
import type { ModelConfig } from './config.ts';

export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  /** Whether weight decay applies: true for matrices, false for normalization scales. */
  readonly decay: boolean;
}

export const EMBEDDING = 'model.embed_tokens.weight';
export const FINAL_NORM = 'model.norm.weight';
export const HEAD = 'lm_head.weight';

/** Parameter names of one layer. */
export function layerNames(layer: number) {
  const at = `model.layers.${layer}`;
  return {
    attentionNorm: `${at}.input_layernorm.weight`,
    query: `${at}.self_attn.q_proj.weight`,
    key: `${at}.self_attn.k_proj.weight`,
    value: `${at}.self_attn.v_proj.weight`,
    output: `${at}.self_attn.o_proj.weight`,
    feedForwardNorm: `${at}.post_attention_layernorm.weight`,
    gate: `${at}.mlp.gate_proj.weight`,
    up: `${at}.mlp.up_proj.weight`,
    down: `${at}.mlp.down_proj.weight`,
  };
}

/**
 * Every parameter once; a tied head has no entry of its own. Matrices come before scales, so that all
 * parameters with weight decay are contiguous.
 */
export function parameterSpecs(config: ModelConfig): ParameterSpec[] {
  const { hiddenSize: d, intermediateSize: f, headSize, heads, keyValueHeads } = config;
  const matrix = (name: string, ...shape: number[]) => ({ name, shape, decay: true });
  const scale = (name: string) => ({ name, shape: [d], decay: false });
  const layers = Array.from({ length: config.layers }, (_, layer) => {
    const names = layerNames(layer);
    return [
      scale(names.attentionNorm),
      matrix(names.query, heads * headSize, d),
      matrix(names.key, keyValueHeads * headSize, d),
      matrix(names.value, keyValueHeads * headSize, d),
      matrix(names.output, d, heads * headSize),
      scale(names.feedForwardNorm),
      matrix(names.gate, f, d),
      matrix(names.up, f, d),
      matrix(names.down, d, f),
    ];
  });
  const specs = [
    matrix(EMBEDDING, config.vocabularySize, d),
    ...layers.flat(),
    scale(FINAL_NORM),
    ...(config.tieEmbeddings ? [] : [matrix(HEAD, config.vocabularySize, d)]),
  ];
  return [...specs.filter((spec) => spec.decay), ...specs.filter((spec) => !spec.decay)];
}

/**
 * Fills the buckets with initial values: normal with standard deviation `initializerRange` for
 * matrices, 1 for scales. The values of a tensor depend only on the seed and its name, not on the
 * layout or other tensors.
 */
export function initialParameters(
  config: ModelConfig,
  seed: number,
  { layout, buckets }: { layout: FlatLayout; buckets: readonly Float32Array[] },
): void {
  for (const tensor of layout.tensors) {
    const values = viewOf(tensor, buckets);
    if (tensor.shape.length === 1) {
      values.fill(1);
      continue;
    }
    const random = new Random(seed, hashText(tensor.name));
    for (let i = 0; i < values.length; i++) values[i] = config.initializerRange * random.normal();
  }
}

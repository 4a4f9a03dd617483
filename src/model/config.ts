/**
 * A Llama architecture as data, read from and written to Hugging Face's config.json. Unsupported
 * settings (biases, other activations, other scalings of rotary positions) are errors that name the
 * key. They are never ignored.
 */
import { join } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';
import { readOrdinaryText } from '../base/files/ordinary-file.ts';
import { lazySchema, parseWith } from '../base/schema.ts';
import { checkUnsupportedKeys } from './unsupported-keys.ts';
import { ropeKeys, ropeScalingDocument, ropeSettings, type RopeScaling } from './rope-settings.ts';

export interface ModelConfig {
  readonly vocabularySize: number;
  /** Width of the residual stream. */
  readonly hiddenSize: number;
  /** Width of the gated feed-forward. */
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Number of key and value heads; each serves heads / keyValueHeads query heads. */
  readonly keyValueHeads: number;
  /** Width of one head, an even number. */
  readonly headSize: number;
  /** Maximum row length of the model. */
  readonly maxPositions: number;
  readonly ropeTheta: number;
  /** Undefined if rotary positions are not scaled. */
  readonly ropeScaling?: RopeScaling;
  readonly normEpsilon: number;
  /** Whether the output head shares the embedding table. */
  readonly tieEmbeddings: boolean;
  /** Standard deviation of initial matrix values. */
  readonly initializerRange: number;
}

/** Above any real model. The file is untrusted, and its sizes decide allocations. */
const MAX_LAYERS = 4096;
const MAX_CONFIG_BYTES = 2 ** 24;
/** Limit for an embedding table or a matrix of one layer. */
const MAX_ELEMENTS = 2 ** 32;
/**
 * The supported keys. Keys that change a number and are not listed are rejected by
 * unsupported-keys.ts.
 */
const configSchema = lazySchema((z) => {
  const count = z
    .int()
    .positive()
    .max(2 ** 24);
  return z.object({
    vocab_size: count,
    hidden_size: count,
    intermediate_size: count,
    num_hidden_layers: z.int().positive().max(MAX_LAYERS),
    num_attention_heads: count,
    num_key_value_heads: count.nullish(),
    head_dim: count.nullish(),
    max_position_embeddings: count.default(2048),
    ...ropeKeys(z),
    rms_norm_eps: z.number().positive().default(1e-6),
    tie_word_embeddings: z.boolean().default(false),
    initializer_range: z.number().positive().default(0.02),
  });
});

/** Reads `folder`/config.json. Throws FILE_MISSING or CONFIG_INVALID, naming the file and the key. */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const path = join(folder, 'config.json');
  const text = await readOrdinaryText(path, { most: MAX_CONFIG_BYTES }).catch((cause: unknown) => {
    throw new BrineError('FILE_MISSING', `cannot read ${path}: ${messageOf(cause)}`, {
      hint: 'Name a folder with a config.json in Hugging Face format, such as models/nano-llm.',
      cause,
    });
  });
  let decoded: unknown;
  try {
    decoded = JSON.parse(text);
  } catch (cause) {
    throw new BrineError('CONFIG_INVALID', `${path} is not valid JSON: ${messageOf(cause)}`, {
      hint: 'Correct the file; models/nano-llm/config.json is an example.',
      cause,
    });
  }
  return parseModelConfig(decoded, path);
}

/** Checks a decoded config.json. Throws CONFIG_INVALID with `origin` and the invalid values. */
export function parseModelConfig(decoded: unknown, origin: string): ModelConfig {
  const refuse = checkUnsupportedKeys(decoded, origin);
  const raw = parseWith(configSchema(), decoded, { what: origin });
  const heads = raw.num_attention_heads;
  if ((raw.head_dim ?? undefined) === undefined && raw.hidden_size % heads !== 0) {
    throw invalidSizes(
      origin,
      `hidden_size ${raw.hidden_size} is not divisible by num_attention_heads ${heads}`,
    );
  }
  const keyValueHeads = raw.num_key_value_heads ?? heads;
  if (heads % keyValueHeads !== 0) {
    throw invalidSizes(
      origin,
      `num_attention_heads ${heads} is not divisible by num_key_value_heads ${keyValueHeads}`,
    );
  }
  const headSize = raw.head_dim ?? raw.hidden_size / heads;
  if (headSize % 2 !== 0) {
    throw invalidSizes(
      origin,
      `head_dim ${headSize} is odd, but rotary positions rotate pairs of dimensions`,
    );
  }
  const widest = Math.max(raw.vocab_size, raw.intermediate_size, heads * headSize);
  if (widest * raw.hidden_size > MAX_ELEMENTS) {
    throw invalidSizes(
      origin,
      `a matrix of hidden_size ${raw.hidden_size} by ${widest} has more than ${MAX_ELEMENTS} elements`,
    );
  }
  const { theta, scaling } = ropeSettings(raw, refuse);
  return {
    vocabularySize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    intermediateSize: raw.intermediate_size,
    layers: raw.num_hidden_layers,
    heads,
    keyValueHeads,
    headSize,
    maxPositions: raw.max_position_embeddings,
    ropeTheta: theta,
    ...(scaling && { ropeScaling: scaling }),
    normEpsilon: raw.rms_norm_eps,
    tieEmbeddings: raw.tie_word_embeddings,
    initializerRange: raw.initializer_range,
  };
}

/** Content of a config.json that transformers' LlamaForCausalLM reads. */
export function configDocument(config: ModelConfig, endOfText?: number): Record<string, unknown> {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headSize,
    max_position_embeddings: config.maxPositions,
    rope_theta: config.ropeTheta,
    ...(config.ropeScaling && { rope_scaling: ropeScalingDocument(config.ropeScaling) }),
    rms_norm_eps: config.normEpsilon,
    tie_word_embeddings: config.tieEmbeddings,
    initializer_range: config.initializerRange,
    hidden_act: 'silu',
    attention_bias: false,
    mlp_bias: false,
    bos_token_id: endOfText ?? null,
    eos_token_id: endOfText ?? null,
    torch_dtype: 'float32',
  };
}

function invalidSizes(origin: string, what: string): BrineError {
  return new BrineError('CONFIG_INVALID', `${origin}: ${what}`, {
    hint: 'Correct these keys in config.json.',
  });
}

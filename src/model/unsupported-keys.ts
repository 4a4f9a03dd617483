/**
 * Rejects keys of a config.json that change what a model computes and that Brine does not support. Such
 * a key must have its neutral value: a model that ignored it would compute different numbers than in
 * transformers.
 */
import { BrineError } from '../base/errors.ts';
import type { Refuse } from './rope-settings.ts';

type Document = Readonly<Record<string, unknown>>;

/** Hint for models that Brine does not build. */
export const EXPORT_HINT =
  'Any causal language model works when it is exported: "optimum-cli export onnx --model FOLDER --task text-generation OUT" writes a model.onnx, and teacher, eval, score and generate take that folder.';

const BUILT =
  'Brine builds Llama models: SiLU, no biases, rotary positions plain or scaled by linear or llama3.';

/** Whether a value changes nothing. Null and missing values always change nothing. */
type Neutral = (value: unknown, document: Document) => boolean;

const off: Neutral = (value) => value === false || value === 0;
const one: Neutral = (value) => value === 1;
const no: Neutral = () => false;

/** Neutral values by key, with the key names of Llama-like architectures. */
const NEUTRAL: Readonly<Record<string, Neutral>> = {
  hidden_act: (value) => value === 'silu' || value === 'swish',
  hidden_activation: (value) => value === 'silu' || value === 'swish',
  ...named(off, [
    'attention_bias',
    'mlp_bias',
    'bias',
    'use_bias',
    'qkv_bias',
    'use_qkv_bias',
    'attention_out_bias',
    'lm_head_bias',
    'use_qk_norm',
    'qk_norm',
    'qk_layernorm',
    'use_parallel_residual',
    'alibi',
    'rope_interleaved',
    'rope_interleave',
    'rope_traditional',
    'rotary_interleaved',
    'attn_temperature_tuning',
    'use_bidirectional_attention',
    'no_rope_layer_interval',
    'attention_chunk_size',
    'use_mup',
  ]),
  ...named(one, [
    'partial_rotary_factor',
    'rotary_pct',
    'residual_multiplier',
    'embedding_multiplier',
    'embedding_scale',
    'scale_emb',
    'logits_scaling',
    'logit_scale',
    'lm_head_multiplier',
  ]),
  ...named(no, [
    'attn_logit_softcapping',
    'final_logit_softcapping',
    'logit_softcap',
    'attention_logit_cap',
    'clip_qkv',
    'scale_depth',
    'quantization_config',
  ]),
  ...named(
    (value) => off(value, {}) || one(value, {}),
    ['num_experts', 'num_local_experts', 'n_routed_experts'],
  ),
  sliding_window: (value, { max_position_embeddings: positions, use_sliding_window: used }) =>
    off(value, {}) || used === false || Number(value) >= Number(positions ?? 2048),
  layer_types: (value) => Array.isArray(value) && value.every((type) => type === 'full_attention'),
  no_rope_layers: (value) => Array.isArray(value) && value.every((used) => used === 1 || used === true),
  query_pre_attn_scalar: (value, document) => value === headSizeOf(document),
  attention_multiplier: (value, document) =>
    Math.abs(Number(value) - 1 / Math.sqrt(headSizeOf(document))) < 1e-9,
  is_causal: (value) => value === true,
};

function named(neutral: Neutral, keys: readonly string[]): Record<string, Neutral> {
  return Object.fromEntries(keys.map((key) => [key, neutral]));
}

/**
 * Checks the keys of a decoded config.json. Returns a function that makes the error for one more key.
 * Throws CONFIG_INVALID with the key, its value and an alternative.
 */
export function checkUnsupportedKeys(decoded: unknown, origin: string): Refuse {
  const refuse: Refuse = (key, why) =>
    new BrineError('CONFIG_INVALID', `${origin}: ${key}: ${why}`, { hint: `${BUILT} ${EXPORT_HINT}` });
  if (typeof decoded !== 'object' || decoded === null) return refuse; // the schema check reports it
  const document = decoded as Document;
  const { model_type: family } = document;
  if (family !== 'llama')
    throw refuse(
      'model_type',
      `Brine does not build the architecture ${JSON.stringify(family) ?? '(missing)'}`,
    );
  for (const [key, neutral] of Object.entries(NEUTRAL)) {
    const value = document[key];
    if (value === undefined || value === null || neutral(value, document)) continue;
    throw refuse(key, `${shortened(JSON.stringify(value))} is not supported`);
  }
  return refuse;
}

function headSizeOf({ head_dim: size, hidden_size: width, num_attention_heads: heads }: Document): number {
  return typeof size === 'number' ? size : Number(width) / Number(heads);
}

function shortened(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 120)} …`;
}

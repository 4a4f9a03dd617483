/**
 * Settings of config.json that change numbers, such as rotary positions: supported, or rejected by
 * key.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { configDocument, parseModelConfig, readModelConfig } from '../../src/model/index.ts';

const { rope_theta: _, ...plain } = configDocument(
  await readModelConfig(join(packageRoot(), 'models', 'micro-tied')),
);
const parsed = (change: Record<string, unknown>) => parseModelConfig({ ...plain, ...change }, 'config.json');

const LLAMA3 = {
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 32,
};
const EXTENDED = {
  kind: 'llama3',
  factor: 8,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalPositions: 32,
};

test('linear and llama3 are read from rope_scaling and rope_parameters, as type and as rope_type', () => {
  for (const place of ['rope_scaling', 'rope_parameters']) {
    for (const key of ['type', 'rope_type']) {
      const linear = parsed({ [place]: { [key]: 'linear', factor: 4 } });
      assert.deepEqual(linear.ropeScaling, { kind: 'linear', factor: 4 });
      assert.deepEqual(parsed({ [place]: { [key]: 'llama3', ...LLAMA3 } }).ropeScaling, EXTENDED);
      assert.equal(parsed({ [place]: { [key]: 'default' } }).ropeScaling, undefined);
    }
  }
  assert.equal(parsed({ rope_scaling: null, rope_parameters: null }).ropeScaling, undefined);
  const both = { type: 'linear', rope_type: 'linear', factor: 2, rope_theta: 500 };
  assert.deepEqual(parsed({ rope_scaling: both }).ropeScaling, { kind: 'linear', factor: 2 });
  for (const change of [{ rope_scaling: both }, { rope_parameters: { rope_type: 'llama3', ...LLAMA3 } }]) {
    const config = parsed(change);
    assert.deepEqual(
      parseModelConfig(configDocument(config), 'again'),
      config,
      'the written configuration is read back unchanged',
    );
  }
});

test('theta is read from the top level and from either object', () => {
  assert.equal(parsed({}).ropeTheta, 10_000);
  assert.equal(parsed({ rope_theta: 5e5 }).ropeTheta, 5e5);
  assert.equal(parsed({ rope_parameters: { rope_type: 'default', rope_theta: 5e5 } }).ropeTheta, 5e5);
  assert.equal(parsed({ rope_scaling: { rope_theta: 500 } }).ropeTheta, 500);
  assert.equal(parsed({ rope_theta: 500, rope_scaling: { rope_theta: 500 } }).ropeTheta, 500);
});

test('unsupported settings that change numbers are rejected by key, with an alternative', () => {
  const refused: [Record<string, unknown>, string][] = [
    [{ rope_scaling: { type: 'yarn', factor: 4 } }, 'rope_scaling.type'],
    [{ rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'rope_scaling.rope_type'],
    [{ rope_scaling: { type: 'dynamic', factor: 4 } }, 'rope_scaling.type'],
    [{ rope_scaling: { type: 'ntk', factor: 4 } }, 'rope_scaling.type'],
    [{ rope_scaling: { type: 'longrope', short_factor: [1], long_factor: [2] } }, 'rope_scaling.type'],
    [{ rope_scaling: { type: 'su' } }, 'rope_scaling.type'],
    [{ rope_scaling: { type: 'mrope', mrope_section: [2, 2] } }, 'rope_scaling.type'],
    [{ rope_scaling: { mrope_section: [2, 2] } }, 'rope_scaling.mrope_section'],
    [{ rope_scaling: { factor: 8 } }, 'rope_scaling.factor'],
    [{ rope_scaling: { type: 'linear' } }, 'rope_scaling.factor'],
    [{ rope_scaling: { type: 'linear', factor: 0 } }, 'rope_scaling.factor'],
    [{ rope_scaling: { type: 'linear', factor: 2, attention_factor: 2 } }, 'rope_scaling.attention_factor'],
    [{ rope_scaling: { type: 'linear', rope_type: 'llama3', ...LLAMA3 } }, 'rope_scaling.type'],
    [{ rope_scaling: { rope_type: 'llama3', factor: 8 } }, 'rope_scaling.low_freq_factor'],
    [{ rope_theta: 100, rope_scaling: { rope_theta: 500 } }, 'rope_scaling.rope_theta'],
    [{ rope_parameters: { type: 'yarn', factor: 4 } }, 'rope_parameters.type'],
    [{ rope_parameters: { rope_type: 'proportional' } }, 'rope_parameters.rope_type'],
    [
      { rope_parameters: { rope_type: 'default', partial_rotary_factor: 0.5 } },
      'rope_parameters.partial_rotary_factor',
    ],
    [{ rope_parameters: { full_attention: { rope_type: 'default' } } }, 'rope_parameters.full_attention'],
    [
      { rope_parameters: { rope_type: 'default' }, rope_scaling: { type: 'linear', factor: 2 } },
      'rope_parameters',
    ],
    [{ rope_scaling: 'linear' }, 'rope_scaling'],
    [{ partial_rotary_factor: 0.25 }, 'partial_rotary_factor'],
    [{ rope_interleaved: true }, 'rope_interleaved'],
    [{ model_type: 'mistral' }, 'model_type'],
    [{ attention_bias: true }, 'attention_bias'],
    [{ mlp_bias: true }, 'mlp_bias'],
    [{ hidden_act: 'gelu_pytorch_tanh' }, 'hidden_act'],
    [{ sliding_window: 16, max_position_embeddings: 32 }, 'sliding_window'],
    [{ layer_types: ['full_attention', 'sliding_attention'] }, 'layer_types'],
    [{ attn_logit_softcapping: 50 }, 'attn_logit_softcapping'],
    [{ final_logit_softcapping: 30 }, 'final_logit_softcapping'],
    [{ query_pre_attn_scalar: 256 }, 'query_pre_attn_scalar'],
    [{ attention_multiplier: 0.1 }, 'attention_multiplier'],
    [{ logits_scaling: 8 }, 'logits_scaling'],
    [{ residual_multiplier: 0.22 }, 'residual_multiplier'],
    [{ use_qk_norm: true }, 'use_qk_norm'],
    [{ num_local_experts: 8 }, 'num_local_experts'],
    [{ quantization_config: { quant_method: 'fp8' } }, 'quantization_config'],
  ];
  for (const [change, key] of refused) {
    assert.throws(
      () => parsed(change),
      (error: Error & { code?: string; hint?: string }) => {
        assert.equal(error.code, 'CONFIG_INVALID');
        assert.ok(error.message.startsWith(`config.json: ${key}:`), `${error.message} names ${key}`);
        if (key !== 'rope_scaling' || typeof change['rope_scaling'] !== 'string')
          assert.match(error.hint ?? '', /model\.onnx/);
        return true;
      },
      JSON.stringify(change),
    );
  }
});

test('neutral values are accepted', () => {
  const expected = parsed({});
  const neutral: Record<string, unknown>[] = [
    { attention_bias: null, mlp_bias: false, hidden_act: 'swish' },
    { sliding_window: null },
    { sliding_window: 4096, max_position_embeddings: expected.maxPositions },
    { sliding_window: 8, use_sliding_window: false },
    { layer_types: ['full_attention', 'full_attention'] },
    { attn_logit_softcapping: null, logits_scaling: 1, partial_rotary_factor: 1 },
    { query_pre_attn_scalar: expected.headSize, attention_multiplier: 1 / Math.sqrt(expected.headSize) },
    { rope_scaling: { type: 'linear', factor: 1, rope_theta: null } },
    { pretraining_tp: 1, use_cache: true, attention_dropout: 0, bos_token_id: 1 },
  ];
  for (const change of neutral) {
    const { ropeScaling, ...config } = parsed(change);
    assert.deepEqual(
      { ...config, ...(ropeScaling?.factor !== 1 && ropeScaling) },
      expected,
      JSON.stringify(change),
    );
  }
});

/**
 * Llama as a graph, equivalent to Hugging Face's LlamaForCausalLM: RMS pre-normalization, rotary
 * positions, grouped-query attention, SwiGLU feed-forward. Internal rows are position-major (row
 * t · B + b); inputs and outputs are batch-major (row b · T + t).
 */
import {
  add,
  fusedMatMul,
  gather,
  mul,
  quickGelu,
  reshape,
  simplifiedLayerNormalization,
  transpose,
  type Value,
} from '../graph/index.ts';
import { BrineError, invariant } from '../base/errors.ts';
import { attention, causalMasks, type AttentionContext } from './attention.ts';
import type { ModelConfig } from './config.ts';
import { EMBEDDING, FINAL_NORM, HEAD, layerNames, parameterSpecs } from './parameters.ts';
import { rotaryTables } from './rotary.ts';

export interface TransformerInputs {
  /** int64 [B, T] */
  readonly tokens: Value;
  /** Parameters by Hugging Face's names. */
  readonly parameters: ReadonlyMap<string, Value>;
}

export interface TransformerOutputs {
  /** Final hidden states after normalization, [N = B·T, d]. Row b · T + t. */
  readonly hidden: Value;
  /** [V, d]; the embedding table if the head is tied. */
  readonly head: Value;
}

/** Adds every parameter as a graph input under its name. */
export function parameterInputs(config: ModelConfig, graph: Value['graph']): Map<string, Value> {
  return new Map(
    parameterSpecs(config).map(({ name, shape }) => [name, graph.input(name, 'float32', shape)]),
  );
}

/** Emits the transformer. Throws BAD_ARGUMENT if T exceeds the model's positions. */
export function transformer(
  config: ModelConfig,
  { tokens, parameters }: TransformerInputs,
): TransformerOutputs {
  const [batch = 0, positions = 0] = tokens.shape;
  if (positions > config.maxPositions) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `rows of ${positions} tokens exceed the ${config.maxPositions} positions of the model`,
      { hint: 'Make rows shorter, or raise max_position_embeddings in config.json.' },
    );
  }
  const weight = (name: string): Value => {
    const value = parameters.get(name);
    invariant(value, `the graph has no parameter ${name}`);
    return value;
  };
  const { graph } = tokens;
  const context = {
    batch,
    positions,
    rotary: rotaryTables(graph, config, { batch, positions }),
    masks: causalMasks(graph, positions),
  };
  let x = reshape(gather(weight(EMBEDDING), transpose(tokens, [1, 0])), [-1, config.hiddenSize]);
  for (let layer = 0; layer < config.layers; layer++) {
    x = block(x, layer, { config, context, weight });
  }
  const normalized = normalize(x, weight(FINAL_NORM), config);
  const byPosition = reshape(normalized, [positions, batch, config.hiddenSize]);
  const hidden = reshape(transpose(byPosition, [1, 0, 2]), [batch * positions, config.hiddenSize]);
  return { hidden, head: weight(config.tieEmbeddings ? EMBEDDING : HEAD) };
}

/** hidden [N, d] and head [V, d] → [N, V] */
export function logits({ hidden, head }: TransformerOutputs): Value {
  return fusedMatMul(hidden, head, { transB: true });
}

interface BlockParts {
  readonly config: ModelConfig;
  readonly context: AttentionContext;
  readonly weight: (name: string) => Value;
}

/** One layer: x [N, d] → [N, d] */
function block(x: Value, layer: number, { config, context, weight }: BlockParts): Value {
  const names = layerNames(layer);
  const attended = attention(
    normalize(x, weight(names.attentionNorm), config),
    {
      query: weight(names.query),
      key: weight(names.key),
      value: weight(names.value),
      output: weight(names.output),
    },
    { config, context },
  );
  const middle = add(x, attended);
  const y = normalize(middle, weight(names.feedForwardNorm), config);
  const gate = fusedMatMul(y, weight(names.gate), { transB: true }); // [N, f]
  const up = fusedMatMul(y, weight(names.up), { transB: true }); // [N, f]
  const gated = mul(quickGelu(gate, { alpha: 1 }), up);
  return add(middle, fusedMatMul(gated, weight(names.down), { transB: true }));
}

function normalize(x: Value, scale: Value, config: ModelConfig): Value {
  return simplifiedLayerNormalization(x, scale, { epsilon: config.normEpsilon })[0];
}

/**
 * Causal self-attention with grouped queries. Rows are position-major, so that a head is a strided matrix which the products
 * read in place (transBatch): nothing is transposed on the way in, and keys and values are not repeated for their group.
 */
import {
  add,
  constant,
  fusedMatMul,
  reshape,
  rotaryEmbedding,
  softmax,
  transpose,
  type Graph,
  type RotaryInputs,
  type Value,
} from '../graph/index.ts';
import type { ModelConfig } from './config.ts';

export interface AttentionContext {
  readonly batch: number;
  readonly positions: number;
  readonly rotary: RotaryInputs;
  /** [T, T]: 0 where a query may look, very negative elsewhere. */
  readonly mask: Value;
}

export interface AttentionWeights {
  readonly query: Value; // [H·D, d]
  readonly key: Value; // [G·D, d]
  readonly value: Value; // [G·D, d]
  readonly output: Value; // [d, H·D]
}

/** Finite, so that no row of scores can become NaN; exp of it is 0. */
const HIDDEN_FROM_VIEW = -1e9;

/** The additive causal mask [T, T]. */
export function causalMask(graph: Graph, positions: number): Value {
  const data = Float32Array.from({ length: positions * positions }, (_, at) =>
    at % positions > Math.floor(at / positions) ? HIDDEN_FROM_VIEW : 0,
  );
  return constant(graph, 'float32', [positions, positions], data);
}

/** x [N, d] → [N, d], the residual not yet added. */
export function attention(
  x: Value,
  weights: AttentionWeights,
  { config, context }: { config: ModelConfig; context: AttentionContext },
): Value {
  const { batch, positions } = context;
  const { heads, keyValueHeads: groups, headSize } = config;
  const rows = batch * positions;
  const project = (weight: Value) => fusedMatMul(x, weight, { transB: true });
  const rotate = (y: Value) => rotaryEmbedding(reshape(y, [rows, 1, -1]), context.rotary);
  const grouped = (y: Value, of: number) => reshape(y, [positions, batch * groups, of, headSize]);

  const q = grouped(rotate(project(weights.query)), heads / groups); // [T, B·G, R, D]
  const k = grouped(rotate(project(weights.key)), 1); // [T, B·G, 1, D]
  const v = grouped(project(weights.value), 1); // [T, B·G, 1, D]

  const scores = fusedMatMul(q, k, {
    alpha: 1 / Math.sqrt(headSize),
    transB: true,
    transBatchA: true,
    transBatchB: true,
  }); // [B·G, R, T, T]
  const probabilities = softmax(add(scores, context.mask));
  const mixed = fusedMatMul(probabilities, v, { transBatchB: true }); // [B·G, R, T, D]
  const gathered = reshape(transpose(mixed, [2, 0, 1, 3]), [rows, heads * headSize]);
  return fusedMatMul(gathered, weights.output, { transB: true });
}

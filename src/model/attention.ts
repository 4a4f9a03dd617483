/**
 * Causal grouped-query attention. Rows are position-major, so each head is a strided matrix that the
 * products read in place (transBatch). Inputs need no transpose, and keys and values are not repeated
 * within their group.
 */
import {
  add,
  concat,
  constant,
  fusedMatMul,
  reshape,
  rotaryEmbedding,
  softmax,
  split,
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
  /** One mask for each block of queries, shared by all layers. */
  readonly masks: readonly Value[];
}

export interface AttentionWeights {
  readonly query: Value; // [H·D, d]
  readonly key: Value; // [G·D, d]
  readonly value: Value; // [G·D, d]
  readonly output: Value; // [d, H·D]
}

/** Score of masked positions. Finite, so that no row of scores becomes NaN; its exp is 0. */
const MASKED_SCORE = -1e9;

/** Minimum queries in a block: products with fewer rows are slow. */
const MIN_BLOCK = 64;

/**
 * Four blocks compute 5/8 of the score matrix, where 1/2 is needed. More blocks would mostly add
 * nodes.
 */
const MAX_BLOCKS = 4;

/** Maps x [N, d] to [N, d], without the residual connection. */
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

  const mixed = attendInBlocks({ q, k, v }, config.headSize, context.masks); // [T, B·G, R, D]
  return fusedMatMul(reshape(mixed, [rows, heads * headSize]), weights.output, { transB: true });
}

interface Heads {
  readonly q: Value; // [T, B·G, R, D]
  readonly k: Value; // [T, B·G, 1, D]
  readonly v: Value; // [T, B·G, 1, D]
}

/**
 * Attends in blocks of queries, each against the keys up to the end of its block, so scores of blocks
 * in the future are never computed. Keys are concatenated from pieces, because the gradient of a
 * concatenation is a split and a few small sums.
 */
function attendInBlocks({ q, k, v }: Heads, headSize: number, masks: readonly Value[]): Value {
  const sizes = blockSizes(q.shape[0]!);
  const pieces = (x: Value) => (sizes.length === 1 ? [x] : split(x, sizes, 0));
  const [keys, values] = [pieces(k), pieces(v)];
  const mixed = pieces(q).map((query, at) => {
    const scores = fusedMatMul(query, concat(keys.slice(0, at + 1), 0), {
      alpha: 1 / Math.sqrt(headSize),
      transB: true,
      transBatchA: true,
      transBatchB: true,
    }); // [B·G, R, block, seen]
    const probabilities = softmax(add(scores, masks[at]!));
    const block = fusedMatMul(probabilities, concat(values.slice(0, at + 1), 0), { transBatchB: true });
    return transpose(block, [2, 0, 1, 3]); // [block, B·G, R, D]
  });
  return concat(mixed, 0);
}

/** Splits T positions into equal blocks; the last one may be shorter. */
function blockSizes(positions: number): number[] {
  const blocks = Math.min(MAX_BLOCKS, Math.ceil(positions / MIN_BLOCK));
  const block = Math.ceil(positions / blocks);
  return Array.from({ length: blocks }, (_, at) => Math.min(block, positions - at * block));
}

/**
 * Additive masks [block, seen], one for each block of queries. A block sees all positions up to its
 * end.
 */
export function causalMasks(graph: Graph, positions: number): Value[] {
  let seen = 0;
  return blockSizes(positions).map((block) => {
    seen += block;
    const before = seen - block;
    const data = new Float32Array(block * seen);
    for (let row = 0; row < block; row++) {
      data.fill(MASKED_SCORE, row * seen + before + row + 1, (row + 1) * seen);
    }
    return constant(graph, 'float32', [block, seen], data);
  });
}

import { BrineError } from '../base/errors.ts';
import {
  add,
  cast,
  clip,
  concat,
  constant,
  cumSum,
  div,
  expand,
  filled,
  floor,
  fusedMatMul,
  gather,
  gatherElements,
  less,
  mul,
  pad,
  range,
  reduceSum,
  reshape,
  scatterElements,
  slice,
  softmax,
  sub,
  topK,
  zeros,
  type Value,
} from '../graph/index.ts';
import { hash32 } from '../base/random.ts';
import type { DrawingRule, LabelRule } from './identity.ts';

/**
 * Drawing labels inside the teacher's graph: from logits [N, V] to ids and weights [N, K], so that the full distribution never
 * leaves ONNX Runtime. `sampled` is systematic sampling: with u from [0, 1), id j is drawn floor(n·CDF_j + u) - floor(n·CDF_{j-1} + u) times, which
 * is n·p_j in the mean over u and never further than 1 from it.
 *
 * Systematic counts nest: the counts of blocks of ids are those of the coarser distribution with the same u. So draw i first finds
 * its block among the blocks' edges, then its id inside; only the blocks that draws fall into are gathered, so passes over the
 * whole vocabulary are two: softmax and the blocks' masses. Every draw finds exactly one id, so the total is exactly n
 * whatever rounding does. Edges between blocks are float64: float32 sums over 256k ids would move draws.
 */
export interface Drawn {
  /** int32 [N, K]; where the weight is 0 the id means nothing. `sampled` gives them ascending, one for each draw. */
  readonly ids: Value;
  /** float32 [N, K]: counts (sampled; those of equal ids add up) or probabilities. */
  readonly weights: Value;
  /** float32 [N]: the mass that was not kept (topk). */
  readonly remaining?: Value;
}

/** How many ids a position can have under a rule. */
export function widthOf(rule: DrawingRule, vocabulary: number): number {
  if (rule.kind === 'context') return 0;
  const wanted = rule.kind === 'sampled' ? rule.draws : rule.kind === 'topk' ? rule.k : vocabulary;
  return Math.min(wanted, vocabulary);
}

const LARGEST_DENSE = 8192;

/**
 * Emits the drawing. `u` is float32 [N] from drawingOffsets and used by `sampled` alone. Throws BAD_ARGUMENT for dense labels over
 * a vocabulary of more than 8192 ids.
 */
export function drawingGraph(logits: Value, rule: LabelRule, u: Value): Drawn {
  const [n, vocabulary] = [logits.shape[0]!, logits.shape[1]!];
  const probabilities = softmax(rule.temperature === 1 ? logits : mul(logits, 1 / rule.temperature));
  if (rule.kind === 'sampled') return drawSystematic(probabilities, rule.draws, u);
  if (rule.kind === 'topk') {
    const [weights, ids] = topK(probabilities, { k: widthOf(rule, vocabulary) });
    const remaining = clip(sub(1, reduceSum(weights, { axes: [1] })), { min: 0, max: 1 });
    return { ids: cast(ids, 'int32'), weights, remaining };
  }
  if (vocabulary > LARGEST_DENSE) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `dense labels over a vocabulary of ${vocabulary} ids are too large`,
      {
        hint: `Use labels.rule sampled or topk; dense is for tests, up to ${LARGEST_DENSE} ids.`,
      },
    );
  }
  const every = reshape(range(logits.graph, { limit: vocabulary, dtype: 'int32' }), [1, vocabulary]);
  return { ids: expand(every, [n, vocabulary]), weights: probabilities };
}

/**
 * u of each position: multiples of 2^-24 in [0, 1), a pure function of (seed, row, position), so that every teacher draws the
 * same labels.
 */
export function drawingOffsets(seed: number, row: number, positions: number): Float32Array {
  const offsets = new Float32Array(positions);
  for (let t = 0; t < positions; t += 1) offsets[t] = (hash32(seed, row, t) >>> 8) / 2 ** 24;
  return offsets;
}

/**
 * Ids in one block. About 32, where passing over all blocks and into one block a draw cost the same; a divisor of the vocabulary
 * if there is one (29 for 50,257), because padding copies every probability.
 */
function blockSize(vocabulary: number): number {
  for (let apart = 0; apart < 16; apart += 1) {
    if (vocabulary % (32 + apart) === 0) return 32 + apart;
    if (vocabulary % (32 - apart) === 0) return 32 - apart;
  }
  return 32;
}

/** probabilities float32 [N, V], u float32 [N]. */
export function drawSystematic(probabilities: Value, draws: number, u: Value): Drawn {
  const [n, vocabulary] = [probabilities.shape[0]!, probabilities.shape[1]!];
  if (draws >= vocabulary) return countEvery(probabilities, draws, u);
  const graph = probabilities.graph;
  const size = blockSize(vocabulary);
  const count = Math.ceil(vocabulary / size);
  const spare = count * size - vocabulary;
  const padded = spare === 0 ? probabilities : pad(probabilities, { before: [0, 0], after: [0, spare] });
  // 1. Edges of blocks on the line from u to n + u; below an edge lie as many draws as it has whole ones.
  const masses = reduceSum(reshape(padded, [n, count, size]), { axes: [2] }); // [N, C]
  const edges = edgesOf(masses, draws, u); // float64 [N, C + 1]
  const below = wholeDraws(slice(edges, { starts: [1], ends: [count + 1], axes: [1] }), draws); // [N, C]
  // 2. The block of draw i = 1 … n is the first with i draws below its upper edge: the number of edges with fewer.
  const edgesWith = scatterElements(zeros(graph, 'float32', [n, draws + 1]), {
    indices: cast(below, 'int64'),
    updates: filled(graph, 'float32', { shape: [n, count], value: 1 }),
    axis: 1,
    reduction: 'add',
  }); // [N, n + 1]: how many edges have exactly k draws below
  const fewer = slice(cumSum(edgesWith, { axis: 1 }), { starts: [0], ends: [draws], axes: [1] });
  const blocks = cast(fewer, 'int64'); // [N, n]
  // 3. How far into its block draw i lies, as a share of the block's mass: in (0, 1].
  const lower = gatherElements(edges, blocks, 1);
  const upper = gatherElements(edges, add(blocks, 1), 1);
  const numbers = cast(reshape(range(graph, { start: 1, limit: draws + 1 }), [1, draws]), 'float64');
  const share = cast(clip(div(sub(numbers, lower), sub(upper, lower)), { max: 1 }), 'float32');
  // 4. Inside: the first id whose sum from the block's start reaches that share; a product is the fastest sum.
  const firstRows = reshape(range(graph, { limit: n * count, step: count }), [n, 1]);
  const inside = gather(reshape(padded, [n * count, size]), reshape(add(blocks, firstRows), [n * draws]), 0);
  // Ids stand in rows and draws in columns, so that what belongs to a draw is broadcast along whole rows.
  const sums = fusedMatMul(triangle(graph, size), inside, { transA: true, transB: true }); // [B, N·n]
  const total = slice(sums, { starts: [size - 1], ends: [size], axes: [0] }); // [1, N·n]
  const reached = mul(reshape(share, [1, n * draws]), total);
  const places = reduceSum(cast(less(sums, reached), 'float32'), { axes: [0] }); // [N·n]
  const ids = add(mul(blocks, size), cast(reshape(places, [n, draws]), 'int64'));
  return {
    ids: cast(ids, 'int32'),
    weights: filled(graph, 'float32', { shape: [n, draws], value: 1 }),
  };
}

/** With as many draws as ids every id is a block of its own. */
function countEvery(probabilities: Value, draws: number, u: Value): Drawn {
  const [n, vocabulary] = [probabilities.shape[0]!, probabilities.shape[1]!];
  const below = wholeDraws(edgesOf(probabilities, draws, u), draws); // [N, V + 1]
  const part = (begin: number) => slice(below, { starts: [begin], ends: [begin + vocabulary], axes: [1] });
  const every = reshape(range(probabilities.graph, { limit: vocabulary, dtype: 'int32' }), [1, vocabulary]);
  return {
    ids: expand(every, [n, vocabulary]),
    weights: cast(sub(part(1), part(0)), 'float32'),
  };
}

/** Masses float32 [N, C] → float64 [N, C + 1]: u, then n·CDF + u, whose last is exactly n + u. */
function edgesOf(masses: Value, draws: number, u: Value): Value {
  const [n, count] = [masses.shape[0]!, masses.shape[1]!];
  const sums = cumSum(cast(masses, 'float64'), { axis: 1 });
  const total = slice(sums, { starts: [count - 1], ends: [count], axes: [1] }); // [N, 1]
  const offset = reshape(cast(u, 'float64'), [n, 1]);
  return concat([offset, add(mul(div(sums, total), draws), offset)], 1);
}

/** How many whole draws lie below an edge. */
function wholeDraws(edges: Value, draws: number): Value {
  return clip(floor(edges), { max: draws });
}

/** [size, size] with 1 where row ≤ column: what is multiplied by it becomes its running sums. */
function triangle(graph: Value['graph'], size: number): Value {
  const ones = Float32Array.from({ length: size * size }, (_, i) =>
    Math.floor(i / size) <= i % size ? 1 : 0,
  );
  return constant(graph, 'float32', [size, size], ones);
}

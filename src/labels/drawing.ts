import { BrineError } from '../base/errors.ts';
import {
  add,
  cast,
  clip,
  concat,
  cumSum,
  div,
  expand,
  floor,
  gather,
  gatherElements,
  greaterOrEqual,
  max,
  mod,
  mul,
  pad,
  range,
  reduceSum,
  reshape,
  slice,
  softmax,
  sub,
  topK,
  where,
  type Value,
} from '../graph/index.ts';
import { hash32 } from '../base/random.ts';
import type { DrawingRule } from './identity.ts';

/**
 * Drawing labels inside the teacher's graph: from logits [N, V] to ids and weights [N, K], so that the full distribution never
 * leaves ONNX Runtime. `sampled` is systematic sampling: with u from [0, 1), id j is drawn floor(n·CDF_j + u) - floor(n·CDF_{j-1} + u) times, which
 * is n·p_j in the mean over u and never further than 1 from it.
 *
 * Systematic counts nest: the counts of blocks of ids are those of the coarser distribution with the same u. So the counts of
 * blocks are made from the blocks' masses, only blocks that were hit (at most n) are gathered, and their draws are dealt
 * inside by their own CDF. Every edge is a monotone function that ends exactly at its block's count, so the total is exactly n
 * whatever rounding does. Edges between blocks are float64: float32 sums over 256k ids would move draws.
 */
export interface Drawn {
  /** int64 [N, K]; where the weight is 0 the id means nothing. Not sorted. */
  readonly ids: Value;
  /** float32 [N, K]: counts (sampled) or probabilities. */
  readonly weights: Value;
  /** float32 [N]: the mass that was not kept (topk). */
  readonly remaining?: Value;
}

/** How many ids a position can have under a rule. */
export function widthOf(rule: DrawingRule, vocabulary: number): number {
  const wanted = rule.kind === 'sampled' ? rule.draws : rule.kind === 'topk' ? rule.k : vocabulary;
  return Math.min(wanted, vocabulary);
}

const LARGEST_DENSE = 8192;

/**
 * Emits the drawing. `u` is float32 [N] from drawingOffsets and used by `sampled` alone. Throws BAD_ARGUMENT for dense labels over
 * a vocabulary of more than 8192 ids.
 */
export function drawingGraph(logits: Value, rule: DrawingRule, u: Value): Drawn {
  const [n, vocabulary] = [logits.shape[0]!, logits.shape[1]!];
  const probabilities = softmax(rule.temperature === 1 ? logits : mul(logits, 1 / rule.temperature));
  if (rule.kind === 'sampled') return drawSystematic(probabilities, rule.draws, u);
  if (rule.kind === 'topk') {
    const [weights, ids] = topK(probabilities, { k: widthOf(rule, vocabulary) });
    const remaining = clip(sub(1, reduceSum(weights, { axes: [1] })), { min: 0, max: 1 });
    return { ids, weights, remaining };
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
  const every = reshape(range(logits.graph, { limit: vocabulary }), [1, vocabulary]);
  return { ids: expand(every, [n, vocabulary]), weights: probabilities };
}

/**
 * u of each position: multiples of 2^-24 in [0, 1), a pure function of (seed, row, position), so that every teacher draws the
 * same labels.
 */
export function drawingOffsets(seed: number, row: number, positions: number): Float32Array {
  return Float32Array.from(
    { length: positions },
    (_, position) => (hash32(seed, row, position) >>> 8) / 2 ** 24,
  );
}

/** Ids in one block: about √(V / n), so that passing over the blocks and into the hit ones costs the same. */
function blockSize(vocabulary: number, draws: number): number {
  const even = Math.sqrt(vocabulary / draws);
  return Math.min(128, Math.max(8, 2 ** Math.round(Math.log2(even))));
}

/** probabilities float32 [N, V], u float32 [N]. */
export function drawSystematic(probabilities: Value, draws: number, u: Value): Drawn {
  const [n, vocabulary] = [probabilities.shape[0]!, probabilities.shape[1]!];
  const size = blockSize(vocabulary, draws);
  const count = Math.ceil(vocabulary / size);
  const hit = Math.min(draws, count);
  const spare = count * size - vocabulary;
  const padded = spare === 0 ? probabilities : pad(probabilities, { before: [0, 0], after: [0, spare] });
  // 1. Edges of blocks on the line from 0 to n, in float64; the last is exactly n.
  const masses = cast(reduceSum(reshape(padded, [n, count, size]), { axes: [2] }), 'float64'); // [N, C]
  const sums = cumSum(masses, { axis: 1 });
  const total = slice(sums, { starts: [count - 1], ends: [count], axes: [1] }); // [N, 1]
  const edges = add(mul(div(sums, total), draws), reshape(cast(u, 'float64'), [n, 1]));
  const ends = clip(floor(edges), { max: draws });
  const [starts, lowerEdges] = [shifted(ends), shifted(edges, reshape(cast(u, 'float64'), [n, 1]))];
  // 2. The blocks that were hit, most draws first; K of them are kept, some with no draws.
  const [blockCounts, blocks] = topK(cast(sub(ends, starts), 'float32'), { k: hit }); // [N, K]
  const rows = reshape(range(probabilities.graph, { limit: n * count, step: count }), [n, 1]);
  const inside = gather(reshape(padded, [n * count, size]), add(blocks, rows), 0); // [N, K, B]
  // 3. Where the block begins behind the last whole draw, and how wide it is, both in draws.
  const lower = gatherElements(sub(lowerEdges, starts), blocks, 1);
  const width = gatherElements(sub(edges, lowerEdges), blocks, 1);
  // 4. Inside: the share of the block's mass up to each id is exactly 1 from its last likely id on.
  const innerSums = cumSum(inside, { axis: 2 });
  const innerTotal = slice(innerSums, { starts: [size - 1], ends: [size], axes: [2] }); // [N, K, 1]
  const share = div(innerSums, max(innerTotal, 1e-37));
  const dealt = floor(add(mul(share, tall(width)), tall(lower)));
  const wanted = reshape(blockCounts, [n, hit, 1]);
  const innerEnds = where(greaterOrEqual(share, 1), wanted, clipTo(dealt, wanted));
  const counts = sub(innerEnds, shifted(innerEnds));
  // 5. At most n ids have draws: those, with their ids.
  const kept = Math.min(draws, hit * size, vocabulary);
  const [weights, places] = topK(reshape(counts, [n, hit * size]), { k: kept }); // [N, n]
  const first = mul(gatherElements(blocks, div(places, size), 1), size);
  return { ids: add(first, mod(places, size)), weights };
}

/** The values moved on by one along the last axis, beginning with `first` or 0. */
function shifted(x: Value, first?: Value): Value {
  const axis = x.shape.length - 1;
  const extent = x.shape[axis]!;
  if (extent === 1 && first !== undefined) return first;
  const before = x.shape.map((_, i) => (i === axis ? 1 : 0));
  const none = x.shape.map(() => 0);
  const most = extent === 1 ? mul(x, 0) : slice(x, { starts: [0], ends: [extent - 1], axes: [axis] });
  if (extent === 1) return most;
  return first === undefined ? pad(most, { before, after: none }) : concat([first, most], axis);
}

/** [N, K] float64 → [N, K, 1] float32. */
function tall(x: Value): Value {
  return reshape(cast(x, 'float32'), [...x.shape, 1]);
}

/** Between 0 and a limit that is broadcast. */
function clipTo(x: Value, limit: Value): Value {
  return max(where(greaterOrEqual(x, limit), limit, x), 0);
}

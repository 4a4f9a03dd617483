import { BrineError } from '../../base/errors.ts';
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
  isNaN,
  less,
  mul,
  range,
  reduceSum,
  reshape,
  scatterElements,
  slice,
  softmax,
  sub,
  topK,
  where,
  zeros,
  type Value,
} from '../../graph/index.ts';
import { hash32 } from '../../base/random.ts';
import { blocksOf, idBlocks, type Blocks } from './blocks.ts';
import type { DrawingRule, LabelRule } from '../identity.ts';

/**
 * Drawn labels of N positions. Labels are drawn inside the teacher's graph, from logits [N, V] to
 * ids and weights [N, K], so that the full distribution never leaves ONNX Runtime.
 *
 * `sampled` is systematic sampling: with u from [0, 1), id j is drawn floor(n·CDF_j + u) -
 * floor(n·CDF_{j-1} + u) times. Its mean over u is n·p_j, and it differs from that by less than 1.
 *
 * Systematic counts nest: the counts of blocks of ids are those of the coarser distribution with
 * the same u. Draw i therefore first finds a group of blocks, then a block of the group, then an id
 * of the block. Only groups and blocks with draws are gathered, so the graph passes over the whole
 * vocabulary twice: for the softmax and for the block masses. Every draw finds exactly one id, so
 * the total is exactly n despite rounding.
 *
 * Rounding: edges between groups (or between few blocks) are float64 sums of float32 masses. Edges
 * inside a group or block are float32 sums from its start, never over the whole vocabulary. Their
 * error is about 2^-24 of a group's mass, for 256k ids as for 4k.
 */
export interface Drawn {
  /** int32 [N, K]; ids of weight 0 are meaningless. `sampled` yields ascending ids, one a draw. */
  readonly ids: Value;
  /** float32 [N, K]: counts (`sampled`; counts of equal ids add up) or probabilities. */
  readonly weights: Value;
  /** float32 [N]: the mass of ids that were not kept (`topk`). */
  readonly remaining?: Value;
}

/** Most ids of a position under a rule. */
export function widthOf(rule: DrawingRule, vocabulary: number): number {
  if (rule.kind === 'context') return 0;
  const wanted = rule.kind === 'sampled' ? rule.draws : rule.kind === 'topk' ? rule.k : vocabulary;
  return Math.min(wanted, vocabulary);
}

const LARGEST_DENSE = 8192;

/**
 * Emits the drawing graph. `u` is float32 [N] from drawingOffsets; only `sampled` uses it. Throws
 * BAD_ARGUMENT for dense labels over a vocabulary of more than 8192 ids.
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
      `dense labels over a vocabulary of ${vocabulary} ids are not supported`,
      {
        hint: `Use labels.rule sampled or topk; dense is for tests, up to ${LARGEST_DENSE} ids.`,
      },
    );
  }
  const every = reshape(range(logits.graph, { limit: vocabulary, dtype: 'int32' }), [1, vocabulary]);
  return { ids: expand(every, [n, vocabulary]), weights: probabilities };
}

/**
 * The u of each position: multiples of 2^-24 in [0, 1), a pure function of (seed, row, position),
 * so that all teachers draw the same labels.
 */
export function drawingOffsets(seed: number, row: number, positions: number): Float32Array {
  const offsets = new Float32Array(positions);
  for (let t = 0; t < positions; t += 1) offsets[t] = (hash32(seed, row, t) >>> 8) / 2 ** 24;
  return offsets;
}

/** Emits systematic sampling from probabilities float32 [N, V] and u float32 [N]. */
export function drawSystematic(probabilities: Value, draws: number, u: Value): Drawn {
  const [n, vocabulary] = [probabilities.shape[0]!, probabilities.shape[1]!];
  if (draws >= vocabulary) return countEvery(probabilities, draws, u);
  const blocks = idBlocks(probabilities);
  const block = amongBlocks(blocks.masses, draws, u);
  const id = inside(blocks, draws, block);
  return {
    ids: reshape(cast(add(mul(block.index, blocks.size), id.index), 'int32'), [n, draws]),
    weights: filled(probabilities.graph, 'float32', { shape: [n, draws], value: 1 }),
  };
}

/** Up to this many edges, one scatter costs less than finding a group first. */
const FEW = 256;

/** Finds the block of each draw; masses float32 [N, C]. */
function amongBlocks(masses: Value, draws: number, u: Value): Places {
  const count = masses.shape[1]!;
  if (count <= FEW) return amongAll(masses, draws, u);
  const groups = blocksOf(masses, Math.round(Math.sqrt(count / 2)));
  const group = amongAll(groups.masses, draws, u);
  const { index, share } = inside(groups, draws, group);
  return { index: add(mul(group.index, groups.size), index), share };
}

/** The places of R = N · n draws among adjacent elements; draw i of row r is at r · n + i. */
interface Places {
  /** int64 [R] */
  readonly index: Value;
  /** float32 [R], in (0, 1]: the draw's offset into the element's mass, as a share of that mass. */
  readonly share: Value;
}

/**
 * Places draws among all masses, float32 [N, C]: draw i = 1 … n falls into the first element with i
 * draws below its upper edge.
 */
function amongAll(masses: Value, draws: number, u: Value): Places {
  const [n, count] = [masses.shape[0]!, masses.shape[1]!];
  const { graph } = masses;
  const edges = edgesOf(masses, draws, u); // float64 [N, C + 1]
  const upperEdges = wholeDraws(slice(edges, { starts: [1], ends: [count + 1], axes: [1] }), draws);
  // NaN edges become the last edge, so that every index stays in range; readers of the columns
  // detect the NaN.
  const below = where(isNaN(upperEdges), draws, upperEdges); // [N, C]
  const edgesWith = scatterElements(zeros(graph, 'float32', [n, draws + 1]), {
    indices: cast(below, 'int64'),
    updates: filled(graph, 'float32', { shape: [n, count], value: 1 }),
    axis: 1,
    reduction: 'add',
  }); // [N, n + 1]: number of edges with exactly k draws below
  const fewer = slice(cumSum(edgesWith, { axis: 1 }), { starts: [0], ends: [draws], axes: [1] });
  const index = cast(fewer, 'int64'); // [N, n]
  const lower = gatherElements(edges, index, 1);
  const upper = gatherElements(edges, add(index, 1), 1);
  const numbers = cast(reshape(range(graph, { start: 1, limit: draws + 1 }), [1, draws]), 'float64');
  const share = cast(div(sub(numbers, lower), sub(upper, lower)), 'float32');
  return { index: reshape(index, [n * draws]), share: reshape(withinOne(share), [n * draws]) };
}

/**
 * Places draws inside their blocks: each takes the first member whose running sum reaches its
 * share.
 */
function inside({ rows, size, count }: Blocks, each: number, { index, share }: Places): Places {
  const { graph } = rows;
  const draws = index.shape[0]!;
  const first = BigInt64Array.from({ length: draws }, (_, i) => BigInt(Math.floor(i / each) * count));
  const own = gather(rows, add(index, constant(graph, 'int64', [draws], first)), 0); // [R, B]
  // Members are rows and draws are columns, so that a draw's values are broadcast along whole rows.
  // A matrix product is the fastest running sum.
  const sums = fusedMatMul(triangle(graph, size), own, { transA: true, transB: true }); // [B, R]
  const total = slice(sums, { starts: [size - 1], ends: [size], axes: [0] }); // [1, R]
  const reached = mul(reshape(share, [1, draws]), total);
  const places = cast(reduceSum(cast(less(sums, reached), 'float32'), { axes: [0] }), 'int64'); // [R]
  const upper = gatherElements(sums, reshape(places, [1, draws]), 0); // [1, R]
  const mass = gatherElements(own, reshape(places, [draws, 1]), 1); // [R, 1]
  const past = div(reshape(sub(upper, reached), [draws]), reshape(mass, [draws]));
  return { index: places, share: withinOne(sub(1, past)) };
}

/** Clips a share that rounding moved out of (0, 1]: a share of 0 would select members without mass. */
function withinOne(share: Value): Value {
  return clip(share, { min: 2 ** -24, max: 1 });
}

/** With at least as many draws as ids, each id is a block. */
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

/**
 * Cumulative edges of masses float32 [N, C]: float64 [N, C + 1], u followed by n·CDF + u. The last
 * edge is exactly n + u.
 */
function edgesOf(masses: Value, draws: number, u: Value): Value {
  const [n, count] = [masses.shape[0]!, masses.shape[1]!];
  const sums = cumSum(cast(masses, 'float64'), { axis: 1 });
  const total = slice(sums, { starts: [count - 1], ends: [count], axes: [1] }); // [N, 1]
  const offset = reshape(cast(u, 'float64'), [n, 1]);
  return concat([offset, add(mul(div(sums, total), draws), offset)], 1);
}

/** The number of whole draws below each edge. */
function wholeDraws(edges: Value, draws: number): Value {
  return clip(floor(edges), { max: draws });
}

/** A [size, size] matrix with 1 where row ≤ column; a product with it yields running sums. */
function triangle(graph: Value['graph'], size: number): Value {
  const ones = Float32Array.from({ length: size * size }, (_, i) =>
    Math.floor(i / size) <= i % size ? 1 : 0,
  );
  return constant(graph, 'float32', [size, size], ones);
}

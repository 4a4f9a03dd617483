import type { ContextColumns } from './context.ts';
import type { LabelColumns } from './columns.ts';
import type { DrawingRule } from '../identity.ts';
import type { RowLabels } from './record.ts';

/** The output of a drawing graph for one row: T positions with K places each. */
export interface DrawnRow {
  readonly row: number;
  readonly positions: number;
  readonly rule: DrawingRule;
  /** [T, K]; K is 0 for the rule `context`. */
  readonly ids: Int32Array;
  /** [T, K]: counts or probabilities; places with weight 0 are empty. */
  readonly weights: Float32Array;
  /** [T] */
  readonly remaining?: Float32Array | undefined;
  readonly trueLogProb: Float32Array;
  readonly trueRank: Float32Array;
  readonly entropy: Float32Array;
}

/**
 * Converts a drawn row into labels: drops empty places, merges equal ids, sorts ids, and turns
 * counts into probability mass.
 */
export function labelsOf(drawn: DrawnRow): RowLabels {
  const context: ContextColumns = {
    trueLogProb: drawn.trueLogProb,
    trueRank: ranksOf(drawn.trueRank),
    entropy: drawn.entropy,
  };
  return { row: drawn.row, positions: drawn.positions, ...columnsOf(drawn), context };
}

function columnsOf(drawn: DrawnRow): LabelColumns {
  const { positions, rule, ids, remaining } = drawn;
  const columns = {
    offsets: new Uint32Array(positions + 1),
    ids: new Uint32Array(ids.length),
    weights: new Float32Array(ids.length),
  };
  const end = rule.kind === 'topk' ? sortInto(columns, drawn) : joinInto(columns, drawn);
  if (rule.kind === 'sampled') for (let i = 0; i < end; i += 1) columns.weights[i]! /= rule.draws;
  return {
    offsets: columns.offsets,
    ids: columns.ids.slice(0, end),
    weights: columns.weights.slice(0, end),
    remaining,
  };
}

type Columns = Required<Pick<LabelColumns, 'offsets' | 'ids' | 'weights'>>;

/**
 * Merges sorted ids, with equal ones adjacent. The loop is branch-free, because repeats are hard to
 * predict.
 */
function joinInto(into: Columns, { positions, ids, weights }: DrawnRow): number {
  const width = ids.length / positions;
  let end = 0;
  for (let t = 0; t < positions; t += 1) {
    let last = -1;
    for (let place = t * width; place < (t + 1) * width; place += 1) {
      const [id, weight] = [ids[place]!, weights[place]!];
      const at = end - Number(id === last);
      into.ids[at] = id;
      into.weights[at]! += weight;
      end = at + Number(weight > 0);
      last = id;
    }
    into.offsets[t + 1] = end;
  }
  return end;
}

/** Sorts a few ids by insertion from the right. */
function sortInto(into: Columns, { positions, ids, weights }: DrawnRow): number {
  const width = ids.length / positions;
  let end = 0;
  for (let t = 0; t < positions; t += 1) {
    const begin = end;
    for (let place = t * width; place < (t + 1) * width; place += 1) {
      const [id, weight] = [ids[place]!, weights[place]!];
      if (weight <= 0) continue;
      let at = end;
      for (; at > begin && into.ids[at - 1]! > id; at -= 1) {
        into.ids[at] = into.ids[at - 1]!;
        into.weights[at] = into.weights[at - 1]!;
      }
      into.ids[at] = id;
      into.weights[at] = weight;
      end += 1;
    }
    into.offsets[t + 1] = end;
  }
  return end;
}

function ranksOf(ranks: Float32Array): Uint16Array {
  const clipped = new Uint16Array(ranks.length);
  for (let t = 0; t < ranks.length; t += 1) clipped[t] = Math.min(65_535, ranks[t]!);
  return clipped;
}

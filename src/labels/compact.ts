import type { ContextColumns } from './context.ts';
import type { LabelColumns } from './columns.ts';
import type { DrawingRule } from './identity.ts';
import type { RowLabels } from './record.ts';

/** What a drawing graph gave for one row: T positions of K places. */
export interface DrawnRow {
  readonly row: number;
  readonly positions: number;
  readonly rule: DrawingRule;
  /** [T, K] */
  readonly ids: BigInt64Array;
  /** [T, K]: counts or probabilities; places with 0 are empty. */
  readonly weights: Float32Array;
  /** [T] */
  readonly remaining?: Float32Array | undefined;
  readonly trueLogProb: Float32Array;
  readonly trueRank: Float32Array;
  readonly entropy: Float32Array;
}

/** The drawn places of a row as labels: empty places dropped, equal ids joined, ids ascending, counts turned into mass. */
export function labelsOf(drawn: DrawnRow): RowLabels {
  const context: ContextColumns = {
    trueLogProb: drawn.trueLogProb,
    trueRank: Uint16Array.from(drawn.trueRank, (rank) => Math.min(65_535, rank)),
    entropy: drawn.entropy,
  };
  return { row: drawn.row, positions: drawn.positions, ...columnsOf(drawn), context };
}

function columnsOf({ positions, rule, ids, weights, remaining }: DrawnRow): LabelColumns {
  const width = ids.length / positions;
  const unit = rule.kind === 'sampled' ? rule.draws : 1;
  const keptIds = new Uint32Array(ids.length);
  const keptWeights = new Float32Array(ids.length);
  const offsets = new Uint32Array(positions + 1);
  let end = 0;
  for (let t = 0; t < positions; t += 1) {
    const begin = end;
    for (let place = t * width; place < (t + 1) * width; place += 1) {
      const weight = weights[place]!;
      if (weight <= 0) continue;
      // Insertion from the right: sampled and dense ids come in order, topk has few.
      const id = Number(ids[place]!);
      let at = end;
      while (at > begin && keptIds[at - 1]! > id) at -= 1;
      if (at > begin && keptIds[at - 1] === id) {
        keptWeights[at - 1]! += weight;
        continue;
      }
      for (let later = end; later > at; later -= 1) {
        keptIds[later] = keptIds[later - 1]!;
        keptWeights[later] = keptWeights[later - 1]!;
      }
      keptIds[at] = id;
      keptWeights[at] = weight;
      end += 1;
    }
    offsets[t + 1] = end;
  }
  if (unit !== 1) for (let i = 0; i < end; i += 1) keptWeights[i]! /= unit;
  return { offsets, ids: keptIds.slice(0, end), weights: keptWeights.slice(0, end), remaining };
}

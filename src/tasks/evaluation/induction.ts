import { Random, hashText } from '../../base/random.ts';
import type { EvaluationModel } from '../../student/program/evaluation.ts';
import { positionAt } from './evaluate-set.ts';
import { batchesOf, predictRows } from './predict-rows.ts';
import { Tally } from './tally.ts';

/**
 * Results of the induction probe (Olsson et al. 2022, arXiv 2209.11895): rows of random ids whose
 * second half repeats the first. Only a model that copies from its context can predict the repetition.
 */
export interface InductionReport {
  readonly rows: number;
  /** Ids that are drawn and then repeated. */
  readonly length: number;
  readonly seed: number;
  /** Mean loss where ids are random, nats. */
  readonly firstLoss: number;
  /** Mean loss on the repetition without its first id, which nothing announces, nats. */
  readonly loss: number;
  /** Share of these ids that the model predicts, 0 … 1. */
  readonly accuracy: number;
}

export interface InductionOptions {
  readonly rows: number;
  readonly seed: number;
  /** Ids to draw from. */
  readonly ids: ArrayLike<number>;
  /** T, at least 3: a row has (T + 1) / 2 random ids, rounded down, twice. */
  readonly positions: number;
  /** Rows of a batch. */
  readonly batch: number;
  readonly observe: (rows: number) => void;
}

/** Rows of the probe, T + 1 ids each; with an odd number of ids, the last one continues the pattern. */
export function* inductionRows({
  rows,
  seed,
  ids,
  positions,
}: Pick<InductionOptions, 'rows' | 'seed' | 'ids' | 'positions'>): Generator<Uint32Array> {
  const length = Math.floor((positions + 1) / 2);
  for (let row = 0; row < rows; row += 1) {
    const random = new Random(seed, hashText('induction'), row);
    const drawn = Uint32Array.from({ length }, () => ids[random.integer(ids.length)]!);
    yield Uint32Array.from({ length: positions + 1 }, (_, at) => drawn[at % length]!);
  }
}

/** Runs the probe. Throws ENGINE_FAILED. */
export async function probeInduction(
  model: EvaluationModel,
  options: InductionOptions,
): Promise<InductionReport> {
  const { rows, seed, positions, batch, observe } = options;
  const length = Math.floor((positions + 1) / 2);
  const [first, second] = [new Tally(), new Tally()];
  let done = 0;
  for await (const part of batchesOf(inductionRows(options), batch)) {
    const found = await predictRows(model, part);
    for (const [at, ids] of part.entries()) {
      for (let label = 1; label < 2 * length; label += 1) {
        const position = positionAt(found, at * positions + label - 1, ids[label]!, undefined);
        if (label < length) first.add(position);
        else if (label > length) second.add(position);
      }
    }
    done += part.length;
    observe(done);
  }
  const { loss, accuracy } = second.metrics();
  return { rows, length, seed, firstLoss: first.metrics().loss, loss, accuracy };
}

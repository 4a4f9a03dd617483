import { BrineError } from '../../base/errors.ts';
import type { EvaluationModel } from '../../student/program/evaluation.ts';
import { modelNotFinite } from '../../model/index.ts';
import { DifficultyCollector, type Difficulty } from './difficulty.ts';
import type { EvaluationRow } from './evaluation-row.ts';
import type { EvaluationSet } from './evaluation-set.ts';
import { batchesOf, predictRows, type RowPredictions } from './predict-rows.ts';
import { Tally, type Metrics, type Position } from './tally.ts';

/** The metrics of a held-out set. */
export interface SetReport extends Metrics {
  readonly name: string;
  readonly path: string;
  readonly rows: number;
  /** T: positions of a row. */
  readonly rowLength: number;
  /** The metrics of each source, with the most tokens first. Absent if rows have no sources. */
  readonly sources?: readonly SourceReport[];
  /** Broken records that were skipped. Absent for token sets. */
  readonly skippedRecords?: number;
  /** Comparison with a reference model, if there is one. */
  readonly reference?: Difficulty;
}

export interface SourceReport extends Metrics {
  readonly source: string;
}

export interface SetModels {
  readonly folder: string;
  readonly model: EvaluationModel;
  readonly reference: { readonly folder: string; readonly model: EvaluationModel } | undefined;
}

export interface SetOptions {
  /** Rows of a batch. */
  readonly batch: number;
  /** UTF-8 bytes of each id; undefined if the tokenizer is unknown. */
  readonly bytes: Uint32Array | undefined;
  /** Called after each batch with the number of rows so far. An error that it throws ends the evaluation. */
  readonly observe: (rows: number) => void;
}

/**
 * Evaluates a set. Throws CORPUS_EMPTY for a set without tokens, MODEL_NOT_FINITE, ENGINE_FAILED, and as
 * the set's rows.
 */
export async function evaluateSet(
  set: EvaluationSet,
  { folder, model, reference }: SetModels,
  { batch, bytes, observe }: SetOptions,
): Promise<SetReport> {
  const tallies = new SetTallies(bytes, reference !== undefined);
  let rows = 0;
  for await (const part of batchesOf(set.rows(), batch)) {
    const ids = part.map((row) => row.ids);
    const found = await predictRows(model, ids);
    const other = reference && (await predictRows(reference.model, ids));
    for (const [at, row] of part.entries()) tallies.add(row, { found, other, offset: at * set.positions });
    rows += part.length;
    observe(rows);
  }
  const { name, path, positions: rowLength } = set;
  if (rows === 0) {
    throw new BrineError('CORPUS_EMPTY', `the evaluation set ${name} (${path}) has no tokens`, {
      hint: 'Name a set with text.',
    });
  }
  const report = { name, path, rows, rowLength, ...tallies.report(set.sources()) };
  const what = (loss: number) => `its loss over ${rows} rows of ${name} is ${loss}`;
  if (!Number.isFinite(report.loss)) throw modelNotFinite(folder, what(report.loss));
  if (reference && !Number.isFinite(report.reference?.loss))
    throw modelNotFinite(reference.folder, what(report.reference?.loss ?? NaN));
  const faults = set.faults();
  return { ...report, ...(faults !== undefined && { skippedRecords: faults.total }) };
}

interface RowResult {
  readonly found: RowPredictions;
  readonly other: RowPredictions | undefined;
  /** Index of the row's first position. */
  readonly offset: number;
}

/** The tallies of a set, of its sources, and the comparison with a reference. */
class SetTallies {
  readonly #whole = new Tally();
  readonly #bySource: Tally[] = [];
  readonly #difficulty: DifficultyCollector | undefined;
  readonly #bytes: Uint32Array | undefined;

  constructor(bytes: Uint32Array | undefined, compares: boolean) {
    this.#bytes = bytes;
    this.#difficulty = compares ? new DifficultyCollector() : undefined;
  }

  add({ ids, counted, sources }: EvaluationRow, { found, other, offset }: RowResult): void {
    for (let t = 0; t < counted; t += 1) {
      const position = positionAt(found, offset + t, ids[t + 1]!, this.#bytes);
      this.#whole.add(position);
      if (sources !== undefined) (this.#bySource[sources[t]!] ??= new Tally()).add(position);
      if (other !== undefined) {
        const reference = {
          loss: -other.logProbability[offset + t]!,
          entropy: other.entropy[offset + t]!,
        };
        this.#difficulty?.add(position.loss, reference);
      }
    }
  }

  report(names: readonly string[]): Metrics & Pick<SetReport, 'sources' | 'reference'> {
    const sources = this.#bySource
      .map((tally, at) => ({ source: names[at]!, ...tally.metrics() }))
      .toSorted((a, b) => b.tokens - a.tokens);
    return {
      ...this.#whole.metrics(),
      ...(sources.length > 0 && { sources }),
      ...(this.#difficulty && { reference: this.#difficulty.difficulty() }),
    };
  }
}

/** A position with non-finite logits is not correct. */
export function positionAt(
  found: RowPredictions,
  at: number,
  label: number,
  bytes: Uint32Array | undefined,
): Position {
  const logProbability = found.logProbability[at]!;
  return {
    loss: -logProbability,
    correct: found.choice[at] === label && Number.isFinite(logProbability),
    confidence: found.confidence[at]!,
    entropy: found.entropy[at]!,
    bytes: bytes?.[label],
  };
}

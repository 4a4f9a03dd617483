/**
 * One rank's batches, made ready ahead of the steps that train them: its share of the rows, their labels where the
 * plan asks for labels, and the targets. Labels are asked for several steps ahead; plain steps never touch their source.
 */
import { sha256 } from '../../base/checksum.ts';
import { BrineError } from '../../base/errors.ts';
import type { TokenSet } from '../../data/tokens/token-set.ts';
import type { RowLabels } from '../../labels/record/record.ts';
import type { Rest } from '../../loss/index.ts';
import type { StepEvent } from './events.ts';
import { planSteps, rowsAt, weightAt, type DataOrder } from './plan.ts';
import { batchTargets, type BatchTargets } from './targets.ts';

/** What a batch needs of a label client. */
export interface LabelSource {
  /** The labels of these rows, in this order; undefined for a row that has none and is trained on its true ids alone. */
  fetch(rows: readonly number[]): Promise<readonly (RowLabels | undefined)[]>;
  /** Says which rows will be fetched next. */
  prefetch(rows: readonly number[]): void;
  /** Says which of those will not be fetched after all. */
  forget(rows: readonly number[]): void;
}

/** The place of a rank on the present ring. */
export interface Place {
  readonly rank: number;
  readonly ranks: number;
}

export interface BatchOptions extends Place {
  readonly dataOrder: DataOrder;
  /** Rows of a micro-batch. */
  readonly microRows: number;
  readonly tokens: Pick<TokenSet, 'read'>;
  readonly labels?: LabelSource | undefined;
  /** K of steps with labels. */
  readonly targetWidth: number;
  /** What becomes of a label's remaining mass. Default renormalise. */
  readonly rest?: Rest | undefined;
  /** How many steps ahead labels are asked for. */
  readonly prefetchSteps: number;
}

export interface Batch {
  readonly step: number;
  readonly weight: number;
  /** How many of the global batch's rows come before this rank's share, and how many are in it. */
  readonly firstRow: number;
  readonly rows: number;
  readonly targets: BatchTargets;
  /** What the step's event says of the labels, where the step used some. */
  readonly labelled?: Pick<StepEvent, 'labels' | 'plainRows'> | undefined;
}

/** Where one rank's share of so many rows begins and ends: dealt out in whole units, so that shares differ by one unit at most. */
export function spanOf(rows: number, { rank, ranks }: Place, unit = 1): { begin: number; end: number } {
  const units = rows / unit;
  const before = (place: number) => unit * Math.floor((place * units) / ranks);
  return { begin: before(rank), end: before(rank + 1) };
}

/** The rows of one rank: a contiguous share of all. */
export function shareOf<T>(rows: readonly T[], place: Place, unit = 1): T[] {
  const { begin, end } = spanOf(rows.length, place, unit);
  return rows.slice(begin, end);
}

/** How many micro-batches a global batch is dealt out in. Throws CONFIG_INVALID when some of so many ranks would have none. */
export function partsOf(
  batchRows: number,
  { microRows, ranks }: { microRows: number; ranks: number },
): number {
  const parts = batchRows / microRows;
  if (Number.isInteger(parts) && ranks <= parts) return parts;
  throw new BrineError(
    'CONFIG_INVALID',
    `${ranks} ranks cannot share a batch of ${batchRows} rows in micro-batches of ${microRows}`,
    { hint: 'Use a larger batch, smaller micro-batches or fewer ranks.' },
  );
}

/** Rows of one micro-batch of a whole ring. Throws CONFIG_INVALID when the global batch cannot be shared evenly. */
export function microBatchRows(batchRows: number, ranks: number, microBatches: number): number {
  if (ranks > batchRows) {
    throw new BrineError('CONFIG_INVALID', `${ranks} ranks cannot share a batch of ${batchRows} rows`, {
      hint: `Use ${batchRows} ranks at most, or a larger batch.`,
    });
  }
  const rows = batchRows / (ranks * microBatches);
  if (Number.isInteger(rows)) return rows;
  throw new BrineError(
    'CONFIG_INVALID',
    `a batch of ${batchRows} rows does not divide into ${ranks} ranks of ${microBatches} micro-batches`,
    { hint: `Make the batch a multiple of ${ranks * microBatches} rows.` },
  );
}

export class BatchFeed {
  readonly #options: BatchOptions;
  readonly #steps: number;
  #place: Place;
  /** The first step whose labels were not asked for yet. */
  #asked: number;

  /** Begins at step `from`. */
  constructor(options: BatchOptions, from: number) {
    this.#options = options;
    this.#steps = planSteps(options.dataOrder.plan);
    this.#place = options;
    this.#asked = from;
  }

  /** From step `step` on the rank has the share of another place. Labels that were asked for and are no more its own are let go. */
  sit(place: Place, step: number): void {
    const { dataOrder, labels } = this.#options;
    const ahead = Array.from({ length: Math.max(0, this.#asked - step) }, (_, i) => step + i);
    const asked = () => ahead.flatMap((at) => (weightAt(dataOrder.plan, at) > 0 ? this.#rows(at) : []));
    const before = asked();
    this.#place = place;
    const own = new Set(asked());
    const foreign = before.filter((row) => !own.has(row));
    if (foreign.length > 0) labels?.forget(foreign);
    this.#asked = step;
  }

  /** The batch of a step; steps come in order. Rejects as the token set and the label source do. */
  async at(step: number): Promise<Batch> {
    const { dataOrder, tokens, targetWidth, rest } = this.#options;
    const weight = weightAt(dataOrder.plan, step);
    const rows = this.#rows(step);
    const { begin: firstRow } = spanOf(dataOrder.batchRows, this.#place, this.#options.microRows);
    const share = { firstRow, rows: rows.length };
    const ids = rows.map((row) => tokens.read(row));
    this.#askAhead(step);
    if (weight === 0) return { step, weight, ...share, targets: batchTargets(ids, [], { weight, width: 1 }) };
    const labels = await this.#source().fetch(rows);
    const targets = batchTargets(ids, labels, { weight, width: targetWidth, rest });
    const plainRows = labels.filter((own) => own === undefined).length;
    const labelled = { labels: hashLabels(labels), ...(plainRows > 0 && { plainRows }) };
    return { step, weight, ...share, targets, labelled };
  }

  #askAhead(step: number): void {
    const { dataOrder, prefetchSteps } = this.#options;
    const end = Math.min(this.#steps, step + 1 + prefetchSteps);
    for (; this.#asked < end; this.#asked += 1) {
      if (this.#asked <= step || weightAt(dataOrder.plan, this.#asked) === 0) continue;
      this.#source().prefetch(this.#rows(this.#asked));
    }
  }

  #rows(step: number): number[] {
    return shareOf(rowsAt(this.#options.dataOrder, step), this.#place, this.#options.microRows);
  }

  #source(): LabelSource {
    const { labels } = this.#options;
    if (labels) return labels;
    throw new BrineError('CONFIG_INVALID', 'the plan distils, and the run has no label cache', {
      hint: 'Name a teacher or a filled cache to replay, or use a plain plan.',
    });
  }
}

/** Hash of the labels' columns, in the order of the rows. */
function hashLabels(labels: readonly (RowLabels | undefined)[]): string {
  const columns = labels.flatMap((own) =>
    own ? [own.offsets, own.ids, own.weights, ...(own.remaining ? [own.remaining] : [])] : [],
  );
  return sha256(
    ...columns.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  );
}

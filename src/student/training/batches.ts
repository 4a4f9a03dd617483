/**
 * One rank's batches, prepared before the steps that train them: its share of the rows, their
 * labels where the plan distils, and the targets. Labels are prefetched several steps ahead. Plain
 * steps do not use the label source.
 */
import { sha256 } from '../../base/checksum.ts';
import { BrineError } from '../../base/errors.ts';
import type { TokenSet } from '../../data/tokens/token-set.ts';
import type { RowLabels } from '../../labels/record/record.ts';
import { labelWidth, restTreatment, type Place, type StepShape } from '../program/step-shape.ts';
import { Teaching } from '../rules/teaching.ts';
import type { StepEvent } from './events.ts';
import { planSteps, rowsAt, smoothingAt, type DataOrder } from './plan.ts';
import { batchTargets, type BatchTargets, type TeacherShare } from './targets.ts';

/** The part of a label client that batches use. */
export interface LabelSource {
  /**
   * The labels of these rows, in order. A row without labels is undefined and is trained on hard
   * labels only.
   */
  fetch(rows: readonly number[]): Promise<readonly (RowLabels | undefined)[]>;
  /** Announces rows that will be fetched next. */
  prefetch(rows: readonly number[]): void;
  /** Withdraws announced rows that will not be fetched. */
  forget(rows: readonly number[]): void;
}

interface BatchOptions {
  /** The first place in the ring. */
  readonly place: Place;
  readonly dataOrder: DataOrder;
  readonly shape: Pick<StepShape, 'rows' | 'targetWidths' | 'rest' | 'smooths'>;
  readonly tokens: Pick<TokenSet, 'read'>;
  readonly labels?: LabelSource | undefined;
  /** The teaching at the first step. Default: that of the plan, without rules that compare. */
  readonly teaching?: Teaching | undefined;
  /** Number of steps that labels are prefetched ahead. */
  readonly prefetchSteps: number;
}

export interface Batch {
  readonly step: number;
  readonly weight: number;
  /** Rows of the global batch before this rank's share, and rows in the share. */
  readonly firstRow: number;
  readonly rows: number;
  readonly targets: BatchTargets;
  readonly share: TeacherShare;
  /** Label fields of the step's event; only if the step used labels. */
  readonly labelled?: Pick<StepEvent, 'labels' | 'plainRows'> | undefined;
}

/**
 * The range of one rank's share of `rows` rows. Shares are whole units and differ by at most one
 * unit.
 */
export function spanOf(rows: number, { rank, ranks }: Place, unit = 1): { begin: number; end: number } {
  const units = rows / unit;
  const before = (place: number) => unit * Math.floor((place * units) / ranks);
  return { begin: before(rank), end: before(rank + 1) };
}

/** One rank's contiguous share of the rows. */
export function shareOf<T>(rows: readonly T[], place: Place, unit = 1): T[] {
  const { begin, end } = spanOf(rows.length, place, unit);
  return rows.slice(begin, end);
}

/**
 * Number of micro-batches in a global batch. Throws CONFIG_INVALID if it is not an integer, or less
 * than the number of ranks.
 */
export function microBatchCount(
  batchRows: number,
  { microRows, ranks }: { microRows: number; ranks: number },
): number {
  const count = batchRows / microRows;
  if (Number.isInteger(count) && ranks <= count) return count;
  throw new BrineError(
    'CONFIG_INVALID',
    `${ranks} ranks cannot share a batch of ${batchRows} rows in micro-batches of ${microRows}`,
    { hint: 'Use a larger batch, smaller micro-batches or fewer ranks.' },
  );
}

/**
 * Rows of one micro-batch of a full ring. Throws CONFIG_INVALID if the global batch does not divide
 * evenly.
 */
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
  #teaching: Teaching;
  /** The first step whose labels have not been prefetched. */
  #prefetched: number;
  /** A batch prepared while the engine computes. */
  #next: { readonly step: number; readonly batch: Promise<Batch> } | undefined;

  /** Begins at step `from`. */
  constructor(options: BatchOptions, from: number) {
    this.#options = options;
    this.#steps = planSteps(options.dataOrder.plan);
    this.#place = options.place;
    this.#teaching = options.teaching ?? new Teaching(options.dataOrder.plan);
    this.#prefetched = from;
  }

  /**
   * Gives the rank the share of another place from step `step` on. Withdraws prefetched labels that
   * are no longer its own.
   */
  moveTo(place: Place, step: number): void {
    this.#withdrawing(step, () => {
      this.#place = place;
      this.#next = undefined;
    });
    this.#prefetched = step;
  }

  /** The teaching of the steps that are not prepared yet. */
  get teaching(): Teaching {
    return this.#teaching;
  }

  /**
   * Changes the teaching after an evaluation or a measurement at `step`. It must not change that
   * step, whose batch may be prepared. Withdraws prefetched labels that are no longer needed.
   */
  teach(teaching: Teaching, step: number): void {
    if (teaching === this.#teaching) return;
    this.#withdrawing(step, () => {
      this.#teaching = teaching;
    });
  }

  #withdrawing(step: number, change: () => void): void {
    const ahead = Array.from({ length: Math.max(0, this.#prefetched - step) }, (_, i) => step + i);
    const labelled = () => ahead.flatMap((at) => (this.#teaching.weightAt(at) > 0 ? this.#rows(at) : []));
    const before = labelled();
    change();
    const own = new Set(labelled());
    const needless = before.filter((row) => !own.has(row));
    if (needless.length > 0) this.#options.labels?.forget(needless);
  }

  /**
   * The batch of a step: the prepared one, or a new one if the step is repeated. Rejects as the
   * token set and the label source do.
   */
  take(step: number): Promise<Batch> {
    return this.#next?.step === step ? this.#next.batch : this.#make(step);
  }

  /** Prepares the batch of the next step in the background. `take` rejects with its error. */
  prepare(step: number): void {
    if (this.#next?.step === step || step === this.#steps) return;
    const batch = this.#make(step);
    batch.catch(() => undefined);
    this.#next = { step, batch };
  }

  async #make(step: number): Promise<Batch> {
    const { dataOrder, tokens, shape } = this.#options;
    const teaching = this.#teaching;
    const weight = this.#teaching.weightAt(step);
    const rows = this.#rows(step);
    const { begin: firstRow } = spanOf(dataOrder.batchRows, this.#place, shape.rows);
    const span = { firstRow, rows: rows.length };
    const ids = rows.map((row) => tokens.read(row));
    this.#prefetchAhead(step);
    if (weight === 0) {
      const smoothing = smoothingAt(dataOrder.plan, step);
      const hard = batchTargets(ids, [], { weight, smoothing, width: 1, rest: restTreatment(shape, 1) });
      return { step, weight, ...span, ...split(hard) };
    }
    const labels = await this.#source().fetch(rows);
    const width = labelWidth(shape);
    const targets = batchTargets(ids, labels, {
      weight,
      listen: (own) => teaching.weights(step, own),
      width,
      rest: restTreatment(shape, width),
    });
    const plainRows = labels.filter((own) => own === undefined).length;
    const labelled = { labels: hashLabels(labels), ...(plainRows > 0 && { plainRows }) };
    return { step, weight, ...span, ...split(targets), labelled };
  }

  #prefetchAhead(step: number): void {
    const { prefetchSteps } = this.#options;
    const end = Math.min(this.#steps, step + 1 + prefetchSteps);
    for (; this.#prefetched < end; this.#prefetched += 1) {
      if (this.#prefetched <= step || this.#teaching.weightAt(this.#prefetched) === 0) continue;
      this.#source().prefetch(this.#rows(this.#prefetched));
    }
  }

  #rows(step: number): number[] {
    return shareOf(rowsAt(this.#options.dataOrder, step), this.#place, this.#options.shape.rows);
  }

  #source(): LabelSource {
    const { labels } = this.#options;
    if (labels) return labels;
    throw new BrineError('CONFIG_INVALID', 'the plan distils, but the run has no label cache', {
      hint: 'Name a teacher, replay a filled cache, or use a plain plan.',
    });
  }
}

/** The targets, which move to another thread, and what is known of them. */
function split({ share, ...targets }: ReturnType<typeof batchTargets>): Pick<Batch, 'targets' | 'share'> {
  return { targets, share };
}

/** SHA-256 of the labels' columns, in the order of the rows. */
function hashLabels(labels: readonly (RowLabels | undefined)[]): string {
  const columns = labels.flatMap((own) =>
    own ? [own.offsets, own.ids, own.weights, ...(own.remaining ? [own.remaining] : [])] : [],
  );
  return sha256(
    ...columns.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  );
}

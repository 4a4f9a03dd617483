/**
 * One rank's batches, made ready ahead of the steps that train them: its share of the rows, their labels where the
 * plan asks for labels, and the targets. Labels are asked for several steps ahead; plain steps never touch their source.
 */
import { sha256 } from '../base/checksum.ts';
import { BrineError } from '../base/errors.ts';
import type { TokenSet } from '../data/token-set.ts';
import type { LabelClient } from '../labels/client.ts';
import type { RowLabels } from '../labels/record.ts';
import { planSteps, rowsAt, weightAt, type Course } from './plan.ts';
import { batchTargets, type BatchTargets } from './targets.ts';

/** What a batch needs of a label client. */
export type LabelSource = Pick<LabelClient, 'fetch' | 'prefetch'>;

export interface Place {
  readonly rank: number;
  readonly ranks: number;
}

export interface BatchOptions extends Place {
  readonly course: Course;
  readonly tokens: Pick<TokenSet, 'read'>;
  readonly labels?: LabelSource | undefined;
  /** K of steps with labels. */
  readonly targetWidth: number;
  /** How many steps ahead labels are asked for. */
  readonly prefetchSteps: number;
}

export interface Batch {
  readonly step: number;
  readonly weight: number;
  readonly targets: BatchTargets;
  /** Hash of the labels' columns, in the order of the rows. */
  readonly labels?: string | undefined;
}

/** The rows of one rank: a contiguous share of the global batch. */
export function shareOf<T>(rows: readonly T[], { rank, ranks }: Place): T[] {
  return rows.slice(Math.floor((rank * rows.length) / ranks), Math.floor(((rank + 1) * rows.length) / ranks));
}

/** Rows of one micro-batch. Throws CONFIG_INVALID when the global batch cannot be shared evenly. */
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
  /** The first step whose labels were not asked for yet. */
  #asked: number;

  /** Begins at step `from`. */
  constructor(options: BatchOptions, from: number) {
    this.#options = options;
    this.#steps = planSteps(options.course.plan);
    this.#asked = from;
  }

  /** The batch of a step; steps come in order. Rejects as the token set and the label source do. */
  async at(step: number): Promise<Batch> {
    const { course, tokens, targetWidth } = this.#options;
    const weight = weightAt(course.plan, step);
    const rows = shareOf(rowsAt(course, step), this.#options);
    const ids = rows.map((row) => tokens.read(row));
    this.#askAhead(step);
    if (weight === 0) return { step, weight, targets: batchTargets(ids, [], { weight, width: 1 }) };
    const labels = await this.#source().fetch(rows);
    const targets = batchTargets(ids, labels, { weight, width: targetWidth });
    return { step, weight, targets, labels: hashLabels(labels) };
  }

  #askAhead(step: number): void {
    const { course, prefetchSteps } = this.#options;
    const end = Math.min(this.#steps, step + 1 + prefetchSteps);
    for (; this.#asked < end; this.#asked += 1) {
      if (this.#asked <= step || weightAt(course.plan, this.#asked) === 0) continue;
      this.#source().prefetch(shareOf(rowsAt(course, this.#asked), this.#options));
    }
  }

  #source(): LabelSource {
    const { labels } = this.#options;
    if (labels) return labels;
    throw new BrineError('CONFIG_INVALID', 'the plan distils, and the run has no label cache', {
      hint: 'Name a teacher or a filled cache to replay, or use a plain plan.',
    });
  }
}

function hashLabels(labels: readonly RowLabels[]): string {
  const columns = labels.flatMap(({ offsets, ids, weights }) => [offsets, ids, weights]);
  return sha256(
    ...columns.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  );
}

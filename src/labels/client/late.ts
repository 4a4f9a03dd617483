import { BrineError } from '../../base/errors.ts';
import type { LabelStats } from '../protocol/message-parts.ts';

/** The errors of labels that are not there, with what a person needs to know: who draws, how fast, and what to do. */
export interface Wanted {
  readonly rows: readonly number[];
  /** Of all servers. */
  readonly endpoints: readonly string[];
}

/** LABELS_LATE. Without stats the cache does not answer. */
export function lateError({ rows, endpoints }: Wanted, deadlineMs: number, stats?: LabelStats): BrineError {
  const cache = endpoints.join(',');
  const what = `labels of rows ${listed(rows)} did not arrive from ${cache} within ${deadlineMs / 1000} s`;
  if (stats === undefined) {
    return new BrineError('LABELS_LATE', `${what}: the cache does not answer`, {
      hint: 'Look into the log of the cache; its process may have died.',
    });
  }
  const { teachersAlive, rowsPerSecond, tokensPerSecond, rowsAhead } = stats;
  const pool = `${teachersAlive} teachers alive, ${rowsPerSecond.toFixed(1)} rows/s (${Math.round(tokensPerSecond)} tokens/s), ${rowsAhead} rows ahead`;
  const hint =
    teachersAlive === 0
      ? `Attach a teacher: brine teacher --cache ${cache}`
      : `Attach more teachers (brine teacher --cache ${cache}), distil on smaller batches, or say labels.onMissing: plain.`;
  return new BrineError('LABELS_LATE', `${what}: ${pool}`, { hint });
}

/** LABEL_MISSING: nobody draws at this cache. */
export function missingError({ rows, endpoints }: Wanted): BrineError {
  return new BrineError(
    'LABEL_MISSING',
    `the label cache at ${endpoints.join(',')} has no label for ${rows.length} rows (${listed(rows)})`,
    {
      hint: 'This run asks for rows that the recorded run did not label: use the same data, plan and selection, draw labels without --replay, or say labels.onMissing: plain.',
    },
  );
}

/** The sums of several servers of one cache. */
export function together(parts: readonly LabelStats[]): LabelStats {
  const sum = (of: (stats: LabelStats) => number) => parts.reduce((total, stats) => total + of(stats), 0);
  return {
    // A teacher works for all servers.
    teachersAlive: Math.max(0, ...parts.map(({ teachersAlive }) => teachersAlive)),
    rowsPerSecond: sum(({ rowsPerSecond }) => rowsPerSecond),
    tokensPerSecond: sum(({ tokensPerSecond }) => tokensPerSecond),
    rowsAhead: sum(({ rowsAhead }) => rowsAhead),
    hits: sum(({ hits }) => hits),
    misses: sum(({ misses }) => misses),
    stored: sum(({ stored }) => stored),
    conflicts: sum(({ conflicts }) => conflicts),
    replay: parts.every(({ replay }) => replay),
  };
}

function listed(rows: readonly number[]): string {
  return rows.slice(0, 4).join(', ') + (rows.length > 4 ? ', …' : '');
}

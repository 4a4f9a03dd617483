import { BrineError } from '../../base/errors.ts';
import type { LabelStats } from '../protocol/message-parts.ts';

/** The rows of a failed fetch. The errors name the labelling throughput and what to do. */
export interface MissingRows {
  readonly rows: readonly number[];
  /** Endpoints of all servers. */
  readonly endpoints: readonly string[];
}

/** Builds LABELS_LATE. `stats` is undefined when the cache does not answer. */
export function lateError(
  { rows, endpoints }: MissingRows,
  deadlineMs: number,
  stats?: LabelStats,
): BrineError {
  const cache = endpoints.join(',');
  const what = `labels of rows ${listed(rows)} did not arrive from ${cache} within ${deadlineMs / 1000} s`;
  if (stats === undefined) {
    return new BrineError('LABELS_LATE', `${what}: the cache does not answer`, {
      hint: 'Check the log of the cache; its process may have exited.',
    });
  }
  const { teachersAlive, rowsPerSecond, tokensPerSecond, rowsAhead } = stats;
  const pool = `${teachersAlive} teachers alive, ${rowsPerSecond.toFixed(1)} rows/s (${Math.round(tokensPerSecond)} tokens/s), ${rowsAhead} rows ahead of the students`;
  const hint =
    teachersAlive === 0
      ? `Attach a teacher: brine teacher --cache ${cache}`
      : `Attach more teachers (brine teacher --cache ${cache}), use smaller batches, or set labels.onMissing: plain.`;
  return new BrineError('LABELS_LATE', `${what}: ${pool}`, { hint });
}

/** Builds LABEL_MISSING: the cache is replayed, so the label will not come. */
export function missingError({ rows, endpoints }: MissingRows): BrineError {
  return new BrineError(
    'LABEL_MISSING',
    `the label cache at ${endpoints.join(',')} has no label for ${rows.length} rows (${listed(rows)})`,
    {
      hint: 'The recorded run did not label these rows. Use the same data, plan and selection, draw labels without --replay, or set labels.onMissing: plain.',
    },
  );
}

/** Sums the stats of all servers of one cache. */
export function sumStats(servers: readonly LabelStats[]): LabelStats {
  const sum = (of: (stats: LabelStats) => number) => servers.reduce((total, stats) => total + of(stats), 0);
  return {
    // Each teacher works for all servers.
    teachersAlive: Math.max(0, ...servers.map(({ teachersAlive }) => teachersAlive)),
    rowsPerSecond: sum(({ rowsPerSecond }) => rowsPerSecond),
    tokensPerSecond: sum(({ tokensPerSecond }) => tokensPerSecond),
    rowsAhead: sum(({ rowsAhead }) => rowsAhead),
    hits: sum(({ hits }) => hits),
    misses: sum(({ misses }) => misses),
    stored: sum(({ stored }) => stored),
    conflicts: sum(({ conflicts }) => conflicts),
    replay: servers.every(({ replay }) => replay),
  };
}

function listed(rows: readonly number[]): string {
  return rows.slice(0, 4).join(', ') + (rows.length > 4 ? ', …' : '');
}

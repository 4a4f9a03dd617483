/**
 * How many rows a teacher asks for: what it labels in LEASE_SECONDS by its measured throughput, in whole batches. A slow teacher holds
 * few rows, so that other teachers find work and nothing waits for the end of a long lease; a fast one asks seldom.
 */
export interface LeaseSizeInput {
  /** Rows that an engine labels in one call. */
  readonly batchRows: number;
  /** The most rows of a lease. */
  readonly leaseRows: number;
  /** Rows labelled so far, by all engines. */
  readonly rows: number;
  /** Engine time that they took, in milliseconds. */
  readonly graphMs: number;
  readonly encodeMs: number;
}

/** What one engine should label from one lease, in seconds. */
const LEASE_SECONDS = 1;
/** The labels of so much work are delivered together: each delivery is made durable on its own. */
const DELIVERY_SECONDS = 0.25;

/** Rows of the next lease: one batch while nothing was measured, else at least one batch and at most leaseRows. */
export function leaseSize(input: LeaseSizeInput): number {
  return rowsWithin(LEASE_SECONDS, input);
}

/** Rows of the next delivery, in the same way. */
export function deliverySize(input: LeaseSizeInput): number {
  return rowsWithin(DELIVERY_SECONDS, input);
}

function rowsWithin(
  seconds: number,
  { batchRows, leaseRows, rows, graphMs, encodeMs }: LeaseSizeInput,
): number {
  const least = Math.min(batchRows, leaseRows);
  const taken = (graphMs + encodeMs) / 1000;
  if (rows === 0 || taken <= 0) return least;
  const batches = Math.floor((seconds * rows) / taken / batchRows);
  return Math.min(leaseRows, Math.max(least, batches * batchRows));
}

/**
 * Measurements that determine how many rows a teacher requests: as many whole batches as it labels
 * in LEASE_SECONDS. Slow teachers thus hold few rows, so that other teachers find work and no
 * student waits for the end of a long lease. Fast teachers send few requests.
 */
export interface LeaseSizeInput {
  /** Rows of one engine call. */
  readonly batchRows: number;
  /** Most rows of a lease. */
  readonly leaseRows: number;
  /** Rows labelled so far by all engines. */
  readonly rows: number;
  /** Engine time of these rows, in milliseconds. */
  readonly graphMs: number;
  readonly encodeMs: number;
}

/** Target duration of a lease on one engine, in seconds. */
const LEASE_SECONDS = 1;
/** Target duration of a delivery, in seconds. Each delivery is committed separately. */
const DELIVERY_SECONDS = 0.25;

/**
 * Computes the rows of the next lease: one batch before the first measurement, then at least one
 * batch and at most leaseRows.
 */
export function leaseSize(input: LeaseSizeInput): number {
  return rowsWithin(LEASE_SECONDS, input);
}

/** Computes the rows of the next delivery in the same way. */
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

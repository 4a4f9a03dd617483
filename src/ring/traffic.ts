/** Traffic of a ring. */
import { openWire, type Wire } from './wire.ts';

export interface TrafficOptions {
  /** Elements of all buckets. */
  readonly elements: number;
  readonly ranks: number;
  readonly wire: Wire;
  /**
   * Whether gradients are reduce-scattered in the wire format, and parameters all-gathered in
   * float32.
   */
  readonly sharded: boolean;
}

/**
 * Bytes that a rank sends, and receives, per step: 2(n-1)/n of the gradients, half of it in each
 * half of the all-reduce (Patarasu and Yuan, "Bandwidth optimal all-reduce algorithms for clusters
 * of workstations", 2009). Excludes frame headers and the small sums beside gradients.
 */
export function bytesSentPerStep({ elements, ranks, wire, sharded }: TrafficOptions): number {
  const share = (ranks - 1) / ranks;
  const gradients = share * openWire(wire).bytesOf(elements);
  return Math.round(sharded ? gradients + share * openWire('float32').bytesOf(elements) : 2 * gradients);
}

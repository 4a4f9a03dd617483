/** How much a ring sends. */
import { openWire, type Wire } from './wire.ts';

export interface TrafficOptions {
  /** Of all buckets. */
  readonly elements: number;
  readonly ranks: number;
  readonly wire: Wire;
  /** Gradients are reduce-scattered in the wire's format, and parameters all-gathered in float32. */
  readonly sharded: boolean;
}

/**
 * Bytes that a rank sends in a step, and receives as well: 2(n-1)/n of the gradients, half of it in each direction of the collective
 * (Patarasu and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations", 2009). Headers of frames and small sums beside
 * gradients are left out.
 */
export function bytesSentPerStep({ elements, ranks, wire, sharded }: TrafficOptions): number {
  const share = (ranks - 1) / ranks;
  const gradients = share * openWire(wire).bytesOf(elements);
  return Math.round(sharded ? gradients + share * openWire('float32').bytesOf(elements) : 2 * gradients);
}

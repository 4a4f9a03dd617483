/** A group of rows that gets its share of the rows to keep. */
export interface Stratum {
  /** Rows of the group. Its share is proportional to this number. */
  readonly size: number;
  /** Rows of the group that can be kept, at most `size`. */
  readonly available: number;
}

/**
 * Distributes `wanted` rows over strata in proportion to their sizes, by the method of the largest remainder
 * (Hamilton): each stratum gets its quota wanted · size / (sum of sizes) rounded down, and the largest remainders get
 * one row more. Of equal remainders, the one with the lower `priority(stratum, count)` gets it, where count is the
 * number of rows that the stratum has so far. A stratum with fewer available rows than its quota gives all of them,
 * and the others share the rest in the same proportion.
 *
 * Returns the number of rows of each stratum. They sum to `wanted`, or to all available rows if these are fewer.
 * Counts in integers, so that the result is the same on every machine.
 */
export function apportion(
  strata: readonly Stratum[],
  wanted: number,
  priority: (stratum: number, count: number) => number,
): number[] {
  const counts = strata.map(() => 0);
  const { open, left, total } = withoutExhausted(strata, wanted, counts);
  const remainders = open.map((stratum) => {
    const product = left * BigInt(strata[stratum]!.size);
    const count = Number(product / total);
    counts[stratum] = count;
    return { stratum, remainder: product % total, priority: priority(stratum, count) };
  });
  const given = open.reduce((sum, stratum) => sum + counts[stratum]!, 0);
  remainders.sort((a, b) => compare(b.remainder, a.remainder) || a.priority - b.priority);
  for (const { stratum } of remainders.slice(0, Number(left) - given)) counts[stratum]! += 1;
  return counts;
}

/**
 * Gives all available rows of the strata that have at most their quota. Returns the other strata, the rows that they
 * share and the sum of their sizes. Strata are visited by the share of their rows that is available, the lowest first:
 * removing one raises the quotas of the others, so no stratum before the first that stays must be visited again.
 */
function withoutExhausted(
  strata: readonly Stratum[],
  wanted: number,
  counts: number[],
): { open: number[]; left: bigint; total: bigint } {
  const order = Array.from(strata.keys()).filter((stratum) => strata[stratum]!.size > 0);
  const share = (a: Stratum, b: Stratum) =>
    compare(BigInt(a.available) * BigInt(b.size), BigInt(b.available) * BigInt(a.size));
  order.sort((a, b) => share(strata[a]!, strata[b]!) || a - b);
  let left = BigInt(wanted);
  let total = order.reduce((sum, stratum) => sum + BigInt(strata[stratum]!.size), 0n);
  let visited = 0;
  for (; visited < order.length; visited += 1) {
    const { size, available } = strata[order[visited]!]!;
    if (left * BigInt(size) < BigInt(available) * total) break;
    counts[order[visited]!] = available;
    left -= BigInt(available);
    total -= BigInt(size);
  }
  return { open: order.slice(visited), left, total };
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Bounds and ticks of an axis. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  /** Distance of the ticks. */
  readonly interval: number;
}

/**
 * Chooses round ticks, about `ticks` of them, for values from `low` to `high`. With `rounded`, the bounds are
 * ticks; otherwise they are `low` and `high`.
 */
export function scaleOf(low: number, high: number, { ticks = 5, rounded = true } = {}): Scale {
  const top = high > low ? high : low + (Math.abs(low) || 1);
  const interval = roundStep((top - low) / ticks);
  if (!rounded) return { min: low, max: top, interval };
  return { min: Math.floor(low / interval) * interval, max: Math.ceil(top / interval) * interval, interval };
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 2.5, 5, 10].find((round) => round * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}

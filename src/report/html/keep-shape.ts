export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Keeps at most `most` of the points of a line, always with the first and the last, so that the line keeps its
 * shape and its peaks: largest triangle three buckets (Steinarsson, "Downsampling Time Series for Visual
 * Representation", 2013). Every kept point is a given one. `most` ≥ 3.
 */
export function keepShape(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const kept = [points[0]!];
  const size = (points.length - 2) / (most - 2);
  for (let bucket = 0; bucket < most - 2; bucket += 1) {
    const begin = 1 + Math.floor(bucket * size);
    const end = 1 + Math.floor((bucket + 1) * size);
    const next = meanOf(points.slice(end, Math.min(points.length, 1 + Math.floor((bucket + 2) * size) + 1)));
    kept.push(largestTriangle(points.slice(begin, end), kept.at(-1)!, next));
  }
  return [...kept, points.at(-1)!];
}

function largestTriangle(candidates: readonly Point[], before: Point, after: Point): Point {
  let best = candidates[0]!;
  let most = -1;
  for (const point of candidates) {
    const area = Math.abs(
      (before.x - after.x) * (point.y - before.y) - (before.x - point.x) * (after.y - before.y),
    );
    if (area > most) [best, most] = [point, area];
  }
  return best;
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

import { effectiveRecipe, type Recipe } from '../../recipe/recipe.ts';
import type { MetricsLine } from '../../report/metrics.ts';
import { scalarsOf, type ScalarEvent } from '../../worker/student/scalars.ts';
import type { Metric, Parameter } from './mlflow-client.ts';

/** Longest value of a parameter that every version of MLflow accepts. */
const MAX_CHARACTERS = 500;

/** The recipe's keys and values as parameters: "plan.0.distil" is "120". */
export function parametersOf(recipe: Recipe): Parameter[] {
  return flattened(effectiveRecipe(recipe), '').map(({ key, value }) => ({
    key,
    value: value.slice(0, MAX_CHARACTERS),
  }));
}

/**
 * The metrics of a line of a student's metrics.jsonl: the scalars that TensorBoard gets, with the same names.
 * Values that are not finite are omitted, because JSON has none.
 */
export function metricsOf(line: MetricsLine): Metric[] {
  const { event, step, time } = line;
  const timestamp = Date.parse(String(time));
  if (step === undefined || !SCALAR_EVENTS.has(event) || Number.isNaN(timestamp)) return [];
  const scalars = scalarsOf(line as unknown as ScalarEvent);
  return Object.entries(scalars).flatMap(([key, value]) =>
    Number.isFinite(value) ? [{ key, value, timestamp, step }] : [],
  );
}

const SCALAR_EVENTS: ReadonlySet<string> = new Set(['step', 'evaluation', 'checkpoint']);

export interface Batch {
  readonly metrics: readonly Metric[];
  /** Bytes of the lines that the metrics come from. */
  readonly bytes: number;
}

/**
 * Takes whole lines from the beginning of `text`, as many as have at most `most` metrics. A line without an end is
 * not complete yet, and one that is not JSON was torn by a crash.
 */
export function batchOf(text: Uint8Array, most: number): Batch {
  const metrics: Metric[] = [];
  let bytes = 0;
  for (;;) {
    const end = text.indexOf(NEWLINE, bytes);
    if (end < 0) return { metrics, bytes };
    const found = metricsOfText(Buffer.from(text.subarray(bytes, end)).toString());
    if (metrics.length > 0 && metrics.length + found.length > most) return { metrics, bytes };
    metrics.push(...found);
    bytes = end + 1;
  }
}

const NEWLINE = 0x0a;

function metricsOfText(text: string): Metric[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'event' in value
      ? metricsOf(value as MetricsLine)
      : [];
  } catch {
    return [];
  }
}

function flattened(value: unknown, path: string): Parameter[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [{ key: path, value }];
  if (typeof value !== 'object' || value === null) return [{ key: path, value: JSON.stringify(value) }];
  return Object.entries(value).flatMap(([key, inner]) =>
    flattened(inner, path === '' ? key : `${path}.${key}`),
  );
}

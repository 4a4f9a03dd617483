import { dirname } from 'node:path';
import type { RunEvaluation } from '../report/comparison.ts';
import { readMetrics, studentMetrics, type MetricsLine } from '../report/metrics.ts';
import { runFolder } from '../recipe/run-folder.ts';

/** Reads the evaluations of a run, in step order. Throws FILE_MISSING. */
export async function evaluationsOf(run: string): Promise<RunEvaluation[]> {
  const first = runFolder(run).metrics('student-0');
  const own = await studentMetrics(dirname(first));
  const lines = await Promise.all((own.length > 0 ? own : [first]).map(readMetrics));
  return evaluationsIn(lines.flat());
}

/**
 * The evaluations in the metrics of all ranks of a run, in step order: no rank need have trained from
 * the first step to the last. If several lines have the same step, the latest counts.
 */
export function evaluationsIn(lines: readonly MetricsLine[]): RunEvaluation[] {
  const byStep = new Map<number, RunEvaluation>();
  for (const { event, step, loss, accuracy } of lines.toSorted(byTime)) {
    if (event !== 'evaluation' || step === undefined) continue;
    if (typeof loss === 'number' && typeof accuracy === 'number') byStep.set(step, { step, loss, accuracy });
  }
  return [...byStep.values()].toSorted((a, b) => a.step - b.step);
}

function byTime(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): number {
  const [one, other] = [String(a['time']), String(b['time'])];
  return one < other ? -1 : one > other ? 1 : 0;
}

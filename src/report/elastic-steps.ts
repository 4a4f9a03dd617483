import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readMetrics } from './metrics.ts';

/** A rank's report of one step of an elastic run. */
export interface StepReport {
  /** The student process. Its ring rank may change. */
  readonly student: string;
  readonly step: number;
  readonly loss: number;
  /** World size at this step, and the rank's share of the batch. */
  readonly ranks: number;
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * Picks the reports that count, by step. `reports` must be in the order in which each student wrote
 * them. A leaving rank may have counted a step that the remaining ranks had not: they repeat it, and
 * its last report is dropped. If a student reports a step twice, its last report counts.
 */
export function settledSteps<R extends StepReport>(reports: readonly R[]): Map<number, R[]> {
  const own = new Map(reports.map((report) => [`${report.student} ${report.step}`, report]));
  const end = reports.reduce((last, { step }) => Math.max(last, step), 0);
  const steps = new Map<number, R[]>();
  for (const report of own.values()) steps.set(report.step, [...(steps.get(report.step) ?? []), report]);
  for (const [step, all] of steps) {
    const staying = all.filter(({ student }) => step === end || own.has(`${student} ${step + 1}`));
    if (staying.length > 0) steps.set(step, staying);
  }
  return steps;
}

/** Returns how the reports of a step contradict a correct run: rows trained twice or not at all, or ranks that disagree. */
export function stepFault(
  reports: readonly StepReport[],
  batchRows: number,
): 'repeated' | 'skipped' | 'disagree' | undefined {
  const rows = reports.flatMap(({ firstRow, rows: count }) =>
    Array.from({ length: count }, (_, i) => firstRow + i),
  );
  if (new Set(rows).size < rows.length) return 'repeated';
  if (new Set(reports.map(({ loss, ranks }) => `${loss} ${ranks}`)).size > 1) return 'disagree';
  const isComplete = reports.length === (reports[0]?.ranks ?? 0);
  return isComplete && rows.length !== batchRows ? 'skipped' : undefined;
}

/** Reads the settled reports from the metrics of all run folders. A folder without metrics has none. */
export async function readSettledSteps(runs: readonly string[]): Promise<Map<number, StepReport[]>> {
  const reports: StepReport[] = [];
  for (const metrics of runs.map((run) => join(run, 'metrics'))) {
    const files = await readdir(metrics).catch(() => []);
    for (const student of files.filter((file) => file.startsWith('student-'))) {
      const lines = (await readMetrics(join(metrics, student))).filter(({ event }) => event === 'step');
      for (const line of lines) reports.push({ ...(line as unknown as StepReport), student });
    }
  }
  return settledSteps(reports);
}

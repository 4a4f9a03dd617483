import { basename } from 'node:path';
import { evaluationsIn } from '../launch/evaluations.ts';
import type { RunEvaluation } from '../report/comparison.ts';
import { settledSteps, type StepReport } from '../report/elastic-steps.ts';
import { readMetrics, studentMetrics, type MetricsLine } from '../report/metrics.ts';
import { DIAGNOSTICS } from '../report/diagnostics.ts';
import type { RunStep, SavedCheckpoint } from '../report/pages/run-data.ts';

/** What the student ranks of a run recorded. */
export interface StudentRecords {
  readonly steps: readonly RankStep[];
  readonly evaluations: readonly RunEvaluation[];
  readonly checkpoints: readonly Omit<SavedCheckpoint, 'isKept'>[];
  /** Warnings and checkpoints that were not written, each once. */
  readonly notes: readonly string[];
}

/** A rank's line of one step. */
export interface RankStep extends StepReport {
  readonly line: MetricsLine;
}

/** Reads the metrics of all student ranks. A folder without metrics has no records. */
export async function readStudents(metrics: string): Promise<StudentRecords> {
  const steps: RankStep[] = [];
  const evaluations: MetricsLine[] = [];
  const checkpoints = new Map<number, Omit<SavedCheckpoint, 'isKept'>>();
  const notes = new Set<string>();
  for (const path of await studentMetrics(metrics)) {
    const student = basename(path);
    for (const line of await readMetrics(path)) {
      const { event, step = 0 } = line;
      if (event === 'step') steps.push(rankStep(student, line));
      if (event === 'evaluation') evaluations.push(line);
      if (event === 'checkpoint')
        checkpoints.set(step, {
          step,
          seconds: numberIn(line, 'seconds'),
          stallSeconds: numberIn(line, 'stallSeconds'),
        });
      if (event === 'warning') notes.add(`Step ${step}: ${line['text']}`);
      if (event === 'unsaved') notes.add(`No checkpoint of step ${step}: ${line['why']}`);
    }
  }
  return {
    steps,
    evaluations: evaluationsIn(evaluations),
    checkpoints: [...checkpoints.values()].toSorted((a, b) => a.step - b.step),
    notes: [...notes],
  };
}

/**
 * Merges the ranks' reports of each step: losses are equal on all ranks, shares are means over the ranks, and a
 * step takes as long as its slowest rank. `flopsPerToken` is undefined when the student's architecture is unknown.
 */
export function mergeSteps(reports: readonly RankStep[], flopsPerToken: number | undefined): RunStep[] {
  const steps = [...settledSteps(reports)].toSorted(([a], [b]) => a - b);
  let tokens = 0;
  let seconds = 0;
  return steps.map(([step, ranks]) => {
    const lines = ranks.map(({ line }) => line);
    const first = lines[0]!;
    const total = (field: string) => lines.reduce((sum, line) => sum + numberIn(line, field), 0);
    const time = total('seconds');
    tokens += numberIn(first, 'tokens');
    seconds += lines.reduce((most, line) => Math.max(most, numberIn(line, 'seconds')), 0);
    return {
      step,
      loss: numberIn(first, 'loss'),
      learningRate: numberIn(first, 'learningRate'),
      gradientNorm: numberIn(first, 'gradientNorm'),
      weight: numberIn(first, 'weight'),
      tokensPerSecond: numberIn(first, 'tokensPerSecond'),
      ringShare: total('ringSeconds') / time,
      waitShare: total('waitSeconds') / time,
      spent: { tokens, seconds, flops: flopsPerToken === undefined ? undefined : tokens * flopsPerToken },
      extra: Object.fromEntries(
        DIAGNOSTICS.flatMap((field) => (typeof first[field] === 'number' ? [[field, first[field]]] : [])),
      ),
    };
  });
}

/** A number of a metrics line; NaN for anything else, such as a loss that was not finite. */
export function numberIn(line: MetricsLine, field: string): number {
  const value = line[field];
  return typeof value === 'number' ? value : Number.NaN;
}

function rankStep(student: string, line: MetricsLine): RankStep {
  const number = (field: string) => numberIn(line, field);
  return {
    student,
    step: line.step ?? 0,
    loss: number('loss'),
    ranks: number('ranks'),
    firstRow: number('firstRow'),
    rows: number('rows'),
    line,
  };
}

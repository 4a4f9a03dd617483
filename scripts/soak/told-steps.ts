/** A rank's report of a step in an elastic run. */
export interface Told {
  /** The reporting student, whatever its ring rank. */
  readonly teller: string;
  readonly step: number;
  readonly loss: number;
  /** World size of its ring; first row and number of rows of its share of the batch. */
  readonly ranks: number;
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * Selects the reports of each step that count, from all reports in the order of each student. A lost
 * rank may have completed a step that the remaining ranks had not; they repeat the step, and the lost
 * rank's report does not count. If a student reports a step twice, its last report counts.
 */
export function settledSteps(lines: readonly Told[]): Map<number, Told[]> {
  const own = new Map(lines.map((line) => [`${line.teller} ${line.step}`, line]));
  const end = lines.reduce((last, { step }) => Math.max(last, step), 0);
  const steps = new Map<number, Told[]>();
  for (const line of own.values()) steps.set(line.step, [...(steps.get(line.step) ?? []), line]);
  for (const [step, told] of steps) {
    const staying = told.filter(({ teller }) => step === end || own.has(`${teller} ${step + 1}`));
    if (staying.length > 0) steps.set(step, staying);
  }
  return steps;
}

/** The fault in a step's reports: rows of the batch are trained twice or not at all, or ranks disagree. */
export function faultOf(
  told: readonly Told[],
  batchRows: number,
): 'repeated' | 'skipped' | 'disagree' | undefined {
  const rows = told.flatMap((line) => Array.from({ length: line.rows }, (_, i) => line.firstRow + i));
  if (new Set(rows).size < rows.length) return 'repeated';
  if (new Set(told.map(({ loss, ranks }) => `${loss} ${ranks}`)).size > 1) return 'disagree';
  const allTold = told.length === (told[0]?.ranks ?? 0);
  return allTold && rows.length !== batchRows ? 'skipped' : undefined;
}

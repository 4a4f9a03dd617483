/** What ranks tell of the steps of a run in which ranks come and go. */
export interface Told {
  /** Who tells: a student, on whichever place. */
  readonly teller: string;
  readonly step: number;
  readonly loss: number;
  /** Seats of its ring, and its share of the batch. */
  readonly ranks: number;
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * The lines of each step that count, from all lines in the order in which each teller wrote them. A rank that goes may have counted a step
 * that those who stay had not: they do it again, and what it told with its last words is no part of the run. Of a teller that tells a step
 * twice the last line counts.
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

/** What is wrong with a step's lines: rows of the batch that are trained twice or not at all, or ranks that disagree. */
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

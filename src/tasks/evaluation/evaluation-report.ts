import type { Metrics } from './tally.ts';

/** The metrics of a model on validation rows. */
export interface EvaluationReport extends Metrics {
  readonly checkpoint: string;
  /** The prepared folder. */
  readonly data: string;
  readonly rows: number;
  readonly rowLength: number;
  readonly seconds: number;
}

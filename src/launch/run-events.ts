import type { CoordinatorEvent } from '../control/coordinator-events.ts';
import type { Snapshot } from '../control/snapshot.ts';
import type { Cost, RunEvaluation } from '../report/comparison.ts';

/** What happens in a run, as `train` reports it. */
export type RunEvent =
  /** One line for the user. */
  | { readonly kind: 'note'; readonly text: string }
  /** How far data preparation, scoring or selection has come. */
  | { readonly kind: 'progress'; readonly text: string }
  /** URL of the Prometheus metrics. */
  | { readonly kind: 'metrics'; readonly address: string }
  /** A change in the processes or the ring of the run. */
  | { readonly kind: 'event'; readonly event: CoordinatorEvent }
  /** The present state: step, loss, throughput. */
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot };

/** Result of a run. */
export interface TrainResult {
  /** The run folder. */
  readonly run: string;
  /** Number of steps trained before this start: 0 for a new run. */
  readonly firstStep: number;
  /** Steps of the whole plan. */
  readonly steps: number;
  /** Of the last evaluation, in nats a token. */
  readonly validationLoss: number | undefined;
  /** Of the last evaluation, 0 … 1. */
  readonly accuracy: number | undefined;
  readonly evaluations: readonly RunEvaluation[];
  readonly cost: Cost;
  readonly labels: {
    /** Labelled rows that the students trained on. */
    readonly rowsUsed: number;
    /** Rows trained on the text alone because their label was missing (labels.onMissing: plain). */
    readonly rowsPlain: number;
    /** Rows that this run's own teachers drew, and the seconds that they spent. */
    readonly rowsDrawn: number;
    readonly drawingSeconds: number;
  };
  /** SHA-256 of the final parameters. */
  readonly parameters: string;
  /** SHA-256 of the final parameters of every rank. Law 3 requires them to be equal. */
  readonly parameterHashes: readonly string[];
}

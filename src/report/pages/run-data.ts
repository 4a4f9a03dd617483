import type { Diagnostic } from '../diagnostics.ts';
import type { RunEvaluation } from '../comparison.ts';
import type { Fact } from '../html/page.ts';

/** What a report of a run shows, collected from its folder. */
export interface RunData {
  readonly name: string;
  readonly facts: readonly Fact[];
  /** Ascending. */
  readonly steps: readonly RunStep[];
  /** In step order. */
  readonly evaluations: readonly RunEvaluation[];
  readonly checkpoints: readonly SavedCheckpoint[];
  readonly cache: CacheData | undefined;
  readonly selection: SelectionData | undefined;
  /** Undefined when none were wanted. */
  readonly samples: readonly Sample[] | undefined;
  /** Warnings of the run, and parts of the report that could not be made. */
  readonly notes: readonly string[];
  /** The resolved recipe as YAML. */
  readonly recipe: string;
}

/** One trained step. Losses are means over the global batch, in nats a token. */
export interface RunStep {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Weight of the soft labels, 0 … 1; 0 without a teacher. */
  readonly weight: number;
  readonly tokensPerSecond: number;
  /** Shares of the step's time, 0 … 1, over all ranks. */
  readonly ringShare: number;
  readonly waitShare: number;
  /** Cost from the first step to the end of this one. */
  readonly spent: Spent;
  /** Diagnostics of distillation, where the run measured them. */
  readonly extra: Readonly<Partial<Record<Diagnostic, number>>>;
}

export interface Spent {
  readonly tokens: number;
  /** Seconds of the slowest rank of each step, without evaluations and pauses. */
  readonly seconds: number;
  /** Floating-point operations of the student; undefined when its architecture is unknown. */
  readonly flops: number | undefined;
}

export interface SavedCheckpoint {
  readonly step: number;
  /** Seconds until it was complete on disk, and how long training waited for it. */
  readonly seconds: number;
  readonly stallSeconds: number;
  readonly isKept: boolean;
}

export interface CacheData {
  readonly facts: readonly Fact[];
  /** Over time, in seconds since the cache started. */
  readonly reports: readonly CacheReport[];
}

export interface CacheReport {
  readonly seconds: number;
  readonly stored: number;
  /** Labelled rows that no student has fetched yet. */
  readonly rowsAhead: number;
  /** Tokens that teachers labelled a second. */
  readonly tokensPerSecond: number;
}

export interface SelectionData {
  readonly facts: readonly Fact[];
  /** The values that the rows were chosen by; undefined when they are not on disk. */
  readonly scores: SelectionScores | undefined;
  readonly examples: readonly Sample[];
}

/** Values in nats of all rows and of the selected ones. */
export interface SelectionScores {
  /** What the values are, such as "median loss". */
  readonly quantity: string;
  /** The same with the tokens that count. */
  readonly whole: string;
  readonly every: readonly number[];
  readonly selected: readonly number[];
}

/** A text with its origin. */
export interface Sample {
  readonly heading: string;
  readonly text: string;
}

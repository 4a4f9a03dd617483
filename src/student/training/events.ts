/** What a student rank reports. Losses are in nats a token, over the whole global batch; times in seconds of this rank. */
export interface StepEvent {
  readonly event: 'step';
  /** Steps trained, this one included. */
  readonly step: number;
  readonly phase: 'distil' | 'plain';
  readonly loss: number;
  readonly learningRate: number;
  /** Global norm of the averaged gradient, before clipping. */
  readonly gradientNorm: number;
  /** ω */
  readonly weight: number;
  /** Tokens of the global batch. */
  readonly tokens: number;
  /** Seats on the ring. */
  readonly ranks: number;
  /** How many rows of the global batch come before this rank's share, and how many are in it. */
  readonly firstRow: number;
  readonly rows: number;
  readonly tokensPerSecond: number;
  readonly seconds: number;
  readonly computeSeconds: number;
  readonly ringSeconds: number;
  /** TrainProgress still until the batch and its labels were there. */
  readonly waitSeconds: number;
  /** Hash of this rank's labels; only where the step used labels. */
  readonly labels?: string | undefined;
  /** This rank's rows that had no label and were trained on their true ids alone; absent when none. */
  readonly plainRows?: number | undefined;
}

export interface EvaluationEvent {
  readonly event: 'evaluation';
  readonly step: number;
  /** Mean over all validation positions. */
  readonly loss: number;
  /** Share of next tokens that are the model's first choice. */
  readonly accuracy: number;
  readonly seconds: number;
}

export interface CheckpointEvent {
  readonly event: 'checkpoint';
  readonly step: number;
  readonly folder: string;
  /** Until it was whole on disk. */
  readonly seconds: number;
  /** How long training stood still for it. */
  readonly stallSeconds: number;
}

/** A checkpoint that could not be written: training goes on, older ones are there, and the next one is tried. */
export interface UnsavedEvent {
  readonly event: 'unsaved';
  readonly step: number;
  readonly why: string;
}

/** What is not as it should be and ends nothing. Told once. */
export interface WarningEvent {
  readonly event: 'warning';
  readonly step: number;
  readonly text: string;
}

export type StudentEvent = StepEvent | EvaluationEvent | CheckpointEvent | UnsavedEvent | WarningEvent;

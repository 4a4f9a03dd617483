/**
 * Events of a student rank. Losses are means over the global batch, in nats per token. Times are
 * seconds of this rank.
 */
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
  /** World size. */
  readonly ranks: number;
  /** Rows of the global batch before this rank's share, and rows in the share. */
  readonly firstRow: number;
  readonly rows: number;
  readonly tokensPerSecond: number;
  readonly seconds: number;
  readonly computeSeconds: number;
  readonly ringSeconds: number;
  /** Time that the step waited for its batch and labels. */
  readonly waitSeconds: number;
  /** Hash of this rank's labels; only where the step used labels. */
  readonly labels?: string | undefined;
  /** This rank's rows without labels, trained on hard labels only; absent if none. */
  readonly plainRows?: number | undefined;
}

export interface EvaluationEvent {
  readonly event: 'evaluation';
  readonly step: number;
  /** Mean over all validation positions. */
  readonly loss: number;
  /** Share of positions where the next token is the model's top choice. */
  readonly accuracy: number;
  readonly seconds: number;
}

export interface CheckpointEvent {
  readonly event: 'checkpoint';
  readonly step: number;
  readonly folder: string;
  /** Until the checkpoint was complete on disk. */
  readonly seconds: number;
  /** How long training waited for it. */
  readonly stallSeconds: number;
}

/** A failed checkpoint write. Training continues, older checkpoints stay, and the next one is tried. */
export interface UnsavedEvent {
  readonly event: 'unsaved';
  readonly step: number;
  readonly why: string;
}

/** A non-fatal warning, reported once. */
export interface WarningEvent {
  readonly event: 'warning';
  readonly step: number;
  readonly text: string;
}

export type StudentEvent = StepEvent | EvaluationEvent | CheckpointEvent | UnsavedEvent | WarningEvent;

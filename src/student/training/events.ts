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
  /**
   * Cross-entropy of the true next token, whatever the targets, smoothed ones included: comparable
   * between plans.
   */
  readonly labelLoss?: number | undefined;
  /**
   * Cross-entropy against the teacher's targets, weighted by ω over the positions; only where the
   * step used labels.
   */
  readonly teacherLoss?: number | undefined;
  /**
   * KL(teacher ‖ student) at temperature 1, weighted as teacherLoss: cross-entropy against the
   * labels minus the stored entropy of the teacher. With sampled labels an estimate: unbiased, with
   * the noise of the draws, so one step's may be negative. With dense labels exact up to the
   * resolution of the stored entropy (1/512 nat a position). Absent for labels of another
   * temperature and for top-k labels, which do not determine it.
   */
  readonly teacherKl?: number | undefined;
  /** Mean ω over the tokens of the global batch, as used; only where the step used labels. */
  readonly teacherShare?: number | undefined;
  /**
   * Norms of the gradients of hard labels and of the teacher's targets, each normalised to weight 1,
   * and the angle between the two, in degrees. They are those of a rank's own rows: root mean
   * squares over the ranks, and one angle over all. Only at steps that measure them.
   */
  readonly gradientNormLabel?: number | undefined;
  readonly gradientNormTeacher?: number | undefined;
  readonly gradientAngle?: number | undefined;
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

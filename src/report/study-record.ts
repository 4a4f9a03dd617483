/**
 * The results of a study: several plans (arms), each trained with several seeds. A study writes this record as
 * study.json into its folder after every run; a report reads it.
 */
import type { RunEvaluation } from './comparison.ts';

/** Name of the record in the folder of its study. */
export const STUDY_RECORD = 'study.json';

/** Mean of a few values with the 95% confidence interval of Student's t distribution. */
export interface Interval {
  readonly mean: number;
  /** The bounds; equal to the mean for a single value. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** One run of an arm. */
export interface StudyRun {
  readonly seed: number;
  /** Peak learning rate. */
  readonly learningRate: number;
  /** Run folder, relative to the folder of the study. */
  readonly folder: string;
  /** Oldest first. */
  readonly evaluations: readonly RunEvaluation[];
  /** Floating-point operations of the student's training. */
  readonly flops: number;
  /** Wall-clock seconds from the first step to the last. */
  readonly seconds: number;
  /**
   * Rows that teachers labelled for this plan, whether or not another run had labelled them before. For a plan that
   * may leave its teacher early, the labelled rows that it trained on.
   */
  readonly labelledRows: number;
  /** Losses of the final checkpoint on text that neither training nor the choice of the rate has seen. */
  readonly heldOut?: readonly HeldOut[] | undefined;
}

/** The loss on a held-out set, in nats a token. */
export interface HeldOut {
  readonly name: string;
  readonly loss: number;
  readonly bitsPerByte?: number | undefined;
  readonly accuracy: number;
  /** Mean loss in the thirds of the positions that are easy, medium and hard for the study's teacher. */
  readonly thirds?: { readonly easy: number; readonly medium: number; readonly hard: number } | undefined;
}

export interface StudyArm {
  readonly name: string;
  /** The plan in words, "distil 120 (weight 0.667), plain 360". */
  readonly plan: string;
  readonly steps: number;
  /** The best learning rate of the study's list for this arm, by mean final loss over the tuning seeds. */
  readonly learningRate: number;
  /** Runs at that rate, one for each seed. */
  readonly runs: readonly StudyRun[];
  /** Runs at other rates. */
  readonly tuning: readonly StudyRun[];
  /** Operations paid once for this arm and shared by its students: teacher training, scoring, labelling. */
  readonly helpFlops: number;
}

export interface StudyRecord {
  readonly format: 'brine-study-1';
  readonly name: string;
  /** Name of the arm that the others are compared with. */
  readonly baseline: string;
  readonly seeds: readonly number[];
  readonly learningRates: readonly number[];
  /** Final validation loss of the teacher on the same rows; undefined when no arm has a teacher. */
  readonly teacherLoss?: number | undefined;
  readonly arms: readonly StudyArm[];
}

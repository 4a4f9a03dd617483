import type { NamedData } from './evaluation-set.ts';
import type { TaskReport, TaskRun } from './downstream/evaluate-task.ts';
import type { SetReport } from './evaluate-set.ts';
import type { InductionReport } from './induction.ts';

/** Name of the set with the validation rows. */
export const VALIDATION_SET = 'validation';

/** Options of every evaluation. */
export interface EvaluateOptions {
  readonly checkpoint: string;
  /** A prepared folder. Default: the data of the run that the checkpoint belongs to. */
  readonly data?: string | undefined;
  /** Maximum number of rows of a set, and of questions of a task, from the first. */
  readonly rows?: number | undefined;
  /** Threads inside one operator. */
  readonly threads: number;
  /** Called with a note, for example if the model's head is padded. */
  readonly note?: ((text: string) => void) | undefined;
  /** Ends the evaluation between two batches. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `brine eval`. */
export interface SuiteOptions extends EvaluateOptions {
  /** Further held-out sets. */
  readonly sets?: readonly NamedData[] | undefined;
  /** Whether to evaluate the validation rows of `data` or of the run. Default true. */
  readonly validation?: boolean | undefined;
  /** Positions of the rows of corpora and of the probe, and most positions of a question. */
  readonly context?: number | undefined;
  /** Field or column with the text of a corpus. Default text. */
  readonly textField?: string | undefined;
  /** A model with the same tokenizer, by which positions are grouped. */
  readonly reference?: string | undefined;
  /** The induction probe, if any. */
  readonly induction?: { readonly rows: number; readonly seed: number } | undefined;
  readonly tasks?: readonly TaskRun[] | undefined;
  /** Rows of a batch. Default 8. */
  readonly batch?: number | undefined;
  /** Called after each batch. */
  readonly observe?: ((progress: SuiteProgress) => void) | undefined;
}

export interface SuiteProgress {
  /** The set or the task. */
  readonly what: string;
  /** Rows or requests so far. */
  readonly done: number;
  /** Undefined for a corpus, whose rows are not counted before. */
  readonly total: number | undefined;
}

/** All results of one `brine eval`. */
export interface SuiteReport {
  readonly checkpoint: string;
  /** Folder of the reference model. */
  readonly reference?: string;
  readonly sets: readonly SetReport[];
  readonly induction?: InductionReport;
  readonly tasks?: readonly TaskReport[];
  readonly seconds: number;
}

/** Whether anything but the validation rows is evaluated. */
export function asksForMore({ sets = [], induction, tasks = [] }: SuiteOptions): boolean {
  return sets.length > 0 || induction !== undefined || tasks.length > 0;
}

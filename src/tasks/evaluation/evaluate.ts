import { BrineError } from '../../base/errors.ts';
import { interruptionOf } from '../../base/interruption.ts';
import { scoped } from '../../base/scope.ts';
import { tokenBytes } from '../../data/tokenizer/properties/token-bytes.ts';
import type { Tokenizer } from '../../data/tokenizer/tokenizer.ts';
import { findCheckpoint } from '../../recipe/find-checkpoint.ts';
import { evaluateTask, type TaskReport, type TaskRun } from './downstream/evaluate-task.ts';
import { evaluateSet, type SetReport } from './evaluate-set.ts';
import type { EvaluationReport } from './evaluation-report.ts';
import { evaluationSource, type EvaluationSource, type OpenEvaluationModel } from './evaluation-model.ts';
import type { EvaluationSet } from './evaluation-set.ts';
import { probeInduction, type InductionReport } from './induction.ts';
import { openSets } from './open-sets.ts';
import { checkReference } from './reference.ts';
import { VALIDATION_SET, type EvaluateOptions, type SuiteOptions, type SuiteReport } from './suite.ts';

/** Rows of a batch. */
const BATCH_ROWS = 8;

/** Most positions of a corpus's row, unless data or `context` decide it. */
const CORPUS_POSITIONS = 1024;

/**
 * Evaluates a checkpoint or an exported model on validation rows. `observe` is called after each batch
 * with the evaluated rows and their total. Throws as evaluateSuite.
 */
export async function evaluateCheckpoint({
  observe,
  ...options
}: EvaluateOptions & {
  readonly observe?: ((rows: number, total: number) => void) | undefined;
}): Promise<EvaluationReport> {
  const report = await evaluateSuite({
    ...options,
    observe: ({ done, total = done }) => observe?.(done, total),
  });
  return validationReport(report)!;
}

/** The part of a report on validation rows; undefined if they were not evaluated. */
export function validationReport({ checkpoint, sets, seconds }: SuiteReport): EvaluationReport | undefined {
  const set = sets.find(({ name }) => name === VALIDATION_SET);
  if (set === undefined) return undefined;
  const { name: _, path: data, reference: __, sources: ___, skippedRecords: ____, ...metrics } = set;
  return { checkpoint, data, ...metrics, seconds };
}

/**
 * Evaluates a checkpoint or an exported model on sets and tasks. Throws BAD_ARGUMENT without anything to
 * evaluate, FILE_MISSING, FILE_DAMAGED, SHARD_DAMAGED, CHECKPOINT_DAMAGED, GRAPH_INVALID,
 * MODEL_NOT_FINITE, TOKENIZER_INVALID, TOKENIZER_MISMATCH if models and rows have different tokenizers,
 * and CORPUS_* for corpora. Throws CANCELLED soon after the signal.
 */
export function evaluateSuite(options: SuiteOptions): Promise<SuiteReport> {
  return scoped(async (scope) => {
    const began = performance.now();
    const folder = await findCheckpoint(options.checkpoint);
    const reference = options.reference === undefined ? undefined : await findCheckpoint(options.reference);
    if (reference !== undefined) await checkReference(folder, reference);
    const opened = await openSets(scope, options, { folder, reference });
    const open = (name: string) =>
      evaluationSource({ folder: name, vocabulary: opened.vocabulary, threads: options.threads });
    const source = await open(folder);
    const context = contextOf(options, source);
    const positions =
      context ??
      source.fixedPositions ??
      opened.tokenSets[0]?.positions ??
      Math.min(source.positions, CORPUS_POSITIONS);
    const suite = new Suite(options, {
      source,
      reference: reference === undefined ? undefined : await open(reference),
      bytes: opened.tokenizer && (await tokenBytes(opened.tokenizer)),
    });
    const { tokenizer } = opened;
    const sets: SetReport[] = [];
    for (const set of [...opened.tokenSets, ...(await opened.openCorpora(positions))])
      sets.push(await suite.set(set));
    const induction = options.induction && (await suite.probe(positions, options.induction));
    const tasks: TaskReport[] = [];
    for (const task of options.tasks ?? [])
      tasks.push(await suite.task(task, { tokenizer: tokenizer!, positions: context ?? source.positions }));
    return {
      checkpoint: folder,
      ...(reference !== undefined && { reference }),
      sets,
      ...(induction && { induction }),
      ...(tasks.length > 0 && { tasks }),
      seconds: (performance.now() - began) / 1000,
    };
  });
}

/** Throws BAD_ARGUMENT if the context exceeds the model's positions. */
function contextOf({ context }: SuiteOptions, { folder, positions }: EvaluationSource): number | undefined {
  if (context === undefined || context <= positions) return context;
  throw new BrineError(
    'BAD_ARGUMENT',
    `the context is ${context}, but ${folder} has ${positions} positions`,
    {
      hint: `Pass --context ${positions} or less.`,
    },
  );
}

interface SuiteModels {
  readonly source: EvaluationSource;
  readonly reference: EvaluationSource | undefined;
  /** UTF-8 bytes of each id, if the tokenizer is known. */
  readonly bytes: Uint32Array | undefined;
}

/** Runs the parts of an evaluation, one after the other. */
class Suite {
  readonly #options: SuiteOptions;
  readonly #models: SuiteModels;
  readonly #batch: number;

  constructor(options: SuiteOptions, models: SuiteModels) {
    this.#options = options;
    this.#models = models;
    this.#batch = options.batch ?? BATCH_ROWS;
  }

  set(set: EvaluationSet): Promise<SetReport> {
    const { source, reference, bytes } = this.#models;
    return scoped(async (scope) => {
      const open = async (from: EvaluationSource): Promise<OpenEvaluationModel> =>
        scope.use(await from.open({ rows: this.#batch, positions: set.positions }));
      const models = {
        folder: source.folder,
        model: await open(source),
        reference: reference && { folder: reference.folder, model: await open(reference) },
      };
      const observe = (rows: number) => this.#observe(set.name, rows, set.total);
      return evaluateSet(set, models, { batch: this.#batch, bytes, observe });
    });
  }

  probe(positions: number, { rows, seed }: { rows: number; seed: number }): Promise<InductionReport> {
    const { source, bytes } = this.#models;
    return scoped(async (scope) => {
      const model = scope.use(await source.open({ rows: this.#batch, positions }));
      const observe = (done: number) => this.#observe('induction', done, rows);
      // Special tokens have no text, and models may treat them differently.
      const ids = Uint32Array.from(bytes!.keys()).filter((id) => bytes![id]! > 0);
      return probeInduction(model, { rows, seed, ids, positions, batch: this.#batch, observe });
    });
  }

  task(
    task: TaskRun,
    { tokenizer, positions }: { tokenizer: Tokenizer; positions: number },
  ): Promise<TaskReport> {
    return evaluateTask(task, {
      source: this.#models.source,
      tokenizer,
      positions,
      batch: this.#batch,
      limit: this.#options.rows,
      observe: (done, total) => this.#observe(task.task, done, total),
    });
  }

  #observe(what: string, done: number, total: number | undefined): void {
    const { signal, observe } = this.#options;
    if (signal?.aborted) throw interruptionOf(signal, 'the evaluation');
    observe?.({ what, done, total });
  }
}

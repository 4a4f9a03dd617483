import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { interruptionOf } from '../base/interruption.ts';
import { scoped } from '../base/scope.ts';
import { modelNotFinite } from '../model/index.ts';
import { evaluateRows } from '../student/program/evaluation.ts';
import { TRAIN, VALIDATION } from '../data/prepare/prepared-names.ts';
import { openEvaluationModel } from './evaluation-model.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import { openData, preparedFolder } from '../inputs/prepared-data.ts';
import { readResolved, runFolder } from '../recipe/run-folder.ts';
import { checkReads } from '../inputs/usable-model.ts';
import { paddingNote } from '../inputs/vocabulary.ts';

/**
 * Options of `brine eval`: loss and accuracy of a checkpoint or exported model on the validation
 * rows of a prepared folder.
 */
export interface EvaluateOptions {
  readonly checkpoint: string;
  /** A prepared folder. Default: the data of the run that the checkpoint belongs to. */
  readonly data?: string | undefined;
  /** Maximum number of rows, from the first. */
  readonly rows?: number | undefined;
  readonly threads: number;
  /** Called with a note if the model's head is padded. */
  readonly note?: ((text: string) => void) | undefined;
  /** Ends the evaluation between two batches. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the evaluated rows and their total. */
  readonly observe?: ((rows: number, total: number) => void) | undefined;
}

export interface EvaluationReport {
  readonly checkpoint: string;
  /** The prepared folder. */
  readonly data: string;
  readonly loss: number; // nats a token
  readonly perplexity: number;
  readonly accuracy: number; // 0 … 1
  readonly rows: number;
  readonly rowLength: number;
  readonly seconds: number;
}

const BATCH_ROWS = 8;

/**
 * Evaluates a checkpoint or an exported model. Throws FILE_MISSING, FILE_DAMAGED, SHARD_DAMAGED,
 * CHECKPOINT_DAMAGED, GRAPH_INVALID, MODEL_NOT_FINITE, and TOKENIZER_MISMATCH when model and rows
 * have different tokenizers. Throws CANCELLED soon after the signal.
 */
export function evaluateCheckpoint(options: EvaluateOptions): Promise<EvaluationReport> {
  return scoped(async (scope) => {
    const began = performance.now();
    const folder = await findCheckpoint(options.checkpoint);
    const name = options.data ?? (await dataOfRun(folder));
    const { validation } = scope.use(await openData(name));
    if (!validation) {
      throw new BrineError(
        'FILE_MISSING',
        `${name} has no validation rows: it was prepared with validation 0`,
        {
          hint: 'Prepare data with the same tokenizer and with validation rows (data.validation: 2%), and pass it with --data.',
        },
      );
    }
    const padding = paddingNote(
      await checkReads(folder, { name, set: validation }),
      validation.vocabularySize,
    );
    if (padding !== undefined) options.note?.(padding);
    const positions = validation.rowLength - 1;
    const model = await openEvaluationModel(scope, {
      folder,
      vocabulary: validation.vocabularySize,
      threads: options.threads,
      rows: BATCH_ROWS,
      positions,
    });
    const rows = Math.min(options.rows ?? validation.rows, validation.rows);
    const total = await evaluateRows(model, {
      count: rows,
      read: (row) => validation.read(row),
      observe: (done) => {
        if (options.signal?.aborted) throw interruptionOf(options.signal, 'the evaluation');
        options.observe?.(done, rows);
      },
    });
    const loss = total.lossSum / total.positions;
    if (!Number.isFinite(loss)) throw modelNotFinite(folder, `its loss over ${rows} rows is ${loss}`);
    return {
      checkpoint: folder,
      data: name,
      loss,
      perplexity: Math.exp(loss),
      accuracy: total.correct / total.positions,
      rows,
      rowLength: positions,
      seconds: (performance.now() - began) / 1000,
    };
  });
}

/**
 * Finds the prepared folder of the run that a checkpoint belongs to. Throws BAD_ARGUMENT when it
 * belongs to no run.
 */
async function dataOfRun(checkpoint: string): Promise<string> {
  const run = dirname(dirname(checkpoint));
  const unknown = (why: string) =>
    new BrineError('BAD_ARGUMENT', `cannot find the data to evaluate ${checkpoint} on: ${why}`, {
      hint: 'Pass a prepared folder: --data FOLDER.',
    });
  if (!existsSync(runFolder(run).recipe)) throw unknown('it is not a checkpoint of a run');
  const data = preparedFolder({ ...(await readResolved(run)), run });
  const isThere = existsSync(join(data, TRAIN)) || existsSync(join(data, VALIDATION));
  if (!isThere) throw unknown(`the data of its run, ${data}, does not exist`);
  return data;
}

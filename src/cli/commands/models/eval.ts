import type { Command } from 'commander';
import { displayOf, newCommand, promptly, repeated, type Context } from '../../command.ts';
import { evaluationData, evaluationTasks } from '../../eval-options.ts';
import { count, seed, whole } from '../../screen/numbers.ts';

interface EvalOptions {
  readonly data: readonly string[];
  readonly validation: boolean;
  readonly textField: string;
  readonly rows?: number;
  readonly context?: number;
  readonly reference?: string;
  readonly induction?: number | true;
  readonly seed: number;
  readonly task: readonly string[];
  readonly shots: number;
  readonly shotFile: readonly string[];
  readonly batch: number;
  readonly threads: number;
}

/** Rows of the induction probe. */
const PROBE_ROWS = 64;

/** brine eval: a checkpoint or an exported model on held-out sets, a probe and downstream tasks. */
export function evalCommand(context: Context): Command {
  const command = commandWithOptions();
  return command.action(
    promptly(context, (checkpoint: string) => evaluate(checkpoint, { command, context })),
  );
}

function commandWithOptions(): Command {
  return newCommand({
    usage: 'eval <checkpoint>',
    summary:
      'loss, perplexity, bits a byte, accuracy and calibration of a run, a checkpoint or an exported model on held-out sets, and its accuracy on downstream tasks',
    example: 'brine eval runs/nano-salt --data wiki=wiki.jsonl --reference runs/nano-slm',
  })
    .option(
      '--data <folder|name=path>',
      'prepared folder in place of the data of the run, or a further set: text, JSONL, parquet or token shards (repeatable)',
      repeated,
      [],
    )
    .option('--no-validation', 'leave out the validation rows of the run')
    .option('--text-field <name>', 'field or column with the text of a corpus', 'text')
    .option('--rows <n>', 'maximum number of rows of a set and of questions of a task', whole)
    .option('--context <n>', 'positions of a row of a corpus, and the most positions of a question', whole)
    .option('--reference <checkpoint>', 'also report losses by how hard positions are for this model')
    .option(
      '--induction [rows]',
      `probe copying with rows of repeated random tokens (default: ${PROBE_ROWS})`,
      whole,
    )
    .option('--seed <n>', 'seed of the probe', seed, 1)
    .option(
      '--task <name=file>',
      'lambada, hellaswag, arc or piqa from a JSONL file (repeatable)',
      repeated,
      [],
    )
    .option('--shots <n>', 'solved examples before each question', count, 0)
    .option('--shot-file <file|name=file>', 'JSONL file of the solved examples (repeatable)', repeated, [])
    .option('--batch <rows>', 'rows of a batch', whole, 8)
    .option('--threads <n>', 'threads inside one operator', whole, 2);
}

async function evaluate(
  checkpoint: string,
  { command, context }: { command: Command; context: Context },
): Promise<void> {
  const { data, task, shots, shotFile, induction, seed: probeSeed, ...options } = command.opts<EvalOptions>();
  const display = displayOf(command, context);
  const [{ evaluateSuite, validationReport }, { evaluationText }] = await Promise.all([
    import('../../../tasks/evaluation/evaluate.ts'),
    import('../../screen/evaluation-text.ts'),
  ]);
  const report = await evaluateSuite({
    ...options,
    ...evaluationData(data),
    checkpoint,
    tasks: evaluationTasks({ task, shots, shotFile }),
    induction:
      induction === undefined
        ? undefined
        : { rows: induction === true ? PROBE_ROWS : induction, seed: probeSeed },
    note: (text) => display.note(text),
    signal: context.signal,
    observe: ({ what, done, total }) =>
      display.status([`${what.padEnd(10)}${done}${total === undefined ? '' : ` of ${total}`}`]),
  });
  display.result({ ...validationReport(report), ...report }, evaluationText(report));
}

import type { Command } from 'commander';
import { displayOf, newCommand, promptly, type Context } from '../../command.ts';
import { whole } from '../../screen/numbers.ts';

/** brine eval: loss, accuracy and perplexity of a checkpoint or an exported model on validation rows. */
export function evalCommand(context: Context): Command {
  const command = newCommand({
    usage: 'eval <checkpoint>',
    summary:
      'validation loss, next-token accuracy and perplexity of a run, a checkpoint or an exported model',
    example: 'brine eval runs/nano-salt',
  })
    .option('--data <folder>', 'prepared folder (default: the data of the run)')
    .option('--rows <n>', 'maximum number of validation rows', whole)
    .option('--threads <n>', 'threads inside one operator', whole, 2);
  return command.action(
    promptly(context, async (checkpoint: string) => {
      const options = command.opts<{ data?: string; rows?: number; threads: number }>();
      const display = displayOf(command, context);
      const { evaluateCheckpoint } = await import('../../../tasks/evaluate.ts');
      const report = await evaluateCheckpoint({
        ...options,
        checkpoint,
        note: (text) => display.note(text),
      });
      display.result(
        report,
        `loss ${report.loss.toFixed(4)} · accuracy ${(report.accuracy * 100).toFixed(2)}% · perplexity ${report.perplexity.toFixed(2)} · ${report.rows} rows of ${report.rowLength} tokens`,
      );
    }),
  );
}

import type { Command } from 'commander';
import { warnInsecure, withAccess } from '../access.ts';
import { countText, secondsText } from '../../base/quantities.ts';
import { type Context, displayOf, loaded, newCommand } from '../command.ts';
import { whole } from '../screen/numbers.ts';

/** brine score: scores every row with an early checkpoint of the small model. */
export function scoreCommand(context: Context): Command {
  const command = withAccess(
    newCommand({
      usage: 'score <checkpoint>',
      summary: 'score every training row with an early checkpoint of the small model',
      example: 'brine score runs/nano-slm@150 --data runs/nano-data --out runs/scores.safetensors',
    }),
  )
    .requiredOption('--data <folder>', 'prepared folder')
    .requiredOption('--out <file>', 'file for the scores')
    .option('--top-k <k>', 'count positions whose label is in the top k', whole, 10)
    .option('--engines <n>', 'engine threads of this process', whole, 1)
    .option('--threads <n>', 'threads inside one operator, for each engine', whole, 2)
    .option('--bind <address>', 'address for additional teachers; tcp://127.0.0.1:* selects a free port')
    .option('--labels <folder>', 'folder for the predictions of each row, from which scoring can resume');
  return command.action(async (checkpoint: string) => {
    const options = command.opts<{
      data: string;
      out: string;
      topK: number;
      engines: number;
      threads: number;
      bind?: string;
      labels?: string;
      keys?: string;
      insecure?: true;
    }>();
    warnInsecure(options, context.streams);
    const display = displayOf(command, context);
    const { scoreData } = await loaded(import('../../tasks/score.ts'), context);
    const report = await scoreData({
      ...options,
      checkpoint,
      signal: context.signal,
      observe: (text) => display.status([text]),
      note: (text) => display.note(text),
    });
    display.result(
      report,
      `scored ${countText(report.rows)} rows in ${secondsText(report.seconds)}: ${options.out}`,
    );
  });
}

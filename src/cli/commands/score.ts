import { Option, type Command } from 'commander';
import { warnInsecure, withAccess } from '../access.ts';
import { countText, secondsText } from '../../base/quantities.ts';
import { type Context, displayOf, loaded, newCommand } from '../command.ts';
import { STATISTICS, type Statistic, type TopK } from '../../select/rule.ts';
import { topK, whole } from '../screen/numbers.ts';

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
    .option('--later <checkpoint>', 'later checkpoint: scores are decreases of the loss to it')
    .option('--top-k <k>', 'count positions whose label is in the top k; all for every position', topK, 10)
    .addOption(
      new Option(
        '--statistic <name>',
        'statistic of the counted losses; trimmed-mean: without 10% at each end',
      )
        .choices(STATISTICS)
        .default('median'),
    )
    .option('--engines <n>', 'engine threads of this process', whole, 1)
    .option('--threads <n>', 'threads inside one operator, for each engine', whole, 2)
    .option('--bind <address>', 'address for additional teachers; tcp://127.0.0.1:* selects a free port')
    .option('--labels <folder>', 'folder for the predictions of each row, from which scoring can resume')
    .option('--later-labels <folder>', 'the same for the predictions of --later');
  return command.action(async (checkpoint: string) => {
    const options = command.opts<{
      data: string;
      out: string;
      topK: TopK;
      statistic: Statistic;
      later?: string;
      laterLabels?: string;
      engines: number;
      threads: number;
      bind?: string;
      labels?: string;
      keys?: string;
      insecure?: true;
    }>();
    warnInsecure(options, context.streams);
    const display = displayOf(command, context);
    const { scoreData } = await loaded(import('../../tasks/selection/score.ts'), context);
    const report = await scoreData({
      ...options,
      checkpoint,
      signal: context.signal,
      observe: (text) => display.status([text]),
      note: (text) => display.note(text),
    });
    display.result(
      report,
      `scored ${countText(report.rows)} rows by ${report.scores} in ${secondsText(report.seconds)}: ${options.out}`,
    );
  });
}

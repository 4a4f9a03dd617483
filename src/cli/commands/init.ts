import { Option, type Command } from 'commander';
import { displayOf, newCommand, type Context } from '../command.ts';
import { duration } from '../screen/numbers.ts';

/** brine init: recipes for a corpus of one's own. */
export function initCommand(context: Context): Command {
  const command = newCommand({
    usage: 'init <corpus>',
    summary: 'write recipes for your own text: sizes that fit it, this machine and a budget',
    example: 'brine init books/ --budget 30min',
  })
    .option('--teacher <folder>', 'a model that teaches; without it a small model is trained first')
    .option('--budget <time>', 'how long training may take in all, such as 30min or 2h', duration, 1800)
    .addOption(new Option('--device <device>', 'what computes').choices(['cpu', 'cuda']).default('cpu'))
    .option('--out <folder>', 'where slm.yaml, salt.yaml and models/ go', '.');
  return command.action(async (corpus: string) => {
    const { budget, ...options } = command.opts<{
      teacher?: string;
      budget: number;
      device: 'cpu' | 'cuda';
      out: string;
    }>();
    const display = displayOf(command, context);
    const { init } = await import('../../tasks/init/init.ts');
    const { report, text } = await init({ corpus, budgetSeconds: budget, ...options });
    display.result(report, text);
  });
}

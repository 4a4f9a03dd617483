import { Option, type Command } from 'commander';
import { displayOf, newCommand, type Context } from '../command.ts';
import { duration } from '../screen/numbers.ts';

/** brine init: writes recipes for a user's corpus. */
export function initCommand(context: Context): Command {
  const command = newCommand({
    usage: 'init <corpus>',
    summary: 'write recipes for your own text, with sizes that fit the text, this machine and a budget',
    example: 'brine init books/ --budget 30min',
  })
    .option('--teacher <folder>', 'existing teacher model (default: train a small model first)')
    .option('--budget <time>', 'total training time, such as 30min or 2h', duration, 1800)
    .addOption(new Option('--device <device>', 'device to train on').choices(['cpu', 'cuda']).default('cpu'))
    .option('--out <folder>', 'folder for slm.yaml, salt.yaml and models/', '.');
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

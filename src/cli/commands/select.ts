import { Option, type Command } from 'commander';
import { displayOf, newCommand, promptly, type Context } from '../command.ts';
import { SELECTION_RULES, STRATA, type SelectionRule, type Strata } from '../../select/rule.ts';
import { seed, shareOf } from '../screen/numbers.ts';

/** brine select: writes the rows to keep as a manifest for plans. */
export function selectCommand(context: Context): Command {
  const command = newCommand({
    usage: 'select <scores>',
    summary: 'choose rows by their scores and write a selection manifest',
    example:
      'brine select runs/scores.safetensors --data runs/nano-data --keep 50% --out runs/selection.json',
  })
    .requiredOption('--data <folder>', 'prepared folder')
    .requiredOption('--out <file>', 'file for the manifest')
    .option('--keep <share>', 'share of rows to keep', shareOf, 0.5)
    .addOption(
      new Option('--rule <rule>', 'salt: hard yet learnable; the others are controls')
        .choices(SELECTION_RULES)
        .default('salt'),
    )
    .addOption(
      new Option('--strata <strata>', 'source: keep the same share of the rows of every corpus file')
        .choices(STRATA)
        .default('none'),
    )
    .option('--seed <n>', 'seed of the rule random', seed, 1);
  return command.action(
    promptly(context, async (scores: string) => {
      const options = command.opts<{
        data: string;
        out: string;
        keep: number;
        rule: SelectionRule;
        seed: number;
        strata: Strata;
      }>();
      const display = displayOf(command, context);
      const { selectRows } = await import('../../tasks/selection/select.ts');
      const report = await selectRows({ ...options, scores });
      display.result(report, `kept ${report.kept} of ${report.rows} rows (${report.rule}): ${options.out}`);
    }),
  );
}

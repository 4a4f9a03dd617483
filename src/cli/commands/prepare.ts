import type { Command } from 'commander';
import { type Context, displayOf, loaded, newCommand, repeated } from '../command.ts';

/** brine prepare: text to tokenizer and token shards. */
export function prepareCommand(context: Context): Command {
  const command = newCommand({
    usage: 'prepare <corpus>',
    summary: 'turn text into a tokenizer and token shards',
    example: 'brine prepare books/ --out runs/data --set vocabulary=8192 --set row=512',
  })
    .option('--overwrite', 'replace existing prepared data with other content')
    .requiredOption('--out <folder>', 'prepared folder for tokenizer and token shards')
    .option(
      '--set <key=value>',
      'a key of the recipe’s data block: vocabulary, tokenizer, endOfText, row, validation, limit, textField, invalidText',
      repeated,
      [],
    );
  return command.action(async (corpus: string) => {
    const { out, set, overwrite } = command.opts<{ out: string; set: string[]; overwrite?: true }>();
    const display = displayOf(command, context);
    const { dataBlock } = await loaded(import('../../recipe/recipe.ts'), context);
    const { prepareData } = await loaded(import('../../inputs/prepare.ts'), context);
    const report = await prepareData(dataBlock({ corpus, prepared: out }, set), {
      signal: context.signal,
      overwrite: overwrite === true,
      observe: (line) => display.status([line]),
    });
    display.end();
    display.result(report.figures, report.text);
  });
}

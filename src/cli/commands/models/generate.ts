import type { Command } from 'commander';
import { type Context, displayOf, loaded, newCommand } from '../../command.ts';
import { notNegative, positive, seed, whole } from '../../screen/numbers.ts';

/** brine generate: samples text from a checkpoint or an exported model. An interruption keeps the text so far. */
export function generateCommand(context: Context): Command {
  const command = newCommand({
    usage: 'generate <checkpoint>',
    summary: 'sample text from a run, a checkpoint or an exported model, printed as it is generated',
    example: 'brine generate runs/nano-salt --prompt "The function returns" --tokens 60',
  })
    .option('--prompt <text>', 'beginning of the text', '')
    .option('--tokens <n>', 'maximum number of tokens to add', whole, 64)
    .option('--temperature <t>', '0 always selects the most probable token', notNegative, 0.8)
    .option(
      '--top-p <p>',
      'sample from the smallest set of tokens with this total probability',
      positive,
      0.95,
    )
    .option('--seed <n>', 'the same seed gives the same text', seed, 1)
    .option('--threads <n>', 'threads inside one operator', whole, 2);
  return command.action(async (checkpoint: string) => {
    const options = command.opts<{
      prompt: string;
      tokens: number;
      temperature: number;
      topP: number;
      seed: number;
      threads: number;
    }>();
    const display = displayOf(command, context);
    const { generateText } = await loaded(import('../../../tasks/generate.ts'), context);
    const { out, err } = context.streams;
    const report = await generateText({
      ...options,
      checkpoint,
      signal: context.signal,
      note: (text) => err.write(`${text}\n`), // standard output gets only the generated text
      stream: display.json ? undefined : (piece) => out.write(piece),
    });
    display.result(report, '');
    if (!display.json) out.write('\n');
  });
}

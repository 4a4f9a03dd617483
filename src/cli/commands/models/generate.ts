import type { Command } from 'commander';
import { type Context, displayOf, loaded, newCommand } from '../../command.ts';
import { notNegative, positive, seed, whole } from '../../screen/numbers.ts';

/** brine generate: sample text from a checkpoint or an exported model. What it has when it is interrupted stays. */
export function generateCommand(context: Context): Command {
  const command = newCommand({
    usage: 'generate <checkpoint>',
    summary: 'sample text from a run, a checkpoint or an exported model, shown as it grows',
    example: 'brine generate runs/nano-salt --prompt "The function returns" --tokens 60',
  })
    .option('--prompt <text>', 'what the text begins with', '')
    .option('--tokens <n>', 'how many tokens to add', whole, 64)
    .option('--temperature <t>', '0 takes the most probable token each time', notNegative, 0.8)
    .option('--top-p <p>', 'draw among the fewest tokens that hold this share of probability', positive, 0.95)
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
      note: (text) => err.write(`${text}\n`), // standard output holds the text alone
      stream: display.json ? undefined : (piece) => out.write(piece),
    });
    display.result(report, '');
    if (!display.json) out.write('\n');
  });
}

import type { Command } from 'commander';
import { type Context, displayOf, loaded, newCommand } from '../command.ts';
import { whole } from '../screen/numbers.ts';

/** brine demo: trains and compares every plan on one machine. */
export function demoCommand(context: Context): Command {
  const command = newCommand({
    usage: 'demo',
    summary: 'watch a small model help a larger one: train and compare every plan in a few minutes',
    example: 'brine demo --corpus ~/books',
  })
    .option('--corpus <path>', 'text to train on', 'node_modules')
    .option('--out <folder>', 'folder of the runs', 'runs/demo')
    .option('--steps <n>', 'steps of every plan (default: as in cluster/nano-*.yaml)', whole);
  return command.action(async () => {
    const options = command.opts<{ corpus: string; out: string; steps?: number }>();
    const display = displayOf(command, context);
    const { demo } = await loaded(import('../../demo/demo.ts'), context);
    const { saysWhere, show } = await loaded(import('../screen/snapshot-text.ts'), context);
    const { report, text } = await demo({
      ...options,
      brine: context.brine,
      environment: context.environment,
      signal: context.signal,
      observe: (event) => {
        if (!saysWhere(event)) show(display, event); // seven runs follow one another
      },
    });
    display.result(report, text);
  });
}

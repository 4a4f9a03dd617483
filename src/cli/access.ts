import type { Command } from 'commander';
import type { Streams } from './screen/display.ts';

/** The options of commands that open sockets for others: --keys and --insecure. */
export function withAccess(command: Command): Command {
  return command
    .option('--keys <folder>', 'keys that brine keys made; only holders of an admitted key get in')
    .option('--insecure', 'serve other machines without keys: whoever reaches the address gets in');
}

/** --keys as an assignment to the recipe, which all processes of a run read. */
export function keysSetting({ keys }: { keys?: string | undefined }): string[] {
  return keys === undefined ? [] : [`roles.keys=${keys}`];
}

/** Says on standard error what was asked for. */
export function warnInsecure(
  { insecure, keys }: { insecure?: true | undefined; keys?: string | undefined },
  { err }: Streams,
): void {
  if (!insecure || keys !== undefined) return;
  err.write(
    'warning: --insecure: nothing is encrypted and nobody is checked. Whoever reaches an address of this run can read its data, ' +
      'give it wrong labels and gradients, and end it.\n',
  );
}

import type { Command } from 'commander';
import type { Streams } from './screen/display.ts';

/** Adds --keys and --insecure to a command that opens sockets. */
export function withAccess(command: Command): Command {
  return command
    .option('--keys <folder>', 'folder made by brine keys; only peers with an admitted key can connect')
    .option(
      '--insecure',
      'serve other machines without keys: any client that reaches the address can connect',
    );
}

/** --keys as an assignment to the recipe, which all processes of a run read. */
export function keysSetting({ keys }: { keys?: string | undefined }): string[] {
  return keys === undefined ? [] : [`roles.keys=${keys}`];
}

/** Warns on standard error about --insecure without keys. */
export function warnInsecure(
  { insecure, keys }: { insecure?: true | undefined; keys?: string | undefined },
  { err }: Streams,
): void {
  if (!insecure || keys !== undefined) return;
  err.write(
    'warning: --insecure: nothing is encrypted or authenticated. Any client that reaches an address of this run can read its data, ' +
      'send wrong labels and gradients, and end the run.\n',
  );
}

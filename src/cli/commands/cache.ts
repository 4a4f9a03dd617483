import { Command } from 'commander';
import { keysSetting, warnInsecure, withAccess } from '../access.ts';
import { type Context, displayOf, loaded, newCommand, repeated } from '../command.ts';
import { rank } from '../screen/numbers.ts';
import { cacheToolCommands } from './cache-tools.ts';

/** brine cache: the soft-label cache. */
export function cacheCommand(context: Context): Command {
  const command = new Command('cache')
    .description('the soft-label cache: serve one, count, verify, merge, export, spread over servers')
    .addCommand(serveCommand(context));
  for (const tool of cacheToolCommands(context)) command.addCommand(tool);
  return command;
}

function serveCommand(context: Context): Command {
  const command = withAccess(
    newCommand({
      usage: 'serve <recipe>',
      summary: 'fill the label cache of a recipe ahead of training: serve it to teachers until it is full',
      example: 'brine cache serve cluster/nano-salt.yaml --bind tcp://127.0.0.1:41873',
    }),
  )
    .option('--set <key=value>', 'set a key of the recipe (repeatable)', repeated, [])
    .option(
      '--bind <address>',
      'address to serve at (default: that of the recipe); port * selects a free one',
    )
    .option('--part <i>', 'index of this server among roles.caches, from 0', rank, 0);
  return command.action(async (file: string) => {
    const { bind, part, set, ...access } = command.opts<{
      bind?: string;
      part: number;
      set: string[];
      keys?: string;
      insecure?: true;
    }>();
    const display = displayOf(command, context);
    const { readRecipe } = await loaded(import('../../recipe/recipe.ts'), context);
    const { serveCache } = await loaded(import('../../tasks/serve-cache.ts'), context);
    const recipe = await readRecipe(file, [...set, ...keysSetting(access)]);
    warnInsecure({ ...access, ...recipe.roles }, context.streams);
    const report = await serveCache({
      recipe,
      insecure: access.insecure,
      bind,
      partition: part,
      signal: context.signal,
      note: (text) => display.note(text),
      observe: (text) => display.status([text]),
    });
    display.result(
      report,
      `${report.stored} of ${report.wanted} rows stored${report.filled ? '' : '; run the same command to continue'}`,
    );
  });
}

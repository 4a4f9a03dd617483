import type { Command } from 'commander';
import { keysSetting, warnInsecure, withAccess } from '../access.ts';
import { displayOf, newCommand, repeated, type Context } from '../command.ts';
import { showDryRun } from '../dry-run.ts';
import { onMissingOption, onMissingSets } from '../labels-options.ts';
import { resumeOption } from '../resume-option.ts';

/** brine train RECIPE: one machine, every role a process. */
export function trainCommand(context: Context): Command {
  const command = withAccess(
    newCommand({
      usage: 'train <recipe>',
      summary: 'train a model as a recipe says, with every process it needs on this machine',
      example: 'brine train cluster/nano-salt.yaml --set student.seed=2 --set run=runs/again',
    }),
  )
    .option('--set <key=value>', 'change a key of the recipe (may stand several times)', repeated, [])
    .option(
      '--dry-run',
      'print the processes, size, memory and traffic of the run, and what would stop it; start nothing',
    )
    .option('--replay <folder>', 'take all labels from this filled cache; no teacher is started')
    .addOption(onMissingOption())
    .addOption(resumeOption());
  return command.action(async (file: string) => {
    const options = command.opts<{
      set: string[];
      dryRun?: true;
      replay?: string;
      onMissing?: string;
      resume?: true | 'auto';
      keys?: string;
      insecure?: true;
    }>();
    const display = displayOf(command, context);
    const { readRecipe } = await import('../../run/recipe.ts');
    const recipe = await readRecipe(file, [
      ...options.set,
      ...onMissingSets(options),
      ...keysSetting(options),
    ]);
    warnInsecure({ ...options, ...recipe.roles }, context.streams);
    const { conditionsOf, dryRun, train } = await import('../../run/train.ts');
    const settings = {
      recipe,
      brine: context.brine,
      environment: context.environment,
      replay: options.replay,
      resume: options.resume !== undefined,
      insecure: options.insecure,
      signal: context.signal,
    };
    if (options.dryRun) {
      await showDryRun(display, dryRun(settings), { ...settings, conditions: conditionsOf(settings) });
      return;
    }
    const { endingOf, show } = await import('../snapshot-text.ts');
    const result = await train({
      ...settings,
      observe: (event) => show(display, event),
    });
    display.result(result, endingOf(result));
  });
}

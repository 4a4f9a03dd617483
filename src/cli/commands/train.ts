import type { Command } from 'commander';
import { keysSetting, warnInsecure, withAccess } from '../access.ts';
import { type Context, displayOf, loaded, newCommand, repeated } from '../command.ts';
import { showDryRun } from '../dry-run.ts';
import { onMissingOption, onMissingSets } from '../labels-options.ts';
import { resumeOf, withResume } from '../resume-option.ts';
import { trackingOf, withTrack } from '../track-option.ts';
import type { Resume } from '../../worker/resume/resumption.ts';

/** brine train RECIPE: trains on one machine, with one process for each role. */
export function trainCommand(context: Context): Command {
  const command = withTrack(
    withResume(
      withAccess(
        newCommand({
          usage: 'train <recipe>',
          summary: 'train a model by a recipe, with all processes on this machine',
          example: 'brine train cluster/nano-salt.yaml --set student.seed=2 --set run=runs/again',
        }),
      ),
    ),
  )
    .option('--set <key=value>', 'set a key of the recipe (repeatable)', repeated, [])
    .option(
      '--dry-run',
      'print the processes, size, memory and traffic of the run, and any error that would stop it; start nothing',
    )
    .option('--replay <folder>', 'serve all labels from this filled cache, without a teacher')
    .addOption(onMissingOption());
  return command.action(async (file: string) => {
    const options = command.opts<{
      set: string[];
      dryRun?: true;
      replay?: string;
      onMissing?: string;
      resume?: Resume;
      keys?: string;
      insecure?: true;
      track?: string;
    }>();
    const track = trackingOf(options, context.environment);
    const display = displayOf(command, context);
    const { readRunRecipe } = await loaded(import('../../worker/resume/saved-recipe.ts'), context);
    const sets = [...options.set, ...onMissingSets(options), ...keysSetting(options)];
    const recipe = await readRunRecipe(file, sets);
    warnInsecure({ ...options, ...recipe.roles }, context.streams);
    const { conditionsOf, dryRun, train } = await loaded(import('../../launch/train.ts'), context);
    const settings = {
      recipe,
      brine: context.brine,
      environment: context.environment,
      replay: options.replay,
      resume: resumeOf(options),
      insecure: options.insecure,
      signal: context.signal,
      track,
    };
    if (options.dryRun) {
      await showDryRun(display, dryRun(settings), { ...settings, conditions: conditionsOf(settings) });
      return;
    }
    const { endingOf, show } = await loaded(import('../screen/snapshot-text.ts'), context);
    const result = await train({
      ...settings,
      observe: (event) => show(display, event),
    });
    display.result(result, endingOf(result));
  });
}

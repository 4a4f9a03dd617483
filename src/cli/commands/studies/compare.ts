import type { Command } from 'commander';
import { type Context, displayOf, loaded, newCommand, repeated } from '../../command.ts';

/** brine compare: trains the plans of a study with several seeds and compares them. */
export function compareCommand(context: Context): Command {
  const command = newCommand({
    usage: 'compare <study>',
    summary:
      'train several plans with several seeds, each at its own best learning rate, and compare them with a baseline: loss, steps and compute, with 95% intervals',
    example: 'brine compare cluster/studies/quick.yaml',
  })
    .option('--set <key=value>', 'set a key of the study, for example seeds=[1,2] (repeatable)', repeated, [])
    .option('--dry-run', 'print the runs of the study and train nothing');
  return command.action(async (file: string) => {
    const { set, dryRun } = command.opts<{ set: string[]; dryRun?: boolean }>();
    const display = displayOf(command, context);
    const { readStudy } = await loaded(import('../../../study/study-file.ts'), context);
    const study = await readStudy(file, set);
    if (dryRun) {
      const { describeStudy } = await loaded(import('../../../study/describe.ts'), context);
      const { jobs, text } = await describeStudy(study);
      return display.result({ folder: study.folder, runs: jobs }, text);
    }
    const { runStudy } = await loaded(import('../../../study/study.ts'), context);
    const { conclude } = await loaded(import('../../../study/describe.ts'), context);
    const record = await runStudy({
      study,
      brine: context.brine,
      environment: context.environment,
      signal: context.signal,
      note: (text) => display.note(`study     ${text}`),
      observe: (lines) => display.status(lines.map((text) => `study     ${text}`)),
    });
    const { summaries, verdicts, text } = conclude(record);
    display.result({ ...record, summaries, verdicts }, text);
  });
}

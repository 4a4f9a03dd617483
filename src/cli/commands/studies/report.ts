import type { Command } from 'commander';
import { type Context, displayOf, loaded, newCommand, promptly } from '../../command.ts';

/** brine report RUN|STUDY: describes a run or a study in one HTML file. */
export function reportCommand(context: Context): Command {
  const command = newCommand({
    usage: 'report <folder>',
    summary: 'describe a run or a study in one HTML file: charts, tables, selected rows, sample texts',
    example: 'brine report runs/nano-salt',
  })
    .option('--out <file>', 'the file to write (default: report.html in the folder)')
    .option('--no-samples', 'generate no sample texts from the latest checkpoint');
  return command.action(
    promptly(context, async (folder: string) => {
      const options = command.opts<{ out?: string; samples: boolean }>();
      const display = displayOf(command, context);
      const { writeReport } = await loaded(import('../../../reporting/report.ts'), context);
      const report = await writeReport({ ...options, folder, signal: context.signal });
      display.result(report, `report    ${report.out}`);
    }),
  );
}

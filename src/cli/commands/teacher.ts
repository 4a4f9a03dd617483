import type { Command } from 'commander';
import { displayOf, newCommand, type Context } from '../command.ts';
import { whole } from '../numbers.ts';

/** brine teacher: attach one more teacher to a cache, at any time. */
export function teacherCommand(context: Context): Command {
  const command = newCommand({
    usage: 'teacher <checkpoint>',
    summary: 'attach a teacher to a label cache; it draws labels until none are wanted',
    example: 'brine teacher runs/nano-slm --cache tcp://127.0.0.1:41873',
  })
    .requiredOption('--cache <address>', 'where the cache is served')
    .option('--threads <n>', 'threads inside one operator', whole, 1);
  return command.action(async (checkpoint: string) => {
    const options = command.opts<{ cache: string; threads: number }>();
    const display = displayOf(command, context);
    const { attachTeacher } = await import('../../run/teacher.ts');
    const report = await attachTeacher({
      ...options,
      checkpoint,
      signal: context.signal,
      observe: (text) => display.status([text]),
    });
    display.result(report, `drew labels for ${report.rows} rows in ${report.seconds.toFixed(1)} s`);
  });
}

import { Option, type Command } from 'commander';
import { BrineError } from '../../base/errors.ts';
import { displayOf, newCommand, promptly, type Context } from '../command.ts';

/** brine doctor: checks that this machine has what Brine needs. */
export function doctorCommand(context: Context): Command {
  const command = newCommand({
    usage: 'doctor',
    summary: 'check that this machine has what Brine needs',
    example: 'brine doctor --device cuda',
  }).addOption(
    new Option('--device <device>', 'device that runs will use').choices(['cpu', 'cuda']).default('cpu'),
  );
  return command.action(
    promptly(context, async () => {
      const display = displayOf(command, context);
      const { examine } = await import('../../tasks/doctor.ts');
      const findings = await examine({
        device: command.opts<{ device: 'cpu' | 'cuda' }>().device,
        libraryPath: context.environment['LD_LIBRARY_PATH'],
      });
      const width = Math.max(...findings.map(({ name }) => name.length));
      display.result(
        { findings },
        findings
          .map(({ name, state, detail }) => `${MARKS[state]} ${name.padEnd(width)}  ${detail}`)
          .join('\n'),
      );
      const broken = findings.filter(({ state }) => state === 'broken');
      if (broken.length > 0) {
        throw new BrineError(
          'ENVIRONMENT_BROKEN',
          `${broken.map(({ name }) => name).join(', ')}: not usable on this machine`,
          {
            hint: broken.map(({ hint }) => hint).join(' '),
          },
        );
      }
    }),
  );
}

const MARKS = { good: '✓', absent: '–', broken: '✗' } as const;

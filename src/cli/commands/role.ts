import { Option, type Command } from 'commander';
import { BrineError } from '../../base/errors.ts';
import type { RoleSettings } from '../../run/role-main.ts';
import { newCommand, type Context } from '../command.ts';
import { rank as rankOf } from '../numbers.ts';

/** brine role: one process of a run, started by `brine train`. Not for people. Its output goes to its log. */
export function roleCommand(context: Context): Command {
  const command = newCommand({
    usage: 'role <name>',
    summary: 'one process of a run: cache, teacher or student',
    example: 'brine role student --rank 0 --run runs/x --coordinator tcp://127.0.0.1:41873',
  })
    .requiredOption('--rank <n>', 'among the roles of that name', rankOf)
    .requiredOption('--run <folder>', 'the run folder with its resolved recipe')
    .requiredOption('--coordinator <address>', 'where the coordinator serves')
    .addOption(new Option('--replay <folder>', 'for the cache: serve this filled cache'))
    .addOption(
      new Option('--endpoint <address>', 'for the cache: serve here, in the place of one that was lost'),
    )
    .addOption(new Option('--insecure', 'serve other machines without keys'))
    .addOption(new Option('--resume', 'for a student: go on from the last checkpoint'));
  return command.action(async (role: string) => {
    const { resume, ...options } = command.opts<{
      rank: number;
      run: string;
      coordinator: string;
      replay?: string;
      endpoint?: string;
      resume?: true;
      insecure?: true;
    }>();
    const abort = new AbortController();
    const leaves = context.signal;
    leaves.addEventListener('abort', () => abort.abort(cancelled('it was asked to')));
    const settings = { ...options, resume: resume === true, signal: abort.signal, leaves };
    if (role !== 'cache' && role !== 'teacher' && role !== 'student') {
      throw new BrineError('BAD_ARGUMENT', `there is no role ${role}`, {
        hint: 'Roles are cache, teacher and student.',
      });
    }
    const leave = async () => {
      await context.orphaned();
      const { goesOnWithout } = await import('../../run/orphan.ts');
      // With its machine lost the role goes as that does, at once; its orderly end would be the end of the others too.
      if (await goesOnWithout(role, settings)) process.kill(process.pid, 'SIGKILL');
    };
    void leave().finally(() => abort.abort(cancelled('what started it has gone')));
    await workOf(role, settings);
    context.obeyed();
  });
}

async function workOf(role: 'cache' | 'teacher' | 'student', settings: RoleSettings): Promise<void> {
  if (role === 'student') return (await import('../../run/student-role.ts')).studentRole(settings);
  if (role === 'teacher') return (await import('../../run/teacher-role.ts')).teacherRole(settings);
  return (await import('../../run/cache-role.ts')).cacheRole(settings);
}

function cancelled(why: string): BrineError {
  return new BrineError('CANCELLED', `the process ends before the run does: ${why}`, {
    hint: 'Resume the run with --resume.',
  });
}

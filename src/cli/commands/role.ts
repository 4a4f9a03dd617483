import { Option, type Command } from 'commander';
import { BrineError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { newCommand, type Context } from '../command.ts';
import { rank as rankOf } from '../screen/numbers.ts';

/** brine role: one process of a run, started by `brine train`, not by users. Its output goes to its log. */
export function roleCommand(context: Context): Command {
  const command = newCommand({
    usage: 'role <name>',
    summary: 'one process of a run: cache, teacher or student',
    example: 'brine role student --rank 0 --run runs/x --coordinator tcp://127.0.0.1:41873',
  })
    .requiredOption('--rank <n>', 'rank among the processes of this role', rankOf)
    .requiredOption('--run <folder>', 'the run folder with its resolved recipe')
    .requiredOption('--coordinator <address>', 'address of the coordinator')
    .addOption(new Option('--replay <folder>', 'for the cache: serve this filled cache'))
    .addOption(
      new Option('--endpoint <address>', 'for the cache: address of the lost server that this one replaces'),
    )
    .addOption(new Option('--bind <address>', 'roles.bind of this machine (default: that of the run folder)'))
    .addOption(new Option('--keys <folder>', 'roles.keys of this machine (default: those of the run folder)'))
    .addOption(new Option('--insecure', 'serve other machines without keys'));
  return command.action(async (role: string) => {
    const options = command.opts<{
      rank: number;
      run: string;
      coordinator: string;
      replay?: string;
      endpoint?: string;
      bind?: string;
      keys?: string;
      insecure?: true;
    }>();
    if (role !== 'cache' && role !== 'teacher' && role !== 'student') {
      throw new BrineError(
        'BAD_ARGUMENT',
        `there is no role ${role}.${didYouMean(role, ['cache', 'teacher', 'student'])}`,
        {
          hint: 'Roles are cache, teacher and student.',
        },
      );
    }
    const { askedToEnd } = await import('../../worker/participation.ts');
    const abort = new AbortController();
    const end = () => abort.abort(askedToEnd(`${role}-${options.rank}`, 'SIGTERM'));
    if (context.signal.aborted) end();
    context.signal.addEventListener('abort', end);
    const settings = {
      ...options,
      signal: abort.signal,
      orphaned: context.orphaned(),
      vanish: () => void process.kill(process.pid, 'SIGKILL'),
    };
    context.obeys();
    if (role === 'student')
      return (await import('../../worker/student/student-role.ts')).studentRole(settings);
    if (role === 'teacher')
      return (await import('../../worker/teacher/teacher-role.ts')).teacherRole(settings);
    return (await import('../../worker/cache-role.ts')).cacheRole(settings);
  });
}

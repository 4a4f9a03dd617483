import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { countText, secondsText } from '../../base/quantities.ts';
import { type Context, displayOf, loaded, newCommand, oneOf } from '../command.ts';
import { whole } from '../screen/numbers.ts';

/** brine teacher: attaches another teacher to a label cache, at any time. */
export function teacherCommand(context: Context): Command {
  const command = newCommand({
    usage: 'teacher [checkpoint]',
    summary:
      'connect a teacher to a label cache; it fetches the model from the cache unless a checkpoint is given, and draws labels until all are stored',
    example: 'brine teacher --run runs/nano-salt --engines 2',
  })
    .option('--run <folder>', 'use the label cache of this running run')
    .option(
      '--cache <addresses>',
      'addresses of all cache servers, separated by commas, instead of --run',
      listed,
    )
    .option(
      '--keys <folder>',
      'folder with teacher.secret and cache.public, if the cache has keys (default: the keys of --run)',
    )
    .option('--engines <n>', 'engines in this process: threads with cpu, devices with cuda', whole, 1)
    .option('--threads <n>', 'threads inside one operator, for each engine', whole, 1)
    .addOption(
      new Option('--device <kind>', 'device that runs the model').choices(['cpu', 'cuda']).default('cpu'),
    )
    .option(
      '--store <folder>',
      'folder for fetched models (default: brine/models in $XDG_CACHE_HOME, or in ~/.cache)',
    );
  return command.action(async (checkpoint: string | undefined) => {
    const { cache, run, ...options } = command.opts<{
      cache?: string[];
      run?: string;
      keys?: string;
      engines: number;
      threads: number;
      device: 'cpu' | 'cuda';
      store?: string;
    }>();
    oneOf(command, { run, cache });
    const display = displayOf(command, context);
    const { findCoordinator } = await loaded(import('../../coordinator/find-coordinator.ts'), context);
    const found = run === undefined ? undefined : await findCoordinator(run, { labels: true });
    const { attachTeacher } = await loaded(import('../../worker/teacher/teacher.ts'), context);
    const report = await attachTeacher({
      ...options,
      keys: options.keys ?? found?.keys,
      store: options.store ?? storeFolder(context),
      checkpoint,
      caches: cache ?? found!.caches,
      began: 0,
      signal: context.signal,
      note: (text) => display.note(text),
      observe: (text) => display.status([text]),
    });
    display.result(
      report,
      `drew labels for ${countText(report.rows)} rows in ${secondsText(report.seconds)}`,
    );
  });
}

function listed(text: string): string[] {
  return text.split(',').filter((address) => address !== '');
}

/**
 * Folder for fetched models, by the XDG base directory specification. A user without a home folder
 * uses that of temporary files.
 */
function storeFolder({ environment }: Context): string {
  return join(environment['XDG_CACHE_HOME'] || join(home(), '.cache'), 'brine', 'models');
}

function home(): string {
  try {
    return homedir() || tmpdir();
  } catch {
    return tmpdir();
  }
}

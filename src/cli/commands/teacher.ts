import { Option, type Command } from 'commander';
import { bytesText, countText, rateText, secondsText } from '../../base/quantities.ts';
import { type Context, displayOf, loaded, newCommand, oneOf } from '../command.ts';
import type { Display } from '../screen/display.ts';
import { whole } from '../screen/numbers.ts';
import type { TeachEvent } from '../../worker/teacher/teacher.ts';

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
    const { drawLabels, modelStore } = await loaded(import('../../tasks/teach.ts'), context);
    const report = await drawLabels({
      ...options,
      run,
      caches: cache,
      store: options.store ?? modelStore(context.environment),
      checkpoint,
      began: 0,
      signal: context.signal,
      observe: (event) => show(display, event),
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

function show(display: Display, event: TeachEvent): void {
  if (event.kind === 'connected') {
    const { model, engines, caches } = event;
    const count = `${engines} ${engines === 1 ? 'engine' : 'engines'}`;
    display.note(`teacher   ${model} · ${count} at ${caches.join(', ')}`);
  } else if (event.kind === 'fetching') {
    display.status([`model     ${bytesText(event.fetched)} of ${bytesText(event.bytes)} fetched`]);
  } else {
    display.status([`teacher   ${countText(event.rows)} rows · ${rateText(event.tokensPerSecond)} tokens/s`]);
  }
}

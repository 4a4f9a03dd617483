import type { Command } from 'commander';
import { bytesText, countText } from '../../base/quantities.ts';
import { type Context, displayOf, loaded, newCommand, promptly } from '../command.ts';
import { seed, whole } from '../screen/numbers.ts';

/** Commands that inspect label caches, and that make one from others. */
export function cacheToolCommands(context: Context): Command[] {
  return [
    statsCommand(context),
    verifyCommand(context),
    mergeCommand(context),
    exportCommand(context),
    spreadCommand(context),
  ];
}

function statsCommand(context: Context): Command {
  const command = newCommand({
    usage: 'stats <folders...>',
    summary: 'show the contents and partitions of label caches of one identity',
    example: 'brine cache stats runs/nano-labels',
  });
  return command.action(
    promptly(context, async (folders: string[]) => {
      const { display, watch } = watching(command, context);
      const { cacheStats, statsText } = await loaded(import('../../cache-tools/stats.ts'), context);
      const stats = await cacheStats({ folders, ...watch });
      display.result(stats, statsText(stats));
    }),
  );
}

function verifyCommand(context: Context): Command {
  const command = newCommand({
    usage: 'verify <folders...>',
    summary:
      'read every record again; with --data against its token ids, with --teacher against fresh labels',
    example: 'brine cache verify runs/nano-labels --data runs/nano-data --teacher runs/nano-slm --sample 64',
  })
    .option('--data <folder>', 'prepared folder: check the token ids of every row')
    .option('--teacher <checkpoint>', 'draw a random sample again and compare bytes (needs --data)')
    .option('--sample <n>', 'number of rows to draw again', whole, 64)
    .option('--seed <n>', 'seed of the sample', seed, 1)
    .option('--threads <n>', 'threads of the teacher', whole, 2)
    .option('--repair', 'delete records that are damaged or misaligned, for a teacher to draw again');
  return command.action(async (folders: string[]) => {
    const options = command.opts<{
      data?: string;
      teacher?: string;
      sample: number;
      seed: number;
      threads: number;
      repair?: boolean;
    }>();
    const { display, watch } = watching(command, context);
    const { verifyCache, verifyFailure, verifyText } = await loaded(
      import('../../cache-tools/verify.ts'),
      context,
    );
    const report = await verifyCache({ ...options, folders, ...watch });
    display.result(report, verifyText(report));
    const failure = verifyFailure(report);
    if (failure) throw failure;
  });
}

function mergeCommand(context: Context): Command {
  const command = newCommand({
    usage: 'merge <folders...>',
    summary: 'join label caches of one identity into a new one',
    example: 'brine cache merge runs/labels-a runs/labels-b --out runs/labels',
  }).requiredOption('--out <folder>', 'folder of the new cache, which must not exist');
  return command.action(async (folders: string[]) => {
    const { out } = command.opts<{ out: string }>();
    const { display, watch } = watching(command, context);
    const { mergeCaches } = await loaded(import('../../cache-tools/merge.ts'), context);
    const report = await mergeCaches({ folders, out, ...watch });
    const { rows, bytes, duplicates } = report;
    const text = `${countText(rows)} rows, ${bytesText(bytes)} in ${out}; ${duplicates} were in more than one folder`;
    display.result(report, text);
  });
}

function exportCommand(context: Context): Command {
  const command = newCommand({
    usage: 'export <folders...>',
    summary: 'write label caches of one identity as a parquet file, one row per token position',
    example: 'brine cache export runs/nano-labels --out labels.parquet',
  }).requiredOption('--out <file>', 'the parquet file; an existing one is replaced');
  return command.action(async (folders: string[]) => {
    const { out } = command.opts<{ out: string }>();
    const { display, watch } = watching(command, context);
    const { exportCaches } = await loaded(import('../../cache-tools/export.ts'), context);
    const report = await exportCaches({ folders, out, ...watch });
    display.result(report, `${report.positions} positions of ${report.rows} rows in ${out}`);
  });
}

function spreadCommand(context: Context): Command {
  const command = newCommand({
    usage: 'spread <folder>',
    summary: 'partition a label cache for another number of servers: FOLDER, FOLDER.1, …',
    example: 'brine cache spread runs/nano-labels --parts 3',
  }).requiredOption('--parts <n>', 'number of servers', whole);
  return command.action(async (folder: string) => {
    const { parts } = command.opts<{ parts: number }>();
    const { display, watch } = watching(command, context);
    const { spreadCache } = await loaded(import('../../cache-tools/spread.ts'), context);
    const report = await spreadCache({ folder, partitions: parts, ...watch });
    const removed = report.removed.map((name) => `; ${name} was empty and has been removed`).join('');
    display.result(
      report,
      `${report.moved} of ${report.rows} rows moved: ${report.folders.join(' ')}${removed}`,
    );
  });
}

function watching(command: Command, context: Context) {
  const display = displayOf(command, context);
  const observe = (text: string) => display.status([text]);
  return { display, watch: { signal: context.signal, observe } };
}

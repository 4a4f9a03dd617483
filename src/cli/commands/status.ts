import type { Command } from 'commander';
import { displayOf, newCommand, promptly, type Context } from '../command.ts';

/** brine status: how a run stands, asked of its coordinator. */
export function statusCommand(context: Context): Command {
  const command = newCommand({
    usage: 'status',
    summary: 'show how a run stands: ranks, ring, step, speed, teachers, how often labels were there',
    example: 'brine status --coordinator tcp://127.0.0.1:29400',
  })
    .requiredOption(
      '--coordinator <address>',
      'where the coordinator serves; the run prints it when it begins',
    )
    .option('--keys <folder>', 'keys with the secret of an observer, when the run has keys');
  return command.action(
    promptly(context, async () => {
      const { coordinator, keys } = command.opts<{ coordinator: string; keys?: string }>();
      const display = displayOf(command, context);
      const { askStatus, hitRateOf, snapshotOf } = await import('../../run/status.ts');
      const { openTransport } = await import('../../run/addresses.ts');
      const { formatSnapshot, formatStatus } = await import('../snapshot-text.ts');
      const transport = await openTransport('observer', { keys });
      try {
        const { kind: _, ...status } = await askStatus(transport, coordinator);
        const run = { kind: 'status', ...status } as const;
        const hitRate = hitRateOf(run);
        display.result(
          { ...status, hitRate },
          [...formatStatus(run, hitRate), ...formatSnapshot(snapshotOf(run))].join('\n'),
        );
      } finally {
        await transport.close();
      }
    }),
  );
}

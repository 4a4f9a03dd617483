import type { Command } from 'commander';
import { displayOf, newCommand, type Context } from '../command.ts';

/** brine status: how a run stands, asked of its coordinator. */
export function statusCommand(context: Context): Command {
  const command = newCommand({
    usage: 'status',
    summary: 'show how a run stands: ranks, ring, step, speed, teachers, how often labels were there',
    example: 'brine status --coordinator tcp://127.0.0.1:29400',
  }).requiredOption(
    '--coordinator <address>',
    'where the coordinator serves; the run prints it when it begins',
  );
  return command.action(async () => {
    const { coordinator } = command.opts<{ coordinator: string }>();
    const display = displayOf(command, context);
    const { askStatus, hitRateOf, snapshotOf } = await import('../../run/status.ts');
    const { zmqTransport } = await import('../../transport/zmq.ts');
    const { formatSnapshot, formatStatus } = await import('../snapshot-text.ts');
    const transport = zmqTransport();
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
  });
}

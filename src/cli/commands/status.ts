import type { Command } from 'commander';
import { wrapParts } from '../screen/cells.ts';
import { displayOf, newCommand, oneOf, promptly, type Context } from '../command.ts';

/** Columns of a terminal, except the last one, after which some terminals wrap. */
const COLUMNS = 79;

/** brine status: shows the state of a run, as reported by its coordinator. */
export function statusCommand(context: Context): Command {
  const command = newCommand({
    usage: 'status [run]',
    summary: 'show the state of a run: ranks, ring, step, throughput, teachers, cache hit rate',
    example: 'brine status runs/nano-salt',
  })
    .option(
      '--coordinator <address>',
      'address of the coordinator, instead of a run folder; the run prints it when it starts',
    )
    .option(
      '--keys <folder>',
      'folder with observer.secret, if the run has keys (default: the keys of the run folder)',
    );
  return command.action(
    promptly(context, async (run: string | undefined) => {
      const options = command.opts<{ coordinator?: string; keys?: string }>();
      oneOf(command, { run, coordinator: options.coordinator });
      const display = displayOf(command, context);
      const { askStatus, hitRateOf, snapshotOf } = await import('../../control/status.ts');
      const { openTransport } = await import('../../recipe/addresses.ts');
      const { formatSnapshot, formatStatus } = await import('../screen/snapshot-text.ts');
      const { findCoordinator } = await import('../../coordinator/find-coordinator.ts');
      const found = run === undefined ? undefined : await findCoordinator(run);
      const coordinator = options.coordinator ?? found!.coordinator;
      const transport = await openTransport('observer', { keys: options.keys ?? found?.keys });
      try {
        const { kind: _, ...status } = await askStatus(transport, coordinator);
        const asked = { kind: 'status', ...status } as const;
        const hitRate = hitRateOf(asked);
        display.result(
          { ...status, hitRate },
          [...formatStatus(asked, hitRate), ...formatSnapshot(snapshotOf(asked))]
            .flatMap((line) => wrapParts(line, COLUMNS))
            .join('\n'),
        );
      } finally {
        await transport.close();
      }
    }),
  );
}

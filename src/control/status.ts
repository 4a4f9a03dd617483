import { BrineError } from '../base/errors.ts';
import { handledLater } from '../base/promises.ts';
import { checkAnswers, firstAnswer } from '../transport/listener.ts';
import type { Transport } from '../transport/transport.ts';
import { CONTROL_LIMITS, coordinatorAt, type RunStatus } from './messages.ts';
import { decodeToRole, encodeFromRole } from './message-codec.ts';
import { SnapshotKeeper, type Snapshot } from './snapshot.ts';

/**
 * Ask a coordinator for the state of its run. Throws DEADLINE without an answer, ADDRESS_WRONG for
 * another server.
 */
export async function askStatus(
  transport: Transport,
  coordinator: string,
  deadlineMs = 5000,
): Promise<RunStatus> {
  const expected = coordinatorAt(coordinator);
  const client = await transport.dial(coordinator, CONTROL_LIMITS);
  try {
    void handledLater(client.send([encodeFromRole({ kind: 'askStatus' })])); // the answer has a deadline
    const late = silence(coordinator, deadlineMs);
    const frames = await firstAnswer(client.receive(), { ...expected, deadlineMs, late });
    checkAnswers(expected, frames);
    const message = decodeToRole(frames[0]);
    if (message.kind === 'status') return message;
    throw late;
  } finally {
    await client.close();
  }
}

/** Convert a status to a snapshot. */
export function snapshotOf({ ranks, reports }: RunStatus): Snapshot {
  const keeper = new SnapshotKeeper(ranks);
  let snapshot: Snapshot = { ranks };
  for (const { name, ...figures } of reports) snapshot = keeper.after({ kind: 'progress', name, figures });
  return snapshot;
}

/** The cache hit rate, from 0 to 1; undefined before the first fetch. */
export function hitRateOf({ reports }: RunStatus): number | undefined {
  const sum = (figure: string) =>
    reports
      .filter(({ name }) => name.startsWith('cache'))
      .reduce((total, { numbers }) => total + (numbers[figure] ?? 0), 0);
  const [hits, misses] = [sum('hits'), sum('misses')];
  return hits + misses === 0 ? undefined : hits / (hits + misses);
}

function silence(coordinator: string, deadlineMs: number): BrineError {
  return new BrineError(
    'DEADLINE',
    `no coordinator answered at ${coordinator} within ${deadlineMs / 1000} s`,
    {
      hint: 'The run prints its address at its start. Check that it is still running and that this machine can reach it.',
    },
  );
}

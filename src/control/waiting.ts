import type { RunStatus } from './messages.ts';
import type { Snapshot } from './snapshot.ts';

const LOOK_EVERY_MS = 1_000;

/** States of a run in which nobody trains until all are there. An elastic run may be short of processes and train. */
const WAITING: ReadonlySet<string> = new Set(['adopting', 'joining', 'rendezvous']);

/** Tells every second whom the head of a run waits for, and once more when it waits no longer. The caller closes it. */
export function watchMissing(
  status: () => Pick<RunStatus, 'missing' | 'state'>,
  tell: (waiting: Snapshot['waiting']) => void,
): { close: () => void } {
  let since: number | undefined;
  const look = () => {
    const { missing, state } = status();
    if (missing.length === 0 || !WAITING.has(state)) {
      if (since !== undefined) tell(undefined);
      since = undefined;
      return;
    }
    since ??= performance.now();
    tell({ names: missing, seconds: (performance.now() - since) / 1000 });
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { close: () => clearInterval(timer) };
}

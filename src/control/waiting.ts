import type { RunStatus } from './messages.ts';
import type { Snapshot } from './snapshot.ts';

const CHECK_EVERY_MS = 1_000;

/**
 * States in which no student trains until all roles are present. A running elastic run may lack roles
 * and train.
 */
const WAITING: ReadonlySet<string> = new Set(['adopting', 'joining', 'rendezvous']);

/** Report the missing roles every second, and once more when none is missing. The caller closes the timer. */
export function watchMissing(
  status: () => Pick<RunStatus, 'missing' | 'state'>,
  report: (waiting: Snapshot['waiting']) => void,
): { close: () => void } {
  let since: number | undefined;
  const check = () => {
    const { missing, state } = status();
    if (missing.length === 0 || !WAITING.has(state)) {
      if (since !== undefined) report(undefined);
      since = undefined;
      return;
    }
    since ??= performance.now();
    report({ names: missing, seconds: (performance.now() - since) / 1000 });
  };
  const timer = setInterval(check, CHECK_EVERY_MS);
  return { close: () => clearInterval(timer) };
}

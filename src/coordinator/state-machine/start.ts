import { isComplete, ringFormed, withMissingExcused } from './membership.ts';
import { joinTimedOut } from './root-cause.ts';
import type { Turn } from './turn.ts';

/** Start the run if all awaited roles have joined. */
export function startIfComplete(turn: Turn): void {
  if (turn.run.phase !== 'joining' || !isComplete(turn.membership)) return;
  const { membership, agreement } = ringFormed(turn.membership, { anew: !turn.run.settings.resume });
  turn.set({ phase: 'running', membership });
  turn.remember();
  turn.sendAll({ ...turn.startMessage(), agreement });
  const [ranks, step] = [membership.ringOrder.length, agreement?.step ?? 0];
  turn.because(`all awaited roles have joined: ${ranks} ranks start at step ${step}`);
  turn.observe({ kind: 'started', ranks, step });
}

/** Start with the present roles after the join deadline, if they suffice. */
export function startWithPresent(turn: Turn): void {
  if (turn.run.phase !== 'joining') return;
  turn.membership = withMissingExcused(turn.membership);
  if (isComplete(turn.membership)) startIfComplete(turn);
  else joinTimedOut(turn);
}

import { BrineError } from '../../base/errors.ts';
import { nameOf } from '../../control/messages.ts';
import type { Cause } from './live-run.ts';
import { blockingOf } from './membership.ts';
import type { Turn } from './turn.ts';

/** Milliseconds to wait for the root cause after a first failure: a neighbour often notices an exit first. */
const CAUSE_GRACE_MS = 400;

/** Record a failure. The first one stops all roles, and the run ends after a grace period. */
export function fail(turn: Turn, cause: Cause): void {
  const { phase, causes } = turn.run;
  if (phase === 'ended') return;
  turn.set({ causes: [...causes, cause] });
  if (phase === 'failing') return;
  const reason = `${cause.name}: ${cause.error.message}`;
  turn.because(`the run fails: ${reason}`);
  turn.set({ phase: 'failing' });
  turn.sendAll({ kind: 'stop', reason, finished: false });
  turn.after(CAUSE_GRACE_MS, { kind: 'cause' });
}

/** End the run with its root cause, after the grace period. */
export function endWithCause(turn: Turn): void {
  if (turn.run.phase !== 'failing') return;
  turn.set({ phase: 'ended' });
  const error = rootCauseOf(turn.run.causes);
  turn.because(`the run has failed: ${error.message}`);
  turn.effects.push({ kind: 'reject', error });
}

/**
 * The first process exit, because it explains the reports of its neighbours; without one, the first report.
 */
export function rootCauseOf(causes: readonly Cause[]): BrineError {
  const first = causes.find(({ died }) => died) ?? causes[0]!;
  if (first.died) return first.error;
  const { code, message, hint } = first.error;
  return new BrineError(code, `${first.name}: ${message}`, { hint, cause: first.error });
}

export function failByExit(turn: Turn, name: string, { how, hint }: { how: string; hint: string }): void {
  fail(turn, { name, error: new BrineError('ROLE_FAILED', `${name} ${how}`, { hint }), died: true });
}

/** Fail because roles did not join before their deadline. */
export function joinTimedOut(turn: Turn): void {
  const { membership } = turn;
  const { joinWithinMs, leastStudents } = turn.run.settings;
  const missing = blockingOf(membership).join(', ');
  const least = leastStudents === undefined ? '' : ` (at least ${leastStudents} students are needed)`;
  const joined = membership.members.map(({ id }) => nameOf(id)).join(', ') || 'none';
  const error = new BrineError(
    'JOIN_TIMEOUT',
    `${missing} did not join within ${joinWithinMs / 1000} s; joined: ${joined}${least}`,
    { hint: `Read the logs of ${missing}, or allow more time with --set roles.joinWithin="120 s".` },
  );
  fail(turn, { name: 'the run', error, died: true });
}

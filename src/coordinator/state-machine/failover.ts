import { isSameProcess } from '../../base/process/process-identity.ts';
import { nameOf, type Hello } from '../../control/messages.ts';
import { closeIfDone } from './ending.ts';
import { fallBack, replaceOrDrop } from './failures.ts';
import { isOver, type Failover, type LiveRun } from './live-run.ts';
import { awaitedOf, isOnRing, isRingBroken, withMember } from './membership.ts';
import { admit, begin, formIfAllWait, isGathering } from './rendezvous.ts';
import { failByExit } from './root-cause.ts';
import { startIfComplete } from './start.ts';
import type { Turn } from './turn.ts';

/**
 * Milliseconds that roles may take to reconnect to a new coordinator. Their sockets retry ten times a second.
 */
export const ADOPT_WITHIN_MS = 3_000;

/** Whether the predecessor knew this process by this name. */
export function knows(failover: Failover, { id, pid, began }: Hello): boolean {
  const known = failover.known.find((role) => nameOf(role) === nameOf(id));
  return isSameProcess({ pid, began }, known);
}

/** Whether every process of the predecessor has reconnected or exited. */
export function isSettled({ failover }: LiveRun): boolean {
  return failover?.awaited.length === 0;
}

/** Continue the run with the adopted processes; missing ones count as lost. */
export function endFailover(turn: Turn): void {
  const { failover } = turn.run;
  if (!failover || isOver(turn.run)) return;
  const phase = turn.membership.ringOrder.length > 0 ? 'running' : 'joining';
  turn.set({ failover: undefined, phase });
  const adopted = turn.membership.members.length;
  const missing = awaitedOf(turn.membership);
  turn.because(`the failover is complete: ${adopted} processes adopted`);
  turn.observe({ kind: 'succeeded', adopted, missing: missing.map(nameOf) });
  const why = 'exited with the head of the run';
  for (const id of missing)
    if (!replaceOrDrop(turn, id, { why, isOwed: true })) failByExit(turn, nameOf(id), { how: why, hint: '' });
  turn.remember();
  if (phase === 'joining') startIfComplete(turn);
  else if (!isOver(turn.run)) continueRun(turn);
  for (const { peer, hello } of failover.newcomers)
    turn.followUps.push({ kind: 'message', peer, message: hello });
}

/** Continue with adopted students, which may be on their ring, awaiting rendezvous, or done. */
function continueRun(turn: Turn): void {
  if (isRingBroken(turn.membership)) {
    fallBack(turn);
    begin(turn);
  }
  for (const member of turn.membership.members) {
    const { id, peer, stage } = member;
    if (isOnRing(turn.membership, id) || (stage.kind === 'new' && isGathering(turn.run))) continue;
    if (stage.kind === 'awaiting') admit(turn, member, stage.report);
    else if (stage.kind === 'new')
      turn.membership = withMember(turn.membership, { ...member, stage: { kind: 'standby' } });
    if (stage.kind === 'new' || id.role !== 'student') turn.send(peer, turn.startMessage());
  }
  formIfAllWait(turn);
  closeIfDone(turn);
}

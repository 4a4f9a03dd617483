import { nameOf, type Figures, type RoleId } from '../../control/messages.ts';
import { isOver, type LiveRun } from './live-run.ts';
import { machineOf } from './machines.ts';
import {
  isElastic,
  isOnRing,
  isWaiting,
  resultOf,
  studentsAreDone,
  withExcused,
  withMember,
  withoutMember,
  type Member,
} from './membership.ts';
import { beginAfterExit, formIfAllWait, isGathering } from './rendezvous.ts';
import { startIfComplete } from './start.ts';
import type { Turn } from './turn.ts';

/** Milliseconds that caches and teachers may take to close after the students are done. */
const CLOSE_WITHIN_MS = 30_000;

/** Sent to every role when the students are done. */
export const FINISHED = { kind: 'stop', reason: 'the students are done', finished: true } as const;

/** Record the results of a role. A node of an elastic run leaves it instead. */
export function done(turn: Turn, member: Member, figures: Figures): void {
  if (member.id.role === 'node' && isElastic(turn.membership) && !isOver(turn.run))
    return leave(turn, member);
  if (isWaiting(member)) return; // it has not trained on the present ring
  turn.membership = withMember(turn.membership, { ...member, stage: { kind: 'done', figures } });
  turn.because(`${nameOf(member.id)} is done`);
  closeIfDone(turn);
}

/** Close the other roles when the students are done. */
export function closeIfDone(turn: Turn): void {
  if (turn.run.phase === 'running' && !isGathering(turn.run) && studentsAreDone(turn.membership)) {
    turn.set({ phase: 'closing' });
    turn.after(CLOSE_WITHIN_MS, { kind: 'close' });
    turn.because(FINISHED.reason);
    turn.sendAll(FINISHED);
    for (const { id } of turn.membership.members)
      if (id.role === 'student' && !isOnRing(turn.membership, id)) remove(turn, id);
  }
  endIfAllDone(turn);
}

/** The students are done, so only the report of an exited role is missing. */
export function lostWhileClosing(turn: Turn, id: RoleId, member: Member | undefined): void {
  if (!member || !resultOf(member)) remove(turn, id);
  endIfAllDone(turn);
}

/** End without the roles that did not close in time: training is complete, and the checkpoints are saved. */
export function closeTimedOut(turn: Turn): void {
  if (turn.run.phase !== 'closing') return;
  for (const { id } of turn.membership.members.filter((member) => !resultOf(member))) {
    const why = `did not close within ${CLOSE_WITHIN_MS / 1000} s of the end of training`;
    turn.because(`${nameOf(id)} ${why}`);
    turn.observe({ kind: 'dropped', name: nameOf(id), why });
    remove(turn, id);
  }
  endIfAllDone(turn);
}

function endIfAllDone(turn: Turn): void {
  const { members } = turn.membership;
  if (turn.run.phase !== 'closing' || !members.every(resultOf)) return;
  turn.set({ phase: 'ended' });
  turn.because('all roles have reported');
  const results = new Map([
    ...lastProgress(turn.run),
    ...members.map((member) => [nameOf(member.id), resultOf(member)!] as const),
  ]);
  turn.effects.push({ kind: 'resolve', results });
}

/** The latest progress of teachers and caches, which counts for those that exited without their final report. */
function lastProgress({ settings, figures }: LiveRun): (readonly [string, Figures])[] {
  return settings.expected.flatMap((id) => {
    const own = figures[nameOf(id)];
    return own && id.role !== 'student' ? [[nameOf(id), own] as const] : [];
  });
}

/** Remove a node and its roles from the run, which continues without them. */
function leave(turn: Turn, { id: node, peer }: Member): void {
  const own = turn.membership.expected.filter(
    (id) => id.role !== 'node' && machineOf(turn.run, id) === node.rank,
  );
  const wasOnRing = own.some((id) => isOnRing(turn.membership, id));
  for (const id of [node, ...own]) {
    remove(turn, id);
    turn.membership = withExcused(turn.membership, id) ?? turn.membership;
  }
  turn.remember();
  turn.because(`${nameOf(node)} has left`);
  turn.observe({ kind: 'dropped', name: nameOf(node), why: 'has left' });
  turn.send(peer, { kind: 'stop', reason: 'the run continues without this node', finished: true });
  if (turn.run.phase === 'joining') return startIfComplete(turn);
  if (wasOnRing) beginAfterExit(turn);
  formIfAllWait(turn);
}

function remove(turn: Turn, id: RoleId): void {
  turn.membership = withoutMember(turn.membership, id);
}

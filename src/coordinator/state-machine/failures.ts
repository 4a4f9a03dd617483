import type { BrineError } from '../../base/errors.ts';
import { isSameProcess } from '../../base/process/process-identity.ts';
import { nameOf, type AwaitingRendezvous, type RoleId } from '../../control/messages.ts';
import { lostWhileClosing } from './ending.ts';
import type { Exit } from './live-run.ts';
import { machineOf, order } from './machines.ts';
import {
  isOnRing,
  memberAt,
  memberNamed,
  resultOf,
  studentsOf,
  withExcused,
  withMember,
  withoutMember,
  type Member,
} from './membership.ts';
import { excuseOf } from './own-pauses.ts';
import { admit, awaitRendezvous, beginAfterExit, formIfAllWait, recordWait } from './rendezvous.ts';
import { fail, failByExit } from './root-cause.ts';
import { startIfComplete } from './start.ts';
import type { Turn } from './turn.ts';

/** Handle the exit of a role's process: replace it, continue without it, or fail. */
export function lost(turn: Turn, id: RoleId, exit: Exit): void {
  const { phase, failover, causes } = turn.run;
  const name = nameOf(id);
  const member = memberNamed(turn.membership, name);
  const hasResult = member !== undefined && resultOf(member) !== undefined;
  if (phase === 'ended') return;
  if (exit.process && isSameProcess(exit.process, turn.run.exited[name]))
    return turn.because(`the exit of this process of ${name} was reported before`);
  const process = exit.process ?? member?.process;
  if (process) turn.set({ exited: { ...turn.run.exited, [name]: process } });
  if (phase === 'adopting' && failover) {
    turn.set({ failover: { ...failover, awaited: failover.awaited.filter((one) => one !== name) } });
    turn.membership = withoutMember(turn.membership, id);
    return;
  }
  if (phase === 'running' && id.role === 'student' && hasResult) {
    turn.membership = withMember(turn.membership, {
      ...member,
      stage: { kind: 'left', figures: resultOf(member)! },
    });
    return turn.because(`${name} has left after it was done`);
  }
  if (phase === 'closing') return lostWhileClosing(turn, id, member);
  if (phase === 'failing') {
    if (exit.obeyed || hasResult || causes.some((cause) => cause.name === name)) return;
  } else if (!exit.obeyed && replaceOrDrop(turn, id, { why: hasResult ? 'has left' : exit.how })) return;
  failByExit(turn, name, exit);
}

/**
 * Remove a role from the membership, and start a replacement or continue without it. Returns false when the run
 * cannot continue. With `isOwed`, the replacement does not count as a restart (failover).
 */
export function replaceOrDrop(
  turn: Turn,
  id: RoleId,
  { why, isOwed = false }: { why: string; isOwed?: boolean },
): boolean {
  const name = nameOf(id);
  turn.membership = withoutMember(turn.membership, id);
  const kind = replace(turn, id, isOwed) ? 'replaced' : excuse(turn, id) ? 'dropped' : undefined;
  if (!kind) return false;
  turn.because(`${name} ${why}, and is ${kind}`);
  turn.observe({ kind, name, why });
  turn.remember();
  startIfComplete(turn);
  if (turn.run.phase === 'running' && isOnRing(turn.membership, id)) {
    const { killed } = turn.run;
    if (killed.includes(name)) turn.set({ killed: killed.filter((one) => one !== name) });
    else killStudents(turn);
    beginAfterExit(turn);
    for (let exited = exitedStudent(turn); exited; exited = exitedStudent(turn))
      if (!replaceOrDrop(turn, exited, { why: 'has left' })) return false;
    formIfAllWait(turn);
  }
  return true;
}

/** A student that exited after it was done; a new ring needs it again. */
function exitedStudent(turn: Turn): RoleId | undefined {
  return studentsOf(turn.membership).find(({ stage }) => stage.kind === 'left')?.id;
}

function replace(turn: Turn, id: RoleId, isOwed: boolean): boolean {
  const { restarts, settings } = turn.run;
  const name = nameOf(id);
  const count = restarts[name] ?? 0;
  if (settings.restarts === undefined || (!isOwed && count >= settings.restarts)) return false;
  if (!isOwed) turn.set({ restarts: { ...restarts, [name]: count + 1 } });
  const endpoint = turn.membership.formerEndpoints[name];
  turn.effects.push({ kind: 'replace', id, endpoint });
  order(turn, { id, what: 'start', endpoint });
  return true;
}

function excuse(turn: Turn, id: RoleId): boolean {
  const membership = withExcused(turn.membership, id);
  if (membership) turn.membership = membership;
  return membership !== undefined;
}

/** Kill a role. A node cannot be killed: it counts as lost, with its processes. */
export function kill(turn: Turn, id: RoleId): void {
  const lostAs = (how: string) => lost(turn, id, { how, obeyed: false, hint: '' });
  if (id.role === 'node') return lostAs('no longer responds');
  if (machineOf(turn.run, id) === 0) turn.effects.push({ kind: 'kill', id });
  else if (!order(turn, { id, what: 'kill' }) && memberNamed(turn.membership, nameOf(id)))
    lostAs('was lost with its node');
}

/** Kill all students once if the optimizer is sharded: losing one makes the others' state useless. */
function killStudents(turn: Turn): void {
  if (!turn.run.settings.fallsBack) return;
  const ids = studentsOf(turn.membership).map(({ id }) => id);
  turn.because('the others lose their state with it, and are killed');
  turn.set({ killed: [...new Set([...turn.run.killed, ...ids.map(nameOf)])] });
  for (const id of ids) kill(turn, id);
}

export function fallBack(turn: Turn): void {
  if (turn.run.killed.length === 0) killStudents(turn);
}

/** Handle a role's report that it failed. It ends the run, unless training is complete. */
export function failed(turn: Turn, id: RoleId, error: BrineError): void {
  const name = nameOf(id);
  if (turn.run.phase !== 'closing') return fail(turn, { name, error, died: false });
  turn.because(`${name} failed after the end of training`);
  turn.observe({ kind: 'dropped', name, why: error.message });
  lostWhileClosing(turn, id, memberNamed(turn.membership, name));
}

/** Kill the process of a member whose connection closed or whose heartbeats stopped. */
export function connectionLost(turn: Turn, peer: string): void {
  const { phase, pauses } = turn.run;
  const member = memberAt(turn.membership, peer);
  if (!member || phase === 'failing' || phase === 'ended') return;
  if (resultOf(member) && (phase === 'closing' || member.id.role !== 'student')) return; // it exited as intended
  const name = nameOf(member.id);
  const remaining = excuseOf(pauses, turn.now);
  if (remaining > 0) {
    turn.because(`${name} may have disconnected because this process was suspended: it may reconnect`);
    return turn.after(remaining, { kind: 'gone', peer });
  }
  turn.because(`the connection of ${name} is lost`);
  kill(turn, member.id);
  if (phase === 'closing') lostWhileClosing(turn, member.id, memberAt(turn.membership, peer));
}

/** Handle a student's report that it has left its ring, or is ready to enter one. */
export function studentWaits(turn: Turn, member: Member, report: AwaitingRendezvous): void {
  if (turn.run.phase === 'adopting') return recordWait(turn, member, report);
  if (turn.run.phase !== 'running') return;
  if (turn.run.settings.fallsBack) return fallBack(turn);
  if (member.stage.kind === 'standby') admit(turn, member, report);
  else awaitRendezvous(turn, member, report);
}

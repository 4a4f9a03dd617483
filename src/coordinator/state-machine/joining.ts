import { nameOf, type Hello, type RoleId } from '../../control/messages.ts';
import { done, FINISHED } from './ending.ts';
import { connectionLost, studentWaits } from './failures.ts';
import { knows } from './failover.ts';
import { isOver } from './live-run.ts';
import { startRolesOf } from './machines.ts';
import {
  isExpected,
  isOnRing,
  memberNamed,
  resultOf,
  withMember,
  type Member,
  type Membership,
  type Stage,
} from './membership.ts';
import { excuseOf } from './own-pauses.ts';
import { formIfAllWait, isGathering } from './rendezvous.ts';
import { startIfComplete } from './start.ts';
import { statusOf } from './status.ts';
import type { Turn } from './turn.ts';

/** Handle a Hello: a role joins, returns to a new coordinator, or reconnects. */
export function join(turn: Turn, peer: string, hello: Hello): void {
  const { id, run } = hello;
  const { settings, failover } = turn.run;
  const name = nameOf(id);
  if (turn.run.phase === 'closing' && isReconnect(turn, peer, hello)) return turn.send(peer, FINISHED);
  if (isOver(turn.run)) return turn.refuse(peer, `${name} joined too late: the run has ended`);
  if (run !== settings.run)
    return turn.refuse(peer, `${name} belongs to the run ${short(run)}, this one is ${short(settings.run)}`);
  if (!isExpected(turn.membership, id)) return turn.refuse(peer, `${name} is no role of this run`);
  if (hello.again) turn.send(peer, statusOf(turn.run)); // the role's coordinator timeout ends with any answer
  if (isReconnect(turn, peer, hello)) return;
  if (memberNamed(turn.membership, name)) return turn.refuse(peer, `${name} has already joined`);
  const member = memberOf(peer, hello, turn.membership);
  if (failover && knows(failover, hello)) {
    const awaited = failover.awaited.filter((one) => one !== name);
    turn.set({ failover: { ...failover, awaited } });
    return enroll(turn, member);
  }
  if (hello.returns && id.role !== 'node') return turn.refuse(peer, 'the process timed out and was replaced');
  if (!failover) return admitRole(turn, member);
  turn.because(`${name} is new, and waits for the end of the failover`);
  turn.set({ failover: { ...failover, newcomers: [...failover.newcomers, { peer, hello }] } });
}

/**
 * Handle a repeated Hello of a member; false for any other Hello. Messages on a previous connection may be
 * lost, so the member counts as lost, unless this process was suspended and the member missed no message.
 */
function isReconnect(turn: Turn, peer: string, hello: Hello): boolean {
  const { id, pid, began, again, awaitingRendezvous, done: results } = hello;
  const name = nameOf(id);
  const member = memberNamed(turn.membership, name);
  if (!again || !member || member.process.pid !== pid || member.process.began !== began) return false;
  if (member.peer === peer) return true;
  const { generation } = turn.run.rendezvous;
  if (excuseOf(turn.run.pauses, turn.now) === 0 || !hasMissedNothing(member, hello, generation))
    connectionLost(turn, member.peer);
  else {
    turn.because(`${name} has reconnected`);
    const { kind } = member.stage;
    const back = { ...member, peer };
    turn.membership = withMember(turn.membership, back);
    if (awaitingRendezvous && kind !== 'new' && kind !== 'awaiting')
      studentWaits(turn, back, awaitingRendezvous);
    if (results && !resultOf(member)) done(turn, back, results);
  }
  return memberNamed(turn.membership, name) !== undefined;
}

function enroll(turn: Turn, member: Member): void {
  const name = nameOf(member.id);
  const { [name]: _, ...figures } = turn.run.figures; // those of its predecessor
  turn.set({ figures, membership: withMember(turn.membership, member) });
  turn.because(`${name} joins`);
  turn.observe({ kind: 'joined', name, pid: member.process.pid });
  turn.remember();
}

function admitRole(turn: Turn, member: Member): void {
  const { id, peer } = member;
  const isStudent = id.role === 'student';
  enroll(turn, member);
  if (id.role === 'node') startRolesOf(turn, id.rank);
  if (turn.run.phase === 'joining') return startIfComplete(turn);
  if (isStudent && isGathering(turn.run)) return formIfAllWait(turn);
  if (isStudent) turn.membership = withMember(turn.membership, { ...member, stage: { kind: 'standby' } });
  turn.send(peer, turn.startMessage());
}

/** The member for a Hello. */
function memberOf(peer: string, hello: Hello, membership: Membership): Member {
  const { id, endpoint, state, pid, began, saved, awaitingRendezvous } = hello;
  return {
    id,
    peer,
    endpoint: awaitingRendezvous?.endpoint ?? endpoint,
    state,
    saved,
    process: { pid, began },
    stage: stageOf(hello, isOnRing(membership, id)),
  };
}

function stageOf(
  { id, returns, awaitingRendezvous, done: figures }: Hello & { id: RoleId },
  hasPlace: boolean,
): Stage {
  const isStudent = id.role === 'student';
  if (isStudent && awaitingRendezvous) return { kind: 'awaiting', report: awaitingRendezvous };
  if (figures) return { kind: 'done', figures };
  if (isStudent && !returns) return { kind: 'new' };
  return { kind: isStudent && !hasPlace ? 'standby' : 'active' };
}

/**
 * Whether a role that reconnects received every message of its old connection: it has the latest Start, and does
 * not wait for one that was sent.
 */
function hasMissedNothing(
  { id, stage }: Member,
  { returns, awaitingRendezvous }: Hello,
  generation: number,
): boolean {
  if (id.role !== 'student') return true;
  if (stage.kind === 'new') return !returns && !awaitingRendezvous;
  if (stage.kind === 'standby') return returns;
  if (stage.kind === 'awaiting') return awaitingRendezvous !== undefined;
  return returns && (!awaitingRendezvous || awaitingRendezvous.generation === generation);
}

function short(identity: string): string {
  return identity.slice(0, 12);
}

import { agree } from './rendezvous-agreement.ts';
import {
  nameOf,
  type Agreed,
  type AwaitingRendezvous,
  type Figures,
  type RoleId,
  type Saved,
} from '../../control/messages.ts';
import type { RunState } from '../state-file.ts';
import type { ProcessName } from '../../base/process/process-identity.ts';

/** A process that has joined the run. */
export interface Member {
  readonly id: RoleId;
  /** Its peer id in the transport. */
  readonly peer: string;
  /** Its endpoint; a student's inbox changes with every ring. */
  readonly endpoint: string;
  /** Endpoint at which a student serves its state. */
  readonly state: string;
  /** The latest checkpoint that a student could read when it joined. */
  readonly saved?: Saved | undefined;
  readonly process: ProcessName;
  readonly stage: Stage;
}

/** What a member is doing. The first three are for students that are not on a ring. */
export type Stage =
  /** It has joined, and waits for its first Start. */
  | { readonly kind: 'new' }
  /** It prepares, and the rendezvous does not wait for it. */
  | { readonly kind: 'standby' }
  /** It has left its ring, and awaits rendezvous. */
  | { readonly kind: 'awaiting'; readonly report: AwaitingRendezvous }
  | { readonly kind: 'active' }
  | { readonly kind: 'done'; readonly figures: Figures }
  /** It exited after it was done. It is replaced only if the students form a new ring. */
  | { readonly kind: 'left'; readonly figures: Figures };

/** The processes that belong to a run, present and missing. */
export interface Membership {
  readonly expected: readonly RoleId[];
  /** Minimum number of students. */
  readonly least: number;
  /** The machine of a role. */
  readonly nodeOf: (id: RoleId) => number;
  readonly members: readonly Member[];
  /** Former endpoints of missing servers, which their replacements reuse. */
  readonly formerEndpoints: Readonly<Record<string, string>>;
  /** Names of roles that the run does not wait for. */
  readonly excused: readonly string[];
  /** Student ranks of the present ring, by ring rank. */
  readonly ringOrder: readonly number[];
}

export interface MembershipOptions {
  readonly expected: readonly RoleId[];
  /** Minimum number of students. Default: all expected ones. */
  readonly leastStudents?: number | undefined;
  readonly nodeOf: (id: RoleId) => number;
}

/** A membership without members; with the state of a dead coordinator, its members are awaited. */
export function membershipOf(
  { expected, leastStudents, nodeOf }: MembershipOptions,
  { ringOrder, excused, roles }: Pick<RunState, 'ringOrder' | 'excused' | 'roles'> = {
    ringOrder: [],
    excused: [],
    roles: [],
  },
): Membership {
  const servers = roles.filter(({ role, endpoint }) => role === 'cache' && endpoint);
  return {
    expected,
    nodeOf,
    least: leastStudents ?? expected.filter(isStudent).length,
    members: [],
    formerEndpoints: Object.fromEntries(servers.map((id) => [nameOf(id), id.endpoint])),
    excused,
    ringOrder,
  };
}

export function memberNamed({ members }: Membership, name: string): Member | undefined {
  return members.find(({ id }) => nameOf(id) === name);
}

export function memberAt({ members }: Membership, peer: string): Member | undefined {
  return members.find((member) => member.peer === peer);
}

export function isExpected({ expected }: Membership, id: RoleId): boolean {
  return expected.some((one) => nameOf(one) === nameOf(id));
}

/** Missing roles that the run waits for. */
export function awaitedOf(membership: Membership): readonly RoleId[] {
  const { excused } = membership;
  return missingOf(membership).filter((id) => !excused.includes(nameOf(id)));
}

export function missingOf({ expected, members }: Membership): readonly RoleId[] {
  const present = new Set(members.map(({ id }) => nameOf(id)));
  return expected.filter((id) => !present.has(nameOf(id)));
}

/** Names of the missing roles that keep the run from continuing. */
export function blockingOf(membership: Membership): string[] {
  return (areEnough(membership) ? awaitedOf(membership) : missingOf(membership)).map(nameOf);
}

export function studentsOf({ members }: Membership): readonly Member[] {
  return members.filter(({ id }) => isStudent(id));
}

/** The present students of the ring. */
export function onRingOf(membership: Membership): readonly Member[] {
  return membership.members.filter(({ id }) => isOnRing(membership, id));
}

export function isOnRing({ ringOrder }: Membership, id: RoleId): boolean {
  return isStudent(id) && ringOrder.includes(id.rank);
}

/** Whether a student that is not on a ring waits to enter one. */
export function isWaiting({ stage }: Member): boolean {
  return stage.kind === 'new' || stage.kind === 'standby' || stage.kind === 'awaiting';
}

export function resultOf({ stage }: Member): Figures | undefined {
  return stage.kind === 'done' || stage.kind === 'left' ? stage.figures : undefined;
}

/** Whether the number of students may change. */
export function isElastic({ expected, least }: Membership): boolean {
  return least < expected.filter(isStudent).length;
}

/** Whether no role is awaited, and enough students are present. */
export function isComplete(membership: Membership): boolean {
  return awaitedOf(membership).length === 0 && areEnough(membership);
}

/** Whether all students of the ring are present and done. */
export function studentsAreDone(membership: Membership): boolean {
  const onRing = onRingOf(membership);
  return onRing.length === membership.ringOrder.length && onRing.every(resultOf);
}

/** Whether all awaited students await rendezvous, and they are enough. */
export function studentsWait(membership: Membership): boolean {
  return (
    !awaitedOf(membership).some(isStudent) && areEnough(membership) && readyOf(membership).every(isWaiting)
  );
}

/** Whether the students must form a new ring: a rank is missing, or has left the ring or not entered it. */
export function isRingBroken(membership: Membership): boolean {
  const onRing = onRingOf(membership);
  return onRing.length < membership.ringOrder.length || onRing.some(isWaiting);
}

export function withMember(membership: Membership, member: Member): Membership {
  const { members } = membership;
  const at = members.findIndex(({ id }) => nameOf(id) === nameOf(member.id));
  return { ...membership, members: at < 0 ? [...members, member] : members.with(at, member) };
}

/** Without a role. A cache's endpoint is kept for its replacement. */
export function withoutMember(membership: Membership, id: RoleId): Membership {
  const name = nameOf(id);
  const member = memberNamed(membership, name);
  if (!member) return membership;
  const { members, formerEndpoints } = membership;
  return {
    ...membership,
    members: members.filter((one) => one !== member),
    formerEndpoints: id.role === 'cache' ? { ...formerEndpoints, [name]: member.endpoint } : formerEndpoints,
  };
}

/** Stop waiting for a lost role. Undefined when the run cannot continue without it. */
export function withExcused(membership: Membership, id: RoleId): Membership | undefined {
  if (!canDoWithout(membership, id)) return undefined;
  const { expected, excused, least } = membership;
  const name = nameOf(id);
  const possible = expected.filter(
    (one) => isStudent(one) && nameOf(one) !== name && mayJoin(membership, one),
  ).length;
  if (possible + (isStudent(id) && nodeIsAway(membership, id) ? 1 : 0) < least) return undefined;
  return excused.includes(name) ? membership : { ...membership, excused: [...excused, name] };
}

/** Stop waiting for all missing roles that the run can do without, if enough students are present. */
export function withMissingExcused(membership: Membership): Membership {
  if (!areEnough(membership)) return membership;
  const names = awaitedOf(membership)
    .filter((id) => canDoWithout(membership, id))
    .map(nameOf);
  return { ...membership, excused: [...membership.excused, ...names] };
}

/**
 * Form a ring of the waiting students in rank order, which then neither wait nor are done. The agreement is the
 * train progress to continue at; undefined at step 0. With `anew`, checkpoints are ignored.
 */
export function ringFormed(
  membership: Membership,
  { anew = false } = {},
): { membership: Membership; agreement: Agreed | undefined } {
  const ready = readyOf(membership).toSorted((a, b) => a.id.rank - b.id.rank);
  const agreement = agree(
    ready.map(({ id, state, saved, stage }) => {
      const report = stage.kind === 'awaiting' ? stage.report : undefined;
      const latest = report ? report.saved : saved;
      const progress = report?.blank ? undefined : report;
      return { rank: id.rank, state, progress, saved: anew ? undefined : latest };
    }),
  );
  const names = new Set(ready.map(({ id }) => nameOf(id)));
  const members = membership.members.map((member) =>
    names.has(nameOf(member.id)) ? { ...member, stage: { kind: 'active' } as const } : member,
  );
  const excused = membership.excused.filter((name) => !names.has(name));
  return {
    membership: { ...membership, members, excused, ringOrder: ready.map(({ id }) => id.rank) },
    agreement,
  };
}

function isStudent({ role }: RoleId): boolean {
  return role === 'student';
}

/** The present students that will be on the next ring. */
function readyOf(membership: Membership): readonly Member[] {
  return studentsOf(membership).filter(({ stage }) => stage.kind !== 'standby');
}

function areEnough(membership: Membership): boolean {
  return readyOf(membership).length >= membership.least;
}

/** Whether an elastic run can lack this role: a student, a node, or a teacher of an absent node. */
function canDoWithout(membership: Membership, id: RoleId): boolean {
  if (!isElastic(membership)) return false;
  return isStudent(id) || id.role === 'node' || (id.role === 'teacher' && nodeIsAway(membership, id));
}

/** Whether a role is present, awaited, or may return with its node. */
function mayJoin(membership: Membership, id: RoleId): boolean {
  const name = nameOf(id);
  return (
    memberNamed(membership, name) !== undefined ||
    !membership.excused.includes(name) ||
    nodeIsAway(membership, id)
  );
}

function nodeIsAway(membership: Membership, id: RoleId): boolean {
  const rank = membership.nodeOf(id);
  return rank !== 0 && !memberNamed(membership, nameOf({ role: 'node', rank }));
}

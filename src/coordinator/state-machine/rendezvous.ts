import { BrineError } from '../../base/errors.ts';
import { nameOf, type AwaitingRendezvous, type ToRole } from '../../control/messages.ts';
import type { LiveRun, Rendezvous } from './live-run.ts';
import {
  isElastic,
  isWaiting,
  onRingOf,
  ringFormed,
  studentsOf,
  studentsWait,
  withMember,
  withMissingExcused,
  type Member,
} from './membership.ts';
import { fail, joinTimedOut } from './root-cause.ts';
import type { Turn } from './turn.ts';

/** Moves the students of a run from one ring to the next. */

/** Milliseconds that a student may take to report after an abandon; it reports without interrupting its work. */
const REPORT_WITHIN_MS = 2_000;

export function isGathering({ rendezvous }: LiveRun): boolean {
  return rendezvous.stage.kind === 'gathering';
}

function setStage(turn: Turn, stage: Rendezvous['stage']): void {
  turn.set({ rendezvous: { ...turn.run.rendezvous, stage } });
}

/** Tell all students to abandon the ring. Those that do not report are killed and replaced. */
export function begin(turn: Turn, broken?: { id: Member['id']; report: AwaitingRendezvous }): void {
  if (isGathering(turn.run)) return;
  const { settings, rendezvous } = turn.run;
  const { generation } = rendezvous;
  const { joinWithinMs, returnWithinMs } = settings;
  setStage(turn, { kind: 'gathering', since: turn.now, stopsWaiting: false, broken });
  for (const member of studentsOf(turn.membership))
    if (!isWaiting(member)) turn.send(member.peer, { kind: 'abandon', generation });
  turn.because(`the students leave ring ${generation}`);
  turn.after(REPORT_WITHIN_MS, { kind: 'report', generation });
  if (isElastic(turn.membership) && returnWithinMs < joinWithinMs)
    turn.after(returnWithinMs, { kind: 'return', generation });
  turn.after(joinWithinMs, { kind: 'rejoin', generation });
}

/** Begin because a student exited, which explains a broken ring. */
export function beginAfterExit(turn: Turn): void {
  const { stage } = turn.run.rendezvous;
  if (stage.kind === 'gathering') setStage(turn, { ...stage, broken: undefined });
  begin(turn);
}

/** Whether the rendezvous after this generation's ring is still under way. */
export function isStillGathering({ rendezvous }: LiveRun, generation: number): boolean {
  return rendezvous.stage.kind === 'gathering' && rendezvous.generation === generation;
}

/** Form the ring of the present students, if they are enough. */
export function formWithPresent(turn: Turn, generation: number): void {
  const { stage } = turn.run.rendezvous;
  if (stage.kind !== 'gathering' || !isStillGathering(turn.run, generation)) return;
  setStage(turn, { ...stage, stopsWaiting: true });
  formIfAllWait(turn);
}

/** Form the ring of the present students at the last deadline, or fail. */
export function formOrFail(turn: Turn, generation: number): void {
  formWithPresent(turn, generation);
  if (isStillGathering(turn.run, generation)) joinTimedOut(turn);
}

/** Admit a standby student that is ready now: the others abandon their ring after the present step. */
export function admit(turn: Turn, member: Member, report: AwaitingRendezvous): void {
  turn.membership = withMember(turn.membership, awaiting(member, report));
  const { stage, generation } = turn.run.rendezvous;
  if (stage.kind === 'gathering') return formIfAllWait(turn);
  if (stage.kind === 'admitting') return;
  setStage(turn, { kind: 'admitting' });
  turn.because(`${nameOf(member.id)} is ready to enter the ring`);
  const abandon: ToRole = { kind: 'abandon', generation, afterStep: true };
  for (const { peer } of onRingOf(turn.membership)) turn.send(peer, abandon);
}

/**
 * Record the report of a student. The run fails when the ring has broken too often without a process exit. That
 * is decided after all students have reported, because a neighbour often notices an exit first.
 */
export function awaitRendezvous(turn: Turn, member: Member, report: AwaitingRendezvous): void {
  const { rendezvous } = turn.run;
  if (report.generation !== rendezvous.generation) return;
  turn.membership = withMember(turn.membership, awaiting(member, report));
  begin(turn, rendezvous.stage.kind === 'onRing' ? { id: member.id, report } : undefined);
  const { stage, breaks } = turn.run.rendezvous;
  const broken = stage.kind === 'gathering' ? stage.broken : undefined;
  if (broken && studentsWait(turn.membership)) {
    turn.set({ rendezvous: { ...turn.run.rendezvous, breaks: breaks + 1 } });
    if (breaks + 1 > turn.run.settings.mostBreaks)
      return fail(turn, { name: nameOf(broken.id), error: brokenRing(broken.report), died: false });
  }
  formIfAllWait(turn);
}

/** Form the next ring if every awaited student awaits it. */
export function formIfAllWait(turn: Turn): void {
  const { stage, generation: former } = turn.run.rendezvous;
  if (stage.kind !== 'gathering') return;
  if (stage.stopsWaiting) turn.membership = withMissingExcused(turn.membership);
  if (!studentsWait(turn.membership)) return;
  const generation = former + 1;
  const { membership, agreement } = ringFormed(turn.membership);
  turn.set({ membership, rendezvous: { ...turn.run.rendezvous, generation, stage: { kind: 'onRing' } } });
  turn.remember();
  const start: ToRole = { ...turn.startMessage(), agreement };
  for (const { peer } of onRingOf(membership)) turn.send(peer, start);
  const [ranks, step] = [membership.ringOrder.length, agreement?.step ?? 0];
  turn.because(`all awaited students wait: ${ranks} ranks form ring ${generation} at step ${step}`);
  turn.observe({ kind: 'ringFormed', generation, step, ranks, seconds: (turn.now - stage.since) / 1000 });
}

/** Record that a student awaits rendezvous. The end of a failover acts on it. */
export function recordWait(turn: Turn, member: Member, report: AwaitingRendezvous): void {
  turn.membership = withMember(turn.membership, awaiting(member, report));
}

function awaiting(member: Member, report: AwaitingRendezvous): Member {
  return { ...member, endpoint: report.endpoint, stage: { kind: 'awaiting', report } };
}

function brokenRing({ why }: AwaitingRendezvous): BrineError {
  return new BrineError('ROLE_FAILED', why, {
    hint: 'The ring broke although no process exited. Read the logs of the students.',
  });
}

import { nameOf, type FromRole } from '../../control/messages.ts';
import { endWithCause, fail } from './root-cause.ts';
import { closeTimedOut, done } from './ending.ts';
import { connectionLost, failed, kill, lost, studentWaits } from './failures.ts';
import { ADOPT_WITHIN_MS, endFailover, isSettled } from './failover.ts';
import { join } from './joining.ts';
import type { Deadline, Effect, LiveRun, RunEvent } from './live-run.ts';
import { machineOf } from './machines.ts';
import { isWaiting, memberAt, studentsOf } from './membership.ts';
import { checkedAt, excuseOf } from './own-pauses.ts';
import { formOrFail, formWithPresent, isStillGathering } from './rendezvous.ts';
import { startWithPresent } from './start.ts';
import { statusOf } from './status.ts';
import { Turn } from './turn.ts';

/** Timers fire up to a millisecond early. */
const EARLY_MS = 1;

export interface Transition {
  readonly state: LiveRun;
  /** To be carried out in this order. */
  readonly effects: readonly Effect[];
  /** What was decided and why, in words; empty when nothing was. */
  readonly reason: string;
}

/**
 * Decide what follows from an event: the next state, and what to do. A pure function; `now` is in milliseconds on
 * a clock that never goes back.
 */
export function transition(state: LiveRun, event: RunEvent, now: number): Transition {
  const turn = new Turn({ ...state, pauses: checkedAt(state.pauses, now) }, now);
  turn.followUps.push(event);
  for (let next = turn.followUps.shift(); next; next = turn.followUps.shift()) {
    handle(turn, next);
    if (isSettled(turn.run)) endFailover(turn);
  }
  if (turn.run.phase === 'ended') turn.set({ deadlines: [] });
  return { state: turn.run, effects: turn.effects, reason: turn.reasons.join('; ') };
}

/** The moment of the next deadline, in milliseconds; Infinity without one. */
export function nextDeadline({ deadlines }: LiveRun): number {
  return Math.min(Infinity, ...deadlines.map(({ at }) => at));
}

function handle(turn: Turn, event: RunEvent): void {
  switch (event.kind) {
    case 'opened':
      turn.observe({ kind: 'opened', endpoint: event.endpoint });
      if (turn.run.failover) turn.after(ADOPT_WITHIN_MS, { kind: 'adopt' });
      return turn.after(turn.run.settings.joinWithinMs, { kind: 'join' });
    case 'message':
      return handleMessage(turn, event.peer, event.message);
    case 'gone':
      return connectionLost(turn, event.peer);
    case 'lost':
      return lost(turn, event.id, event);
    case 'fault':
      return fail(turn, { name: 'the coordinator', error: event.error, died: true });
    case 'stop':
      return fail(turn, { name: 'the run', error: event.error, died: true });
    case 'time':
      return passDeadlines(turn);
    case 'closed':
      turn.set({ phase: 'ended' });
      turn.effects.push({ kind: 'reject', error: event.error });
  }
}

function handleMessage(turn: Turn, peer: string, message: FromRole): void {
  const { run } = turn;
  if (message.kind === 'hello') return join(turn, peer, message);
  if (message.kind === 'failed') {
    if (message.run === run.settings.run) failed(turn, message.id, message.error);
    return turn.refuse(peer, 'the coordinator received the failure');
  }
  if (message.kind === 'askStatus') return turn.send(peer, statusOf(run));
  const member = memberAt(turn.membership, peer);
  if (!member) return turn.send(peer, { kind: 'greet' });
  const { id } = member;
  if (message.kind === 'progress') {
    const [name, { figures }] = [nameOf(id), message];
    turn.set({ figures: { ...run.figures, [name]: figures } });
    turn.observe({ kind: 'progress', name, figures });
  } else if (message.kind === 'awaitingRendezvous') studentWaits(turn, member, message);
  else if (message.kind === 'done') done(turn, member, message.figures);
  else if (id.role === 'node' && machineOf(run, message.id) === id.rank) lost(turn, message.id, message); // a node reports its own roles only
}

/** Handle what is due. After a pause of this process, messages that arrived meanwhile are handled first. */
function passDeadlines(turn: Turn): void {
  const { now } = turn;
  const excuse = excuseOf(turn.run.pauses, now);
  const due = turn.run.deadlines.filter(({ at }) => at <= now + EARLY_MS);
  const later = turn.run.deadlines.filter(({ at }) => at > now + EARLY_MS);
  if (excuse > 0)
    return turn.set({ deadlines: [...later, ...due.map((one) => ({ ...one, at: now + excuse }))] });
  turn.set({ deadlines: later });
  for (const one of due.toSorted((a, b) => a.at - b.at)) passDeadline(turn, one.due);
}

function passDeadline(turn: Turn, due: Deadline['due']): void {
  switch (due.kind) {
    case 'join':
      return startWithPresent(turn);
    case 'adopt':
      return endFailover(turn);
    case 'close':
      return closeTimedOut(turn);
    case 'cause':
      return endWithCause(turn);
    case 'return':
      return formWithPresent(turn, due.generation);
    case 'rejoin':
      return formOrFail(turn, due.generation);
    case 'report':
      if (isStillGathering(turn.run, due.generation))
        for (const member of studentsOf(turn.membership)) if (!isWaiting(member)) kill(turn, member.id);
      return;
    case 'gone':
      return connectionLost(turn, due.peer);
  }
}

import type { ProcessName } from '../../../src/base/process/process-identity.ts';
import type { AwaitingRendezvous, FromRole, Hello, RoleId } from '../../../src/control/messages.ts';
import {
  beginning,
  type Effect,
  type LiveRun,
  type RunEvent,
  type Settings,
} from '../../../src/coordinator/state-machine/live-run.ts';
import { transition } from '../../../src/coordinator/state-machine/transition.ts';
import type { RunState } from '../../../src/coordinator/state-file.ts';

export const students = (count: number): RoleId[] =>
  Array.from({ length: count }, (_, rank) => ({ role: 'student', rank }));
export const NODE: RoleId = { role: 'node', rank: 1 };
export const NOTHING = { numbers: {}, words: {} };

/** A run that is fed events, with the effects and reasons of the latest one. */
export class Play {
  run: LiveRun;
  now = 0;
  effects: readonly Effect[] = [];
  reason = '';

  constructor(settings: Partial<Settings> & Pick<Settings, 'expected'>, predecessor?: RunState) {
    const limits = { joinWithinMs: 10_000, returnWithinMs: 10_000, restarts: 1, mostBreaks: 0 };
    const choices = { fallsBack: false, resume: false, nodeOf: () => 0 };
    this.run = beginning(
      { run: 'run-1', ...limits, ...choices, ...settings },
      { generation: 1, now: 0, predecessor },
    );
    this.give({ kind: 'opened', endpoint: 'memory://coordinator' });
  }

  give(event: RunEvent): this {
    const { state, effects, reason } = transition(frozen(this.run), event, this.now);
    [this.run, this.effects, this.reason] = [state, effects, reason];
    return this;
  }

  say(id: RoleId, message: FromRole, peer = `peer-${id.role}-${id.rank}`): this {
    return this.give({ kind: 'message', peer, message });
  }

  hello(id: RoleId, more: Partial<Hello> = {}, peer?: string): this {
    const endpoints = { endpoint: `memory://${id.role}-${id.rank}`, state: `memory://state-${id.rank}` };
    const process = { pid: 100 + id.rank, began: 'boot:1', again: false, returns: false };
    return this.say(id, { kind: 'hello', id, run: 'run-1', ...endpoints, ...process, ...more }, peer);
  }

  lost(id: RoleId, process?: ProcessName): this {
    return this.give({ kind: 'lost', id, how: 'died of SIGKILL', obeyed: false, hint: '', process });
  }

  wait(milliseconds: number): this {
    for (const end = this.now + milliseconds; this.now < end;) {
      this.now = Math.min(end, this.now + 250); // the loop looks at the clock this often
      this.give({ kind: 'time' });
    }
    return this;
  }

  /** The effects of the latest event, in order and in short. */
  get summary(): string[] {
    return this.effects.flatMap((effect) => {
      if (effect.kind === 'send') return [`${effect.message.kind} → ${effect.peer.slice(5)}`];
      if (effect.kind === 'kill' || effect.kind === 'replace')
        return [`${effect.kind} ${effect.id.role}-${effect.id.rank}`];
      return effect.kind === 'observe' ? [effect.event.kind] : [effect.kind];
    });
  }
}

/** The state with everything in it, which a transition must not change. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    for (const inner of Object.values(Object.freeze(value))) frozen(inner);
  return value;
}

export function awaiting(rank: number, generation: number): AwaitingRendezvous {
  const progress = { step: 5, evaluated: true, summed: false, blank: false };
  return {
    kind: 'awaitingRendezvous',
    generation,
    ...progress,
    endpoint: `memory://inbox-${rank}`,
    why: 'lost',
  };
}

export function started(count: number, settings: Partial<Settings> = {}): Play {
  const play = new Play({ expected: students(count), ...settings });
  for (const id of students(count)) play.hello(id);
  return play;
}

import { nameOf, type Peer, type ToRole } from '../../control/messages.ts';
import type { CoordinatorEvent } from '../../control/coordinator-events.ts';
import type { RunState } from '../state-file.ts';
import type { Deadline, Effect, LiveRun, RunEvent } from './live-run.ts';
import { missingOf, type Membership } from './membership.ts';

/** One transition in the making. Its state is replaced, never changed. */
export class Turn {
  run: LiveRun;
  readonly now: number;
  readonly effects: Effect[] = [];
  readonly reasons: string[] = [];
  /** Events that this one causes; the same transition handles them next. */
  readonly followUps: RunEvent[] = [];

  constructor(run: LiveRun, now: number) {
    this.run = run;
    this.now = now;
  }

  get membership(): Membership {
    return this.run.membership;
  }

  set membership(membership: Membership) {
    this.set({ membership });
  }

  set(changes: Partial<LiveRun>): void {
    this.run = { ...this.run, ...changes };
  }

  because(reason: string): void {
    this.reasons.push(reason);
  }

  send(peer: string, message: ToRole): void {
    this.effects.push({ kind: 'send', peer, message });
  }

  sendAll(message: ToRole): void {
    for (const { peer } of this.membership.members) this.send(peer, message);
  }

  /** Send a peer away that is not part of the run. */
  refuse(peer: string, reason: string): void {
    this.because(`refused: ${reason}`);
    this.send(peer, { kind: 'stop', reason, finished: false });
  }

  observe(event: CoordinatorEvent): void {
    this.effects.push({ kind: 'observe', event });
  }

  /** Persist the run, unless its predecessor's state file is still the valid one. */
  remember(): void {
    if (!this.run.failover) this.effects.push({ kind: 'remember', state: runStateOf(this.run) });
  }

  after(milliseconds: number, due: Deadline['due']): void {
    this.set({ deadlines: [...this.run.deadlines, { at: this.now + milliseconds, due }] });
  }

  startMessage(): ToRole & { kind: 'start' } {
    const { membership, rendezvous } = this.run;
    const { ringOrder } = membership;
    return {
      kind: 'start',
      peers: peersOf(membership),
      generation: rendezvous.generation,
      students: ringOrder,
    };
  }
}

/** In the state file, for a role without a process. */
const NO_PROCESS = { pid: 0, began: '' };

/** The run as a successor needs it. */
function runStateOf({ membership, rendezvous, restarts }: LiveRun): RunState {
  const { ringOrder, excused, members } = membership;
  const present = members.map(({ id, endpoint, state, process }) => ({ ...id, endpoint, state, ...process }));
  // A successor gives them the endpoints at which other processes expect them.
  const replaced = replacedServersOf(membership).map((server) => ({ ...server, state: '', ...NO_PROCESS }));
  const roles = [...present, ...replaced];
  const { generation } = rendezvous;
  return { generation, ringOrder: [...ringOrder], excused: [...excused], roles, restarts: { ...restarts } };
}

/** Endpoints of all members, and the reused endpoints of servers that are being replaced. */
function peersOf(membership: Membership): Peer[] {
  const present = membership.members.map(({ id, endpoint }) => ({ ...id, endpoint }));
  return [...present, ...replacedServersOf(membership)];
}

/** The missing servers, with the endpoints that their replacements reuse. */
function replacedServersOf(membership: Membership): Peer[] {
  return missingOf(membership).flatMap((id) => {
    const endpoint = membership.formerEndpoints[nameOf(id)];
    return endpoint === undefined ? [] : [{ ...id, endpoint }];
  });
}

import { nameOf, type Hello, type RoleId } from '../control/messages.ts';
import type { RunState } from './state-file.ts';
import type { Member, Membership } from './membership.ts';

/** How long the roles of a dead coordinator may take to say Hello to its successor: their sockets try to connect ten times a second. */
export const ADOPT_WITHIN_MS = 3_000;

/** The time in which a coordinator learns who is left of those that its predecessor knew. */
export class Failover {
  readonly #known: RunState['roles'];
  readonly #awaited: Set<string>;
  /** Who has come of whom the predecessor knew nothing: they join once all is clear. */
  readonly #newcomers: { readonly peer: string; readonly hello: Hello }[] = [];

  constructor({ roles }: RunState) {
    this.#known = roles;
    this.#awaited = new Set(roles.map(nameOf));
  }

  /** Whether it is the process that the predecessor knew by that name. */
  knows({ id, pid, began }: Hello): boolean {
    const known = this.#known.find((role) => nameOf(role) === nameOf(id));
    return known?.pid === pid && known.began === began;
  }

  /** One who has come, or will not come any more. */
  settle(id: RoleId): void {
    this.#awaited.delete(nameOf(id));
  }

  get isSettled(): boolean {
    return this.#awaited.size === 0;
  }

  defer(peer: string, hello: Hello): void {
    this.#newcomers.push({ peer, hello });
  }

  get newcomers(): readonly { readonly peer: string; readonly hello: Hello }[] {
    return this.#newcomers;
  }
}

/** The member that a role is which says Hello. */
export function memberOf(peer: string, hello: Hello, membership: Membership): Member {
  const { id, endpoint, state, pid, began, returns, saved, awaitingRendezvous, done } = hello;
  const stands = returns ? (membership.isOnRing(id) ? undefined : 'standby') : 'new';
  return {
    id,
    peer,
    endpoint: awaitingRendezvous?.endpoint ?? endpoint,
    state,
    saved,
    process: { pid, began },
    waits: id.role === 'student' ? (awaitingRendezvous ?? stands) : undefined,
    result: done,
  };
}

/**
 * Whether a role that comes back over a new connection knows all that it was told on the old one: it has had the Start that it was sent,
 * and waits for none that was.
 */
export function hasMissedNothing(
  { id, waits }: Member,
  { returns, awaitingRendezvous }: Hello,
  generation: number,
): boolean {
  if (id.role !== 'student') return true;
  if (waits === 'new') return !returns && !awaitingRendezvous;
  if (waits === 'standby') return returns;
  if (waits) return awaitingRendezvous !== undefined;
  return returns && (!awaitingRendezvous || awaitingRendezvous.generation === generation);
}

/** Whether students must form a new ring: some seat is empty, or some that sits there has given the ring up or never begun. */
export function isRingBroken({ ringOrder, onRing }: Membership): boolean {
  return onRing.length < ringOrder.length || onRing.some(({ waits }) => waits !== undefined);
}

/** What a successor must know of a membership. */
export function runStateOf({ ringOrder, excused, members }: Membership, generation: number): RunState {
  const roles = members.map(({ id, endpoint, state, process }) => ({ ...id, endpoint, state, ...process }));
  return { generation, ringOrder: [...ringOrder], excused: [...excused], roles };
}

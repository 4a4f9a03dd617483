import { nameOf, type Hello, type RoleId } from '../control/messages.ts';
import type { RunState } from './state-file.ts';
import type { Member, Membership } from './membership.ts';

/**
 * Milliseconds that roles may take to reconnect to a new coordinator. Their sockets retry ten times a
 * second.
 */
export const ADOPT_WITHIN_MS = 3_000;

/** Tracks which processes of its predecessor a new coordinator has adopted. */
export class Failover {
  readonly #known: RunState['roles'];
  readonly #awaited: Set<string>;
  /** Processes that the predecessor did not know. They join after the failover. */
  readonly #newcomers: { readonly peer: string; readonly hello: Hello }[] = [];

  constructor({ roles }: RunState) {
    this.#known = roles;
    this.#awaited = new Set(roles.map(nameOf));
  }

  /** Whether the predecessor knew this process by this name. */
  knows({ id, pid, began }: Hello): boolean {
    const known = this.#known.find((role) => nameOf(role) === nameOf(id));
    return known?.pid === pid && known.began === began;
  }

  /** Record that a role has reconnected or exited. */
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

/** Create the member for a Hello. */
export function memberOf(peer: string, hello: Hello, membership: Membership): Member {
  const { id, endpoint, state, pid, began, returns, saved, awaitingRendezvous, done } = hello;
  const waits = returns ? (membership.isOnRing(id) ? undefined : 'standby') : 'new';
  return {
    id,
    peer,
    endpoint: awaitingRendezvous?.endpoint ?? endpoint,
    state,
    saved,
    process: { pid, began },
    waits: id.role === 'student' ? (awaitingRendezvous ?? waits) : undefined,
    result: done,
  };
}

/**
 * Whether a role that reconnects received every message of its old connection: it has the latest Start, and does
 * not wait for one that was sent.
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

/** Whether the students must form a new ring: a rank is missing, or has left the ring or not entered it. */
export function isRingBroken({ ringOrder, onRing }: Membership): boolean {
  return onRing.length < ringOrder.length || onRing.some(({ waits }) => waits !== undefined);
}

/** The membership as a successor needs it. */
export function runStateOf({ ringOrder, excused, members }: Membership, generation: number): RunState {
  const roles = members.map(({ id, endpoint, state, process }) => ({ ...id, endpoint, state, ...process }));
  return { generation, ringOrder: [...ringOrder], excused: [...excused], roles };
}

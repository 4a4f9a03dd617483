import { nameOf, type Order, type RoleId } from '../../control/messages.ts';
import type { LiveRun } from './live-run.ts';
import { memberNamed } from './membership.ts';
import type { Turn } from './turn.ts';

/** The machine that a role runs on; 0 is the head. */
export function machineOf({ settings }: LiveRun, id: RoleId): number {
  return id.role === 'node' ? id.rank : settings.nodeOf(id);
}

/** Send an order to a role's node. False for roles of machine 0, and when the node has not joined. */
export function order(turn: Turn, what: Omit<Order, 'kind'>): boolean {
  const node = memberNamed(turn.membership, nameOf({ role: 'node', rank: machineOf(turn.run, what.id) }));
  if (node && what.id.role !== 'node') turn.send(node.peer, { kind: 'order', ...what });
  return node !== undefined;
}

/** Start the roles of a machine whose node has joined. */
export function startRolesOf(turn: Turn, node: number): void {
  const { membership, run } = turn;
  for (const id of membership.expected) {
    if (id.role === 'node' || machineOf(run, id) !== node || memberNamed(membership, nameOf(id))) continue;
    order(turn, { id, what: 'start', endpoint: membership.formerEndpoints[nameOf(id)] });
  }
}

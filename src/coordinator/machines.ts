import { nameOf, type Order, type RoleId, type ToRole } from '../control/messages.ts';
import type { Membership } from './membership.ts';

export interface MachinesOptions {
  readonly membership: Membership;
  readonly expected: readonly RoleId[];
  /** As in CoordinatorOptions. */
  readonly nodeOf?: ((id: RoleId) => number) | undefined;
  readonly kill?: ((id: RoleId) => void) | undefined;
  readonly send: (peer: string, message: ToRole) => void;
  /** Called for an exited role that no process supervisor will report. */
  readonly lost: (id: RoleId, how: string) => void;
}

/** Starts and kills roles on the machines of a run. */
export class Machines {
  readonly #options: MachinesOptions;

  constructor(options: MachinesOptions) {
    this.#options = options;
  }

  nodeOf(id: RoleId): number {
    return id.role === 'node' ? id.rank : (this.#options.nodeOf?.(id) ?? 0);
  }

  /** Kill a role. A node cannot be killed: it counts as lost, with its processes. */
  kill(id: RoleId): void {
    const { membership, kill, lost } = this.#options;
    if (id.role === 'node') return lost(id, 'no longer responds');
    if (this.nodeOf(id) === 0) kill?.(id);
    else if (this.order({ kind: 'order', id, what: 'kill' })) return;
    else if (membership.get(nameOf(id))) lost(id, 'was lost with its node');
  }

  startRolesOf(node: number): void {
    const { expected, membership } = this.#options;
    for (const id of expected) {
      if (id.role === 'node' || this.nodeOf(id) !== node || membership.get(nameOf(id))) continue;
      this.order({ kind: 'order', id, what: 'start', endpoint: membership.formerEndpointOf(id) });
    }
  }

  /** Send an order to a role's node. False for roles of machine 0, and when the node has not joined. */
  order(order: Order): boolean {
    const { membership, send } = this.#options;
    const node = membership.get(nameOf({ role: 'node', rank: this.nodeOf(order.id) }));
    if (node && order.id.role !== 'node') send(node.peer, order);
    return node !== undefined;
  }
}

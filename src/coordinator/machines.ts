import { nameOf, type Order, type RoleId, type ToRole } from '../control/messages.ts';
import type { Membership } from './membership.ts';

/** The machines of a run: which role runs where, and who starts and kills it there. */
export interface MachinesOptions {
  readonly membership: Membership;
  readonly expected: readonly RoleId[];
  /** As the coordinator's. */
  readonly nodeOf?: ((id: RoleId) => number) | undefined;
  readonly kill?: ((id: RoleId) => void) | undefined;
  readonly send: (peer: string, message: ToRole) => void;
  /** A role has gone of whose process nobody else will tell. */
  readonly lost: (id: RoleId, how: string) => void;
}

export class Machines {
  readonly #options: MachinesOptions;

  constructor(options: MachinesOptions) {
    this.#options = options;
  }

  nodeOf(id: RoleId): number {
    return id.role === 'node' ? id.rank : (this.#options.nodeOf?.(id) ?? 0);
  }

  /** A node that has gone has taken its processes with it: they come again with it, or the run ends. */
  kill(id: RoleId): void {
    const { membership, kill, lost } = this.#options;
    if (id.role === 'node') return lost(id, 'is not heard of any more');
    if (this.nodeOf(id) === 0) kill?.(id);
    else if (this.order({ kind: 'order', id, what: 'kill' })) return;
    else if (membership.get(nameOf(id))) lost(id, 'went with its node');
  }

  startRolesOf(node: number): void {
    const { expected, membership } = this.#options;
    for (const id of expected) {
      if (id.role === 'node' || this.nodeOf(id) !== node || membership.get(nameOf(id))) continue;
      this.order({ kind: 'order', id, what: 'start', endpoint: membership.placeOf(id) });
    }
  }

  /** False when the role is the coordinator's own, or its node is not there. */
  order(order: Order): boolean {
    const { membership, send } = this.#options;
    const node = membership.get(nameOf({ role: 'node', rank: this.nodeOf(order.id) }));
    if (node && order.id.role !== 'node') send(node.peer, order);
    return node !== undefined;
  }
}

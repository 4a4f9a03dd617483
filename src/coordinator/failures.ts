import type { CoordinatorOptions } from './coordinator-options.ts';
import { nameOf, type RoleId } from '../control/messages.ts';
import type { Machines } from './machines.ts';
import type { Rendezvous } from './rendezvous.ts';
import type { Membership } from './membership.ts';

export interface FailureOptions extends Pick<CoordinatorOptions, 'replace' | 'fallsBack'> {
  readonly membership: Membership;
  readonly machines: Machines;
  readonly rendezvous: Rendezvous;
  /** Whether the students are on a ring or in a rendezvous. */
  readonly isRunning: () => boolean;
  /** Called after the members or the awaited roles change. */
  readonly changed: () => void;
}

/** Replaces roles that exit, or drops them from an elastic run. */
export class Failures {
  readonly #options: FailureOptions;
  /** Students that were killed because another one exited. */
  readonly #killed = new Set<string>();

  constructor(options: FailureOptions) {
    this.#options = options;
  }

  /**
   * Remove a role from the membership, and start a replacement or continue without it. Returns undefined when the
   * run cannot continue. With `owed`, the replacement does not count as a restart (failover).
   */
  replaceOrDrop(id: RoleId, { owed = false } = {}): 'replaced' | 'dropped' | undefined {
    const { membership, machines, rendezvous, replace, isRunning, changed } = this.#options;
    membership.remove(id);
    const endpoint = membership.formerEndpointOf(id);
    const isReplaced = replace?.(id, endpoint, owed) ?? false;
    if (isReplaced) machines.order({ kind: 'order', id, what: 'start', endpoint });
    else if (!membership.excuse(id)) return undefined;
    changed();
    const outcome = isReplaced ? 'replaced' : 'dropped';
    if (!isRunning() || !membership.isOnRing(id)) return outcome;
    if (!this.#killed.delete(nameOf(id))) this.#killStudents();
    const exited = membership.students.filter(({ left }) => left);
    rendezvous.lost();
    if (!exited.every((student) => this.replaceOrDrop(student.id))) return undefined;
    void rendezvous.formIfAllWait();
    return outcome;
  }

  /** Kill all students once if the optimizer is sharded: losing one makes the others' state useless. */
  fallBack(): void {
    if (this.#killed.size === 0) this.#killStudents();
  }

  #killStudents(): void {
    const { membership, machines, fallsBack } = this.#options;
    if (!fallsBack) return;
    for (const { id } of membership.students) {
      this.#killed.add(nameOf(id));
      machines.kill(id);
    }
  }
}

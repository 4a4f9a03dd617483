import type { CoordinatorOptions } from './coordinator-options.ts';
import { nameOf, type RoleId } from '../control/messages.ts';
import type { Machines } from './machines.ts';
import type { Rendezvous } from './rendezvous.ts';
import type { Membership } from './membership.ts';

export interface FailureOptions extends Pick<CoordinatorOptions, 'replace' | 'fallsBack'> {
  readonly membership: Membership;
  readonly machines: Machines;
  readonly rendezvous: Rendezvous;
  /** Whether the students are on a ring, or on the way to the next. */
  readonly isRunning: () => boolean;
  /** The membership, or who is waited for, has changed. */
  readonly changed: () => void;
}

/** What becomes of the place of a role that is lost: another takes it, or the run does without. */
export class Failures {
  readonly #options: FailureOptions;
  /** Students that are killed because another was lost. */
  readonly #falling = new Set<string>();

  constructor(options: FailureOptions) {
    this.#options = options;
  }

  /**
   * Takes a role off the membership and asks for another in its place, or does without it. Undefined when the run cannot go on. Another is `owed`
   * to a run that is taken over.
   */
  fillPlace(id: RoleId, { owed = false } = {}): 'replaced' | 'dropped' | undefined {
    const { membership, machines, rendezvous, replace, isRunning, changed } = this.#options;
    membership.remove(id);
    const endpoint = membership.placeOf(id);
    const isReplaced = replace?.(id, endpoint, owed) ?? false;
    if (isReplaced) machines.order({ kind: 'order', id, what: 'start', endpoint });
    else if (!membership.excuse(id)) return undefined;
    changed();
    const outcome = isReplaced ? 'replaced' : 'dropped';
    if (!isRunning() || !membership.isOnRing(id)) return outcome;
    if (!this.#falling.delete(nameOf(id))) this.#killStudents();
    const gone = membership.students.filter(({ left }) => left);
    rendezvous.lost();
    if (!gone.every((student) => this.fillPlace(student.id))) return undefined;
    void rendezvous.formIfAllWait();
    return outcome;
  }

  /** With one student all are lost, where each holds what no other has; they are killed once. */
  fallBack(): void {
    if (this.#falling.size === 0) this.#killStudents();
  }

  #killStudents(): void {
    const { membership, machines, fallsBack } = this.#options;
    if (!fallsBack) return;
    for (const { id } of membership.students) {
      this.#falling.add(nameOf(id));
      machines.kill(id);
    }
  }
}

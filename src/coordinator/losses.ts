import type { CoordinatorOptions } from './coordinator-options.ts';
import { nameOf, type RoleId } from '../control/control.ts';
import type { Machines } from './machines.ts';
import type { Reformation } from './reformation.ts';
import type { Roll } from './roll.ts';

export interface LossesOptions extends Pick<CoordinatorOptions, 'replace' | 'fallsBack'> {
  readonly roll: Roll;
  readonly machines: Machines;
  readonly reformation: Reformation;
  /** Whether the students are on a ring, or on the way to the next. */
  readonly isRunning: () => boolean;
  /** The roll, or who is waited for, has changed. */
  readonly changed: () => void;
}

/** What becomes of the place of a role that is lost: another takes it, or the run does without. */
export class Losses {
  readonly #options: LossesOptions;
  /** Students that are killed because another was lost. */
  readonly #falling = new Set<string>();

  constructor(options: LossesOptions) {
    this.#options = options;
  }

  /**
   * Takes a role off the roll and asks for another in its place, or does without it. Undefined when the run cannot go on. Another is `owed`
   * to a run that is taken over.
   */
  fillPlace(id: RoleId, { owed = false } = {}): 'replaced' | 'dropped' | undefined {
    const { roll, machines, reformation, replace, isRunning, changed } = this.#options;
    roll.remove(id);
    const endpoint = roll.placeOf(id);
    const isReplaced = replace?.(id, endpoint, owed) ?? false;
    if (isReplaced) machines.order({ kind: 'order', id, what: 'start', endpoint });
    else if (!roll.excuse(id)) return undefined;
    changed();
    const outcome = isReplaced ? 'replaced' : 'dropped';
    if (!isRunning() || !roll.isSeated(id)) return outcome;
    if (!this.#falling.delete(nameOf(id))) this.#killStudents();
    const gone = roll.students.filter(({ left }) => left);
    reformation.lost();
    if (!gone.every((student) => this.fillPlace(student.id))) return undefined;
    void reformation.formIfAllWait();
    return outcome;
  }

  /** With one student all are lost, where each holds what no other has; they are killed once. */
  fallBack(): void {
    if (this.#falling.size === 0) this.#killStudents();
  }

  #killStudents(): void {
    const { roll, machines, fallsBack } = this.#options;
    if (!fallsBack) return;
    for (const { id } of roll.students) {
      this.#falling.add(nameOf(id));
      machines.kill(id);
    }
  }
}

import type { Transport } from '../transport/transport.ts';
import type { RoleId } from '../control/messages.ts';
import type { CoordinatorEvent } from '../control/coordinator-events.ts';
import type { RunState } from './state-file.ts';

/** What a coordinator is given. */
export interface CoordinatorOptions {
  readonly transport: Transport;
  /** Where to serve, such as tcp://127.0.0.1:*. */
  readonly endpoint: string;
  /** Identity of the recipe: roles of another run are refused. */
  readonly run: string;
  readonly expected: readonly RoleId[];
  /** The fewest students that the run begins and goes on with. Default all that are expected. */
  readonly leastStudents?: number | undefined;
  readonly joinWithinMs: number;
  /** How long a ring waits for lost students before it goes on with fewer. Default joinWithinMs. */
  readonly returnWithinMs?: number | undefined;
  /** Whether all students begin anew from the newest checkpoint when one is lost: each holds what no other has. Default false. */
  readonly fallsBack?: boolean | undefined;
  /** Whether the students go on from the newest checkpoint that any of them has. Default false: a run begins anew. */
  readonly resume?: boolean | undefined;
  readonly generation: number;
  /** What another coordinator knew that led this run and has died: its roles go on under this one. */
  readonly predecessor?: RunState | undefined;
  /** Keeps what a successor must know; resolves when it is kept. A ring begins only then. */
  readonly remember?: ((state: RunState) => Promise<void>) | undefined;
  readonly observe?: (event: CoordinatorEvent) => void;
  /**
   * Starts a process in the place of one that was lost; a server at the same address. False when there are no more to be had. One that is
   * owed to a run that is taken over is always to be had.
   */
  readonly replace?: (id: RoleId, endpoint: string | undefined, isOwed: boolean) => boolean;
  /** On which machine a role runs; those of 0 are the coordinator's own. Default 0. */
  readonly nodeOf?: (id: RoleId) => number;
  /** How often the ring may break although nobody was lost. Default 0. */
  readonly mostBreaks?: number;
  /** Kills a process that does not answer any more. */
  readonly kill?: (id: RoleId) => void;
}

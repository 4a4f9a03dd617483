import type { Transport } from '../transport/transport.ts';
import type { RoleId } from '../control/messages.ts';
import type { CoordinatorEvent } from '../control/coordinator-events.ts';
import type { RunState } from './state-file.ts';

/** Options of a coordinator. */
export interface CoordinatorOptions {
  readonly transport: Transport;
  /** Endpoint to serve at, such as tcp://127.0.0.1:*. */
  readonly endpoint: string;
  /** Identity of the recipe: roles of another run are refused. */
  readonly run: string;
  readonly expected: readonly RoleId[];
  /** Minimum number of students to start and continue with. Default: all expected ones. */
  readonly leastStudents?: number | undefined;
  readonly joinWithinMs: number;
  /**
   * Milliseconds that a rendezvous waits for lost students before it continues with fewer. Default
   * joinWithinMs.
   */
  readonly returnWithinMs?: number | undefined;
  /** Losing a student restarts all students from the latest checkpoint (sharded optimizer). Default false. */
  readonly fallsBack?: boolean | undefined;
  /**
   * The students continue from the latest checkpoint that any of them has. Default false: start at step
   * 0.
   */
  readonly resume?: boolean | undefined;
  readonly generation: number;
  /** State of a dead coordinator of this run, whose roles this one adopts. */
  readonly predecessor?: RunState | undefined;
  /** Persists the state for a successor. A ring starts only after this resolves. */
  readonly remember?: ((state: RunState) => Promise<void>) | undefined;
  readonly observe?: (event: CoordinatorEvent) => void;
  /** Starts a replacement for a process that exited; a server gets the same endpoint. Default: none is replaced. */
  readonly replace?: (id: RoleId, endpoint: string | undefined) => void;
  /**
   * Maximum restarts of each role. A replacement of a process that exited with a former head does not count.
   * Default: no limit.
   */
  readonly restarts?: number | undefined;
  /** The machine of a role. The coordinator starts the processes of machine 0 itself. Default 0. */
  readonly nodeOf?: (id: RoleId) => number;
  /** Maximum number of ring failures without a process exit. Default 0. */
  readonly mostBreaks?: number;
  /** Kills a process that no longer responds. */
  readonly kill?: (id: RoleId) => void;
}

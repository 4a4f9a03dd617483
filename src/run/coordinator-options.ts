import type { Transport } from '../transport/transport.ts';
import type { Figures, RoleId } from './control.ts';
import type { Memory } from './journal.ts';

/** What a coordinator is given, and what it tells. */
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
  readonly predecessor?: Memory | undefined;
  /** Keeps what a successor must know; resolves when it is kept. A ring begins only then. */
  readonly remember?: ((memory: Memory) => Promise<void>) | undefined;
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

export type CoordinatorEvent =
  | { readonly kind: 'opened'; readonly endpoint: string }
  | { readonly kind: 'joined'; readonly name: string; readonly pid: number }
  /** All students begin after that step. */
  | { readonly kind: 'started'; readonly ranks: number; readonly step: number }
  /** The run goes on under this coordinator, after another's death, with those of its processes that live. */
  | { readonly kind: 'succeeded'; readonly adopted: number; readonly missing: readonly string[] }
  /** A process was lost, and another was started in its place. */
  | { readonly kind: 'replaced'; readonly name: string; readonly why: string }
  /** A process was lost for good, and the run goes on without it. */
  | { readonly kind: 'dropped'; readonly name: string; readonly why: string }
  /** The students go on on a new ring. */
  | {
      readonly kind: 'reformed';
      readonly generation: number;
      readonly step: number;
      readonly ranks: number;
      readonly seconds: number;
    }
  | { readonly kind: 'progress'; readonly name: string; readonly figures: Figures };

/** The results of every role by its name. */
export type RunResults = ReadonlyMap<string, Figures>;

import type { BrineError } from '../../base/errors.ts';
import type { ProcessName } from '../../base/process/process-identity.ts';
import {
  nameOf,
  type AwaitingRendezvous,
  type Figures,
  type FromRole,
  type Hello,
  type RoleId,
  type ToRole,
} from '../../control/messages.ts';
import type { CoordinatorEvent, RunResults } from '../../control/coordinator-events.ts';
import type { RunState } from '../state-file.ts';
import { membershipOf, type Membership } from './membership.ts';
import { noPause, type OwnPauses } from './own-pauses.ts';

/** What a coordinator was started with. */
export interface Settings {
  /** Identity of the recipe: roles of another run are refused. */
  readonly run: string;
  readonly expected: readonly RoleId[];
  /** Minimum number of students to start and continue with. */
  readonly leastStudents?: number | undefined;
  readonly joinWithinMs: number;
  /** Milliseconds that a rendezvous waits for lost students before it continues with fewer. */
  readonly returnWithinMs: number;
  /** Losing a student restarts all students from the latest checkpoint (sharded optimizer). */
  readonly fallsBack: boolean;
  /** The students continue from the latest checkpoint that any of them has. */
  readonly resume: boolean;
  /** Maximum restarts of each role; undefined when roles cannot be replaced. */
  readonly restarts: number | undefined;
  /** Maximum number of ring failures without a process exit. */
  readonly mostBreaks: number;
  /** The machine of a role. */
  readonly nodeOf: (id: RoleId) => number;
}

/** A run as its coordinator sees it. Immutable: each transition returns a new one. */
export interface LiveRun {
  readonly settings: Settings;
  readonly phase: 'adopting' | 'joining' | 'running' | 'closing' | 'failing' | 'ended';
  readonly membership: Membership;
  readonly rendezvous: Rendezvous;
  /** Set while the processes of a dead coordinator are adopted. */
  readonly failover?: Failover | undefined;
  /** The latest process of each role that counts as lost. A second report of its exit has no effect. */
  readonly exited: Readonly<Record<string, ProcessName>>;
  /** Restarts of each role so far. */
  readonly restarts: Readonly<Record<string, number>>;
  /** Students that were killed because another one exited. */
  readonly killed: readonly string[];
  /** Latest progress of each role. */
  readonly figures: Readonly<Record<string, Figures>>;
  /** Failures in order of arrival. */
  readonly causes: readonly Cause[];
  readonly pauses: OwnPauses;
  readonly deadlines: readonly Deadline[];
}

/** How the students move from one ring to the next. */
export interface Rendezvous {
  /** Generation of the present or latest ring. */
  readonly generation: number;
  /** Ring failures without a process exit so far. */
  readonly breaks: number;
  readonly stage:
    | { readonly kind: 'onRing' }
    /** The students were asked to abandon the ring after a step, to admit others. */
    | { readonly kind: 'admitting' }
    | {
        readonly kind: 'gathering';
        readonly since: number;
        /** Whether the wait for missing students is over. */
        readonly stopsWaiting: boolean;
        /** The first report of a broken ring, until a process exit explains it. */
        readonly broken?: { readonly id: RoleId; readonly report: AwaitingRendezvous } | undefined;
      };
}

/** Which processes of its predecessor a new coordinator still expects. */
export interface Failover {
  readonly known: RunState['roles'];
  readonly awaited: readonly string[];
  /** Processes that the predecessor did not know. They join after the failover. */
  readonly newcomers: readonly { readonly peer: string; readonly hello: Hello }[];
}

/** A failure of a run. */
export interface Cause {
  readonly name: string;
  readonly error: BrineError;
  /** Whether a process exit, which explains the reports of its neighbours. */
  readonly died: boolean;
}

/** A moment at which something is due. Deadlines that no longer matter have no effect. */
export interface Deadline {
  /** Milliseconds on the coordinator's clock. */
  readonly at: number;
  readonly due:
    | { readonly kind: 'join' | 'adopt' | 'close' | 'cause' }
    | { readonly kind: 'report' | 'return' | 'rejoin'; readonly generation: number }
    | { readonly kind: 'gone'; readonly peer: string };
}

/** An exit as a process supervisor reports it. */
export interface Exit {
  readonly how: string;
  /** Whether the process was told to stop. */
  readonly obeyed: boolean;
  readonly hint: string;
  /** The process that exited; undefined when the coordinator infers the exit. */
  readonly process?: ProcessName | undefined;
}

export type RunEvent =
  | { readonly kind: 'opened'; readonly endpoint: string }
  | { readonly kind: 'message'; readonly peer: string; readonly message: FromRole }
  /** A peer's connection closed or its heartbeats stopped. */
  | { readonly kind: 'gone'; readonly peer: string }
  | ({ readonly kind: 'lost'; readonly id: RoleId } & Exit)
  /** The coordinator itself cannot continue. */
  | { readonly kind: 'fault'; readonly error: BrineError }
  | { readonly kind: 'stop'; readonly error: BrineError }
  /** Time has passed. */
  | { readonly kind: 'time' }
  | { readonly kind: 'closed'; readonly error: BrineError };

/**
 * What the process around the state machine carries out. `send` and `observe` take effect only after every earlier
 * `remember` is on disk, so that no process learns what a successor would not know.
 */
export type Effect =
  | { readonly kind: 'remember'; readonly state: RunState }
  | { readonly kind: 'send'; readonly peer: string; readonly message: ToRole }
  | { readonly kind: 'observe'; readonly event: CoordinatorEvent }
  | { readonly kind: 'kill'; readonly id: RoleId }
  /** Start a new process for a role; a server gets its predecessor's endpoint. */
  | { readonly kind: 'replace'; readonly id: RoleId; readonly endpoint: string | undefined }
  | { readonly kind: 'resolve'; readonly results: RunResults }
  | { readonly kind: 'reject'; readonly error: BrineError };

/** The state before anything happened; with the state of a dead coordinator, this one continues its run. */
export function beginning(
  settings: Settings,
  { generation, now, predecessor }: { generation: number; now: number; predecessor?: RunState | undefined },
): LiveRun {
  return {
    settings,
    phase: predecessor ? 'adopting' : 'joining',
    membership: membershipOf(settings, predecessor),
    rendezvous: { generation: predecessor?.generation ?? generation, breaks: 0, stage: { kind: 'onRing' } },
    failover: predecessor && {
      known: predecessor.roles,
      awaited: predecessor.roles.map(nameOf),
      newcomers: [],
    },
    exited: {},
    restarts: predecessor?.restarts ?? {},
    killed: [],
    figures: {},
    causes: [],
    pauses: noPause(now),
    deadlines: [],
  };
}

/** Whether no role can join or be replaced any more. */
export function isOver({ phase }: LiveRun): boolean {
  return phase === 'closing' || phase === 'failing' || phase === 'ended';
}

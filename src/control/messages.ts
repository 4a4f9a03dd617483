import type { BrineError } from '../base/errors.ts';
import type { ProcessName } from '../base/process/process-identity.ts';
import type { ExpectedServer } from '../transport/listener.ts';
import type { Figures } from './figures.ts';
import type { TrainProgress } from '../student/training/train-progress.ts';

export type { Figures } from './figures.ts';

/** The messages of proto/control.proto between roles and their coordinator, as plain values. */
export type Role = 'cache' | 'teacher' | 'student' | 'node';

export interface RoleId {
  readonly role: Role;
  readonly rank: number;
}

export interface Peer extends RoleId {
  readonly endpoint: string;
}

/** The first message of a role on each connection. */
export interface Hello {
  readonly kind: 'hello';
  readonly id: RoleId;
  readonly run: string;
  readonly endpoint: string;
  /** Endpoint at which a student serves its state. */
  readonly state: string;
  readonly pid: number;
  /** Start time of its process, as `processBegan` returns it. */
  readonly began: string;
  /** Whether it sent a Hello before. */
  readonly again: boolean;
  /** Whether it received a Start before. */
  readonly returns: boolean;
  /** Students only. */
  readonly saved?: Saved | undefined;
  /** Set while it waits for the next Start. */
  readonly awaitingRendezvous?: AwaitingRendezvous | undefined;
  /** Set while it waits for the end of the run. */
  readonly done?: Figures | undefined;
}

export type FromRole =
  | Hello
  | { readonly kind: 'progress'; readonly figures: Figures }
  | { readonly kind: 'done'; readonly figures: Figures }
  | { readonly kind: 'failed'; readonly error: BrineError; readonly id: RoleId; readonly run: string }
  | AwaitingRendezvous
  | Loss
  | { readonly kind: 'askStatus' };

/** The state of a run. */
export interface RunStatus {
  readonly kind: 'status';
  /** Generation of the ring. */
  readonly generation: number;
  readonly state: string;
  readonly ranks: number;
  /** Latest figures of all joined roles. */
  readonly reports: readonly (Figures & { readonly name: string })[];
  readonly missing: readonly string[];
}

/** A node agent's report that one of its processes exited. */
export interface Loss {
  readonly kind: 'lost';
  readonly id: RoleId;
  readonly how: string;
  readonly obeyed: boolean;
  readonly hint: string;
  /** The process that exited. A node may report an exit twice. */
  readonly process: ProcessName;
}

/** The coordinator's order to a node agent about one of its roles. */
export interface Order {
  readonly kind: 'order';
  readonly id: RoleId;
  readonly what: 'start' | 'kill';
  /** The former endpoint of a server that is restarted. */
  readonly endpoint?: string | undefined;
}

/** The latest checkpoint that a student can read. */
export interface Saved {
  readonly step: number;
  /** Hash of its content, hexadecimal. */
  readonly hash: string;
}

/** A student's report that it has left its ring and awaits rendezvous. */
export interface AwaitingRendezvous extends TrainProgress {
  readonly kind: 'awaitingRendezvous';
  readonly generation: number;
  /** Whether it has no state yet. */
  readonly blank: boolean;
  /** Its inbox on the next ring. */
  readonly endpoint: string;
  readonly why: string;
  /** For a student without state: the latest checkpoint that it can read. */
  readonly saved?: Saved | undefined;
}

/** The train progress at which the ranks of a new ring continue. */
export interface Agreed {
  readonly step: number;
  readonly evaluated: boolean;
  /** Endpoint from which ranks without state fetch it. */
  readonly donor: string;
  /** Number of ranks that fetch the state. */
  readonly newcomers: number;
  /** Set when no rank has state: ranks with the checkpoint of this hash load it. The donor is one of them. */
  readonly saved?: string | undefined;
}

/** A ring that the coordinator has formed. */
export interface Start {
  readonly peers: readonly Peer[];
  readonly generation: number;
  /** The agreed train progress; undefined when a run starts at step 0. */
  readonly agreement?: Agreed | undefined;
  /** Ranks on the ring, in ring order. A student that is not listed is on standby. */
  readonly students: readonly number[];
}

/** The coordinator's request to leave the ring of a generation. */
export interface Abandon {
  readonly kind: 'abandon';
  readonly generation: number;
  /** Whether to commit one more step first. */
  readonly afterStep?: boolean | undefined;
}

export type ToRole =
  | ({ readonly kind: 'start' } & Start)
  | Abandon
  | { readonly kind: 'greet' }
  | Order
  | RunStatus
  | { readonly kind: 'stop'; readonly reason: string; readonly finished: boolean };

/**
 * Maximum frame size; the transport refuses larger frames before reading them. The largest valid frame is
 * the Status of a run with the maximum number of roles, each with a trouble text.
 */
export const CONTROL_FRAME_BYTES = 8 * 2 ** 20;

/** Limits of a connection to the coordinator. */
export const CONTROL_LIMITS = { maxFrameBytes: CONTROL_FRAME_BYTES, expect: 'coordinator' } as const;

export function coordinatorAt(endpoint: string): ExpectedServer {
  return { endpoint, server: 'coordinator' };
}

/** The name of a role, such as "student-1". Cache 0 is "cache". */
export function nameOf({ role, rank }: RoleId): string {
  return role === 'cache' && rank === 0 ? role : `${role}-${rank}`;
}

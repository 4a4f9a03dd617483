import type { BrineError } from '../base/errors.ts';
import type { TrainProgress } from '../student/training/train-progress.ts';

/** The vocabulary of proto/control.proto as plain values: what roles and their coordinator say. */
export type Role = 'cache' | 'teacher' | 'student' | 'node';

export interface RoleId {
  readonly role: Role;
  readonly rank: number;
}

export interface Peer extends RoleId {
  readonly endpoint: string;
}

/** Numbers and words by name: progress, or results. */
export interface Figures {
  readonly numbers: Readonly<Record<string, number>>;
  readonly words: Readonly<Record<string, string>>;
}

/** The first word of a role, and its first after it lost its connection. */
export interface Hello {
  readonly kind: 'hello';
  readonly id: RoleId;
  readonly run: string;
  readonly endpoint: string;
  /** Where a student serves its state. */
  readonly state: string;
  readonly pid: number;
  /** When its process began, as `processBegan` says. */
  readonly began: string;
  /** It has said Hello before. */
  readonly again: boolean;
  /** It has had a Start before. */
  readonly returns: boolean;
  /** Of a student. */
  readonly saved?: Saved | undefined;
  /** It waits for the next Start. */
  readonly awaitingRendezvous?: AwaitingRendezvous | undefined;
  /** It waits for the end of the run. */
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

/** How a run stands. */
export interface RunStatus {
  readonly kind: 'status';
  /** Of the ring. */
  readonly generation: number;
  readonly state: string;
  readonly ranks: number;
  /** Of all roles that have joined, by their names. */
  readonly reports: readonly (Figures & { readonly name: string })[];
  readonly missing: readonly string[];
}

/** The process of one of a node's roles has gone. */
export interface Loss {
  readonly kind: 'lost';
  readonly id: RoleId;
  readonly how: string;
  readonly obeyed: boolean;
  readonly hint: string;
}

/** What a node is to do with one of its roles. */
export interface Order {
  readonly kind: 'order';
  readonly id: RoleId;
  readonly what: 'start' | 'kill';
  /** Where a server was that is started again. */
  readonly endpoint?: string | undefined;
}

/** The newest checkpoint that a student can read. */
export interface Saved {
  readonly step: number;
  /** Of all it holds, as hexadecimal digits. */
  readonly hash: string;
}

/** A student whose ring is broken or given up. */
export interface AwaitingRendezvous extends TrainProgress {
  readonly kind: 'awaitingRendezvous';
  readonly generation: number;
  /** It has no state yet. */
  readonly blank: boolean;
  /** Its inbox on the next ring. */
  readonly endpoint: string;
  readonly why: string;
  /** Of one without state. */
  readonly saved?: Saved | undefined;
}

/** Where the ranks of a new ring go on. */
export interface Agreed {
  readonly step: number;
  readonly evaluated: boolean;
  /** Where a rank without state fetches it. */
  readonly donor: string;
  readonly newcomers: number;
  /** No rank has a state: those load the checkpoint of this hash that have it, and the donor is one of them. */
  readonly saved?: string | undefined;
}

export type ToRole =
  | {
      readonly kind: 'start';
      readonly peers: readonly Peer[];
      readonly generation: number;
      readonly agreement?: Agreed | undefined;
      /** Who is on the ring, by their seats; a student that is not among them stands by. */
      readonly students: readonly number[];
    }
  | {
      readonly kind: 'abandon';
      readonly generation: number;
      /** Not before a step has counted. */
      readonly afterStep?: boolean | undefined;
    }
  | { readonly kind: 'greet' }
  | Order
  | RunStatus
  | { readonly kind: 'stop'; readonly reason: string; readonly finished: boolean };

/**
 * Larger frames are refused by the transport before they are read. The largest is the Status of a run of the most roles that a recipe may
 * ask for, each in trouble.
 */
export const CONTROL_FRAME_BYTES = 8 * 2 ** 20;

/** "student-1"; the first of the caches, mostly the only one, is "cache". */
export function nameOf({ role, rank }: RoleId): string {
  return role === 'cache' && rank === 0 ? role : `${role}-${rank}`;
}

import { BrineError, messageOf } from '../base/errors.ts';
import { brine } from '../wire/generated/control.js';
import type { Standing } from '../student/membership.ts';
import type { Frame } from '../transport/transport.ts';
import {
  agreedOf,
  decoded,
  errorOf,
  figuresOf,
  malformed,
  savedOf,
  statusOf,
  strandedOf,
} from './control-parts.ts';

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
  readonly stranded?: Stranded | undefined;
  /** It waits for the end of the run. */
  readonly done?: Figures | undefined;
}

export type FromRole =
  | Hello
  | { readonly kind: 'progress'; readonly figures: Figures }
  | { readonly kind: 'done'; readonly figures: Figures }
  | { readonly kind: 'failed'; readonly error: BrineError; readonly id: RoleId; readonly run: string }
  | Stranded
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
export interface Stranded extends Standing {
  readonly kind: 'stranded';
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

/** Control messages are small: larger frames are refused by the transport before they are read. */
export const CONTROL_FRAME_BYTES = 1 << 20;

/** "student-1"; the first of the caches, mostly the only one, is "cache". */
export function nameOf({ role, rank }: RoleId): string {
  return role === 'cache' && rank === 0 ? role : `${role}-${rank}`;
}

const proto = brine.control;

export function encodeFromRole(message: FromRole): Frame {
  return proto.FromRole.encode(wireOf(message)).finish();
}

function wireOf(message: FromRole): brine.control.FromRole.$Properties {
  if (message.kind === 'hello') {
    const { kind: _, id, stranded, saved, done, ...hello } = message;
    const stands = { stranded: stranded ? standingOf(stranded) : null, done: done ? copied(done) : null };
    return { hello: { ...id, ...hello, saved: saved ?? null, ...stands } };
  }
  if (message.kind === 'failed') {
    const { error, id, run } = message;
    return { failed: { code: error.code, message: error.message, hint: error.hint, ...id, run } };
  }
  if (message.kind === 'askStatus') return { askStatus: {} };
  if (message.kind === 'lost') {
    const { id, how, obeyed, hint } = message;
    return { lost: { ...id, how, obeyed, hint } };
  }
  if (message.kind === 'stranded') return { stranded: standingOf(message) };
  const figures = copied(message.figures);
  return message.kind === 'progress' ? { progress: figures } : { done: figures };
}

function standingOf(stranded: Stranded) {
  const { kind: _, saved, ...standing } = stranded;
  return { ...standing, saved: saved ?? null };
}

function copied({ numbers, words }: Figures) {
  return { numbers: { ...numbers }, words: { ...words } };
}

/** Throws ROLE_FAILED for bytes that are no message. */
export function decodeFromRole(frame: Frame | undefined): FromRole {
  const { hello, progress, done, failed, stranded, lost, askStatus } = decoded(() =>
    proto.FromRole.decode(frame ?? new Uint8Array(0)),
  );
  if (hello) return helloOf(hello);
  if (progress) return { kind: 'progress', figures: figuresOf(progress) };
  if (done) return { kind: 'done', figures: figuresOf(done) };
  if (failed) {
    const id = { role: roleOf(failed.role), rank: failed.rank ?? 0 };
    return { kind: 'failed', error: errorOf(failed), id, run: failed.run ?? '' };
  }
  if (askStatus) return { kind: 'askStatus' };
  if (lost) {
    const id = { role: roleOf(lost.role), rank: lost.rank ?? 0 };
    return { kind: 'lost', id, how: lost.how ?? '', obeyed: lost.obeyed ?? false, hint: lost.hint ?? '' };
  }
  if (stranded) return strandedOf(stranded);
  throw malformed('an empty message');
}

function helloOf(message: brine.control.Hello.$Properties): Hello {
  const { role, rank, run, endpoint, state, pid, began, again, returns, saved, stranded, done } = message;
  return {
    kind: 'hello',
    id: { role: roleOf(role), rank: rank ?? 0 },
    run: run ?? '',
    endpoint: endpoint ?? '',
    state: state ?? '',
    pid: pid ?? 0,
    began: began ?? '',
    again: again ?? false,
    returns: returns ?? false,
    saved: savedOf(saved),
    ...(stranded && { stranded: strandedOf(stranded) }),
    ...(done && { done: figuresOf(done) }),
  };
}

export function encodeToRole(message: ToRole): Frame {
  if (message.kind === 'stop') {
    return proto.ToRole.encode({ stop: { reason: message.reason, finished: message.finished } }).finish();
  }
  if (message.kind === 'order') {
    const { id, what, endpoint = '' } = message;
    return proto.ToRole.encode({ order: { ...id, kill: what === 'kill', endpoint } }).finish();
  }
  if (message.kind === 'status') return encodeStatus(message);
  if (message.kind === 'greet') return proto.ToRole.encode({ greet: {} }).finish();
  const { kind, generation } = message;
  if (kind === 'abandon') {
    const { afterStep = false } = message;
    return proto.ToRole.encode({ abandon: { generation, afterStep } }).finish();
  }
  const { peers, students } = message;
  const agreement = message.agreement
    ? { ...message.agreement, saved: message.agreement.saved ?? null }
    : null;
  return proto.ToRole.encode({
    start: { peers: [...peers], generation, agreement, students: [...students] },
  }).finish();
}

export function decodeToRole(frame: Frame | undefined): ToRole {
  const { start, stop, abandon, order, status, greet } = decoded(() =>
    proto.ToRole.decode(frame ?? new Uint8Array(0)),
  );
  if (stop) return { kind: 'stop', reason: stop.reason ?? '', finished: stop.finished ?? false };
  if (abandon) {
    const { generation: given, afterStep } = abandon;
    return { kind: 'abandon', generation: given ?? 0, afterStep: afterStep ?? false };
  }
  if (status) return statusOf(status);
  if (greet) return { kind: 'greet' };
  if (order) {
    const id = { role: roleOf(order.role), rank: order.rank ?? 0 };
    const endpoint = order.endpoint ? order.endpoint : undefined;
    return { kind: 'order', id, what: order.kill ? 'kill' : 'start', endpoint };
  }
  if (!start) throw malformed('an empty message');
  const { generation, students } = start;
  const peers = (start.peers ?? []).map(({ role, rank, endpoint }) => ({
    role: roleOf(role),
    rank: rank ?? 0,
    endpoint: endpoint ?? '',
  }));
  const agreement = agreedOf(start.agreement);
  return { kind: 'start', peers, generation: generation ?? 0, agreement, students: students ?? [] };
}

function encodeStatus({ generation, state, ranks, reports, missing }: RunStatus): Frame {
  const wire = reports.map(({ name, numbers, words }) => ({
    name,
    numbers: { ...numbers },
    words: { ...words },
  }));
  return proto.ToRole.encode({
    status: { generation, state, ranks, reports: wire, missing: [...missing] },
  }).finish();
}

/** Any thrown value as an error with a code. */
export function asBrineError(error: unknown): BrineError {
  if (error instanceof BrineError) return error;
  return new BrineError('INTERNAL', messageOf(error), {
    hint: 'This is a bug in Brine. Report it with the log of the process.',
    cause: error,
  });
}

function roleOf(text: string | null | undefined): Role {
  if (text === 'cache' || text === 'teacher' || text === 'student' || text === 'node') return text;
  throw malformed(`the role ${JSON.stringify(text)}`);
}

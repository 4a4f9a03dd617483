import { brine } from '../wire/generated/control.js';
import { firstOf } from '../wire/protocol.ts';
import type { Frame } from '../transport/transport.ts';
import {
  agreedOf,
  decoded,
  errorOf,
  figuresOf,
  malformed,
  savedOf,
  statusOf,
  awaitingOf,
} from './message-parts.ts';
import type { Figures, FromRole, Hello, Role, RunStatus, AwaitingRendezvous, ToRole } from './messages.ts';

/** Encode and decode the messages of messages.ts. */
const proto = brine.control;

export function encodeFromRole(message: FromRole): Frame {
  const frame = proto.FromRole.encode(wireOf(message)).finish();
  return FIRST.has(message.kind) ? firstOf('control', frame) : frame;
}

/** Kinds that may be the first message on a connection. */
const FIRST: ReadonlySet<FromRole['kind']> = new Set(['hello', 'failed', 'askStatus']);

function wireOf(message: FromRole): brine.control.FromRole.$Properties {
  if (message.kind === 'hello') {
    const { kind: _, id, awaitingRendezvous, saved, done, ...hello } = message;
    const state = {
      awaitingRendezvous: awaitingRendezvous ? progressOf(awaitingRendezvous) : null,
      done: done ? copied(done) : null,
    };
    return { hello: { ...id, ...hello, saved: saved ?? null, ...state } };
  }
  if (message.kind === 'failed') {
    const { error, id, run } = message;
    return { failed: { code: error.code, message: error.message, hint: error.hint, ...id, run } };
  }
  if (message.kind === 'askStatus') return { askStatus: {} };
  if (message.kind === 'lost') {
    const { id, how, obeyed, hint, process } = message;
    return { lost: { ...id, how, obeyed, hint, ...process } };
  }
  if (message.kind === 'awaitingRendezvous') return { awaitingRendezvous: progressOf(message) };
  const figures = copied(message.figures);
  return message.kind === 'progress' ? { progress: figures } : { done: figures };
}

function progressOf(awaitingRendezvous: AwaitingRendezvous) {
  const { kind: _, saved, ...progress } = awaitingRendezvous;
  return { ...progress, saved: saved ?? null };
}

function copied({ numbers, words }: Figures) {
  return { numbers: { ...numbers }, words: { ...words } };
}

/** Decode a role's message. Throws ROLE_FAILED for invalid bytes. */
export function decodeFromRole(frame: Frame | undefined): FromRole {
  const { hello, progress, done, failed, awaitingRendezvous, lost, askStatus } = decoded(() =>
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
    const process = { pid: lost.pid ?? 0, began: lost.began ?? '' };
    const reported = { how: lost.how ?? '', obeyed: lost.obeyed ?? false, hint: lost.hint ?? '', process };
    return { kind: 'lost', id, ...reported };
  }
  if (awaitingRendezvous) return awaitingOf(awaitingRendezvous);
  throw malformed('an empty message');
}

function helloOf(message: brine.control.Hello.$Properties): Hello {
  const { role, rank, run, endpoint, state, pid, began, again, returns, saved, awaitingRendezvous, done } =
    message;
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
    ...(awaitingRendezvous && { awaitingRendezvous: awaitingOf(awaitingRendezvous) }),
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
  const wire = reports.map(({ name, ...figures }) => ({ name, ...copied(figures) }));
  return proto.ToRole.encode({
    status: { generation, state, ranks, reports: wire, missing: [...missing] },
  }).finish();
}

function roleOf(text: string | null | undefined): Role {
  if (text === 'cache' || text === 'teacher' || text === 'student' || text === 'node') return text;
  throw malformed(`the role ${JSON.stringify(text)}`);
}

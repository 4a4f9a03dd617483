import type { BrineError } from '../../base/errors.ts';
import { brine } from '../../wire/generated/labels.js';
import type { Frame } from '../../transport/transport.ts';
import { firstOf } from '../../wire/protocol.ts';
import type { LabelIdentity } from '../identity.ts';
import {
  malformed,
  readError,
  readIdentity,
  readStats,
  wireError,
  wireIdentity,
  type LabelStats,
} from './message-parts.ts';

/** The messages of proto/labels.proto as plain values. Sizes are checked before parsing. */
export type PeerRole = 'teacher' | 'student' | 'observer';

/** Most rows in one message. */
export const MAX_ROWS = 8192;
/**
 * Most bytes of a message's first frame. The longest messages list 256 servers, or quote an error
 * in which every character is escaped.
 */
export const HEADER_FRAME_BYTES = 128 * 1024;
/** Most bytes of any frame: the ids of a row, its record, or a chunk of a model file. */
export const LABEL_FRAME_BYTES = 64 * 1024 * 1024;

/** A file of the teacher's model. */
export interface ModelFile {
  /** Path relative to the model's folder, with "/" between folders. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Most files of one model, and bytes of one chunk of a file. */
export const MAX_FILES = 256;
export const CHUNK_BYTES = 2 ** 20;

export type FromPeer =
  | { readonly kind: 'hello'; readonly role: PeerRole; readonly identity: LabelIdentity | undefined }
  | { readonly kind: 'ask'; readonly most: number }
  | {
      readonly kind: 'deliver';
      readonly lease: number;
      /** Delivery number, assigned by the teacher. */
      readonly delivery: number;
      readonly rows: readonly number[];
    }
  | { readonly kind: 'giveBack'; readonly lease: number }
  | { readonly kind: 'fetch'; readonly request: number; readonly rows: readonly number[] }
  | { readonly kind: 'askStats' }
  | { readonly kind: 'alive' }
  | { readonly kind: 'askModel' }
  | {
      readonly kind: 'askChunk';
      readonly request: number;
      readonly name: string;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly kind: 'leave' };

export interface Welcome {
  readonly kind: 'welcome';
  readonly identity: LabelIdentity;
  readonly replay: boolean;
  readonly vocabulary: number;
  /** T */
  readonly positions: number;
  /** The partition of this server, and the number of partitions. */
  readonly partition: number;
  readonly partitions: number;
  /** Endpoints of all partitions in order; empty while unknown. */
  readonly endpoints: readonly string[];
}

export type ToPeer =
  | Welcome
  | { readonly kind: 'refused'; readonly error: BrineError }
  | {
      readonly kind: 'lease';
      readonly lease: number;
      readonly rows: readonly number[];
      readonly milliseconds: number;
    }
  | { readonly kind: 'stored'; readonly lease: number; readonly delivery: number }
  | { readonly kind: 'records'; readonly request: number; readonly rows: readonly number[] }
  | { readonly kind: 'failed'; readonly number: number; readonly error: BrineError }
  | { readonly kind: 'missing'; readonly request: number; readonly rows: readonly number[] }
  | { readonly kind: 'stats'; readonly stats: LabelStats }
  | { readonly kind: 'model'; readonly files: readonly ModelFile[] }
  | { readonly kind: 'chunk'; readonly request: number }
  | { readonly kind: 'greet' }
  | { readonly kind: 'bye' };

const proto = brine.labels;

export function encodeFromPeer(message: FromPeer): Frame {
  const frame = proto.FromPeer.encode(fromPeerWire(message)).finish();
  return message.kind === 'hello' ? firstOf('labels', frame) : frame;
}

function fromPeerWire(message: FromPeer): brine.labels.FromPeer.$Properties {
  switch (message.kind) {
    case 'hello': {
      const identity = message.identity === undefined ? null : wireIdentity(message.identity);
      return { hello: { role: message.role, identity } };
    }
    case 'ask':
      return { ask: { most: message.most } };
    case 'deliver':
      return { deliver: { lease: message.lease, delivery: message.delivery, rows: [...message.rows] } };
    case 'giveBack':
      return { giveBack: { lease: message.lease } };
    case 'fetch':
      return { fetch: { request: message.request, rows: [...message.rows] } };
    case 'askStats':
      return { askStats: {} };
    case 'alive':
      return { alive: {} };
    case 'askModel':
      return { askModel: {} };
    case 'askChunk': {
      const { request, name, offset, length } = message;
      return { askChunk: { request, name, offset, length } };
    }
    default:
      return { leave: {} };
  }
}

/** Throws BAD_MESSAGE. */
export function decodeFromPeer(frame: Frame | undefined): FromPeer {
  const wire = decoded(frame, (bytes) => proto.FromPeer.decode(bytes));
  const { hello, ask, deliver, giveBack, fetch } = wire;
  if (hello) {
    const identity = hello.identity ? readIdentity(hello.identity) : undefined;
    return { kind: 'hello', role: readRole(hello.role ?? ''), identity };
  }
  if (ask) return { kind: 'ask', most: Math.min(MAX_ROWS, Math.max(1, ask.most ?? 1)) };
  if (deliver) {
    const { lease, delivery, rows } = deliver;
    return { kind: 'deliver', lease: lease ?? 0, delivery: delivery ?? 0, rows: readRows(rows) };
  }
  if (giveBack) return { kind: 'giveBack', lease: giveBack.lease ?? 0 };
  if (fetch) return { kind: 'fetch', request: fetch.request ?? 0, rows: readRows(fetch.rows) };
  if (wire.askStats) return { kind: 'askStats' };
  if (wire.alive) return { kind: 'alive' };
  if (wire.askModel) return { kind: 'askModel' };
  if (wire.askChunk) {
    const { request, name, offset, length } = wire.askChunk;
    return {
      kind: 'askChunk',
      request: request ?? 0,
      name: name ?? '',
      offset: offset ?? 0,
      length: Math.min(CHUNK_BYTES, length ?? 0),
    };
  }
  if (wire.leave) return { kind: 'leave' };
  throw malformed('it has no content');
}

export function encodeToPeer(message: ToPeer): Frame {
  return proto.ToPeer.encode(toPeerWire(message)).finish();
}

function toPeerWire(message: ToPeer): brine.labels.ToPeer.$Properties {
  switch (message.kind) {
    case 'welcome': {
      const { kind: _, identity, endpoints, partition: part, partitions: parts, ...rest } = message;
      const lists = { identity: wireIdentity(identity), endpoints: [...endpoints] };
      return { welcome: { ...lists, part, parts, ...rest } };
    }
    case 'refused':
      return { refused: wireError(message.error) };
    case 'lease': {
      const { lease, rows, milliseconds } = message;
      return { lease: { lease, rows: [...rows], milliseconds } };
    }
    case 'stored':
      return { stored: { lease: message.lease, delivery: message.delivery } };
    case 'records':
      return { records: { request: message.request, rows: [...message.rows] } };
    case 'missing':
      return { missing: { request: message.request, rows: [...message.rows] } };
    case 'model':
      return { model: { files: message.files.map((file) => ({ ...file })) } };
    case 'chunk':
      return { chunk: { request: message.request } };
    case 'greet':
      return { greet: {} };
    case 'failed':
      return { failed: { number: message.number, ...wireError(message.error) } };
    case 'stats':
      return { stats: { ...message.stats } };
    default:
      return { bye: {} };
  }
}

/** Throws BAD_MESSAGE. */
export function decodeToPeer(frame: Frame | undefined): ToPeer {
  const wire = decoded(frame, (bytes) => proto.ToPeer.decode(bytes));
  const { welcome, refused, lease, stored, records, missing, failed, stats } = wire;
  if (welcome) return readWelcome(welcome);
  if (refused) return { kind: 'refused', error: readError(refused) };
  if (lease) {
    const rows = readRows(lease.rows);
    return { kind: 'lease', lease: lease.lease ?? 0, rows, milliseconds: lease.milliseconds ?? 0 };
  }
  if (stored) return { kind: 'stored', lease: stored.lease ?? 0, delivery: stored.delivery ?? 0 };
  if (records) return { kind: 'records', request: records.request ?? 0, rows: readRows(records.rows) };
  if (missing) return { kind: 'missing', request: missing.request ?? 0, rows: readRows(missing.rows) };
  if (wire.model) return { kind: 'model', files: readFiles(wire.model.files ?? []) };
  if (wire.chunk) return { kind: 'chunk', request: wire.chunk.request ?? 0 };
  if (wire.greet) return { kind: 'greet' };
  if (failed) return { kind: 'failed', number: failed.number ?? 0, error: readError(failed) };
  if (stats) return { kind: 'stats', stats: readStats(stats) };
  if (wire.bye) return { kind: 'bye' };
  throw malformed('it has no content');
}

function readWelcome(wire: brine.labels.Welcome.$Properties): Welcome {
  const { replay, vocabulary, positions, part, parts, endpoints } = wire;
  return {
    kind: 'welcome',
    identity: readIdentity(wire.identity ?? {}),
    replay: replay ?? false,
    vocabulary: vocabulary ?? 0,
    positions: positions ?? 0,
    partition: part ?? 0,
    partitions: parts ?? 0,
    endpoints: endpoints ?? [],
  };
}

function readFiles(files: readonly brine.labels.ModelFile.$Properties[]): ModelFile[] {
  if (files.length === 0 || files.length > MAX_FILES) throw malformed(`it names ${files.length} model files`);
  return files.map(({ name, size, sha256 }) => {
    const file = { name: name ?? '', size: size ?? 0, sha256: sha256 ?? '' };
    if (Number.isSafeInteger(file.size) && file.size >= 0 && /^[0-9a-f]{64}$/.test(file.sha256)) return file;
    throw malformed(`its description of the model file ${JSON.stringify(file.name.slice(0, 64))} is invalid`);
  });
}

function decoded<T>(frame: Frame | undefined, decode: (bytes: Frame) => T): T {
  if (frame === undefined) throw malformed('it has no frames');
  if (frame.length > HEADER_FRAME_BYTES) throw malformed(`its header of ${frame.length} bytes is too long`);
  try {
    return decode(frame);
  } catch {
    throw malformed('its header does not parse');
  }
}

function readRows(rows: readonly number[] | null | undefined): readonly number[] {
  const list = rows ?? [];
  if (list.length === 0 || list.length > MAX_ROWS) throw malformed(`it names ${list.length} rows`);
  return list;
}

function readRole(role: string): PeerRole {
  if (role === 'teacher' || role === 'student' || role === 'observer') return role;
  throw malformed(`it names the role ${JSON.stringify(role.slice(0, 32))}`);
}

import { BrineError } from '../../base/errors.ts';
import type { KeyRole } from '../../security/roles.ts';
import { canonicalText, describeMismatch, type LabelIdentity } from '../identity.ts';
import { malformed } from '../protocol/message-parts.ts';
import type { PeerRole } from '../protocol/messages.ts';
import type { LabelServerOptions } from './server-types.ts';

/** A peer that has said Hello. */
export interface PeerSession {
  readonly name: string;
  readonly role: PeerRole;
  /** Time of the last message, by the caller's clock in milliseconds. */
  heard: number;
  /** Whether a teacher has been silent for too long. It may return. */
  silent: boolean;
  /** Consecutive unusable deliveries. */
  faults: number;
}

/** The contents of a peer's Hello, and the role of its key. */
export interface Guest {
  readonly role: PeerRole;
  readonly identity: LabelIdentity | undefined;
  /** The role that the peer's key proves; undefined without keys. */
  readonly keyRole?: KeyRole | undefined;
}

/** A teacher is cut off after this many consecutive unusable deliveries. */
const MAX_FAULTS = 3;

/** Tracks the peers of one server: admitted, silent and cut off. Contains no sockets and no clock. */
export class PeerSessions {
  readonly #options: Pick<LabelServerOptions, 'identity' | 'replay'>;
  readonly #endpoint: string;
  readonly #peers = new Map<string, PeerSession>();
  /** Teachers that were cut off, with the error. */
  readonly #cut = new Map<string, BrineError>();

  constructor(options: Pick<LabelServerOptions, 'identity' | 'replay'>, endpoint: string) {
    this.#options = options;
    this.#endpoint = endpoint;
  }

  get names(): Iterable<string> {
    return this.#peers.keys();
  }

  /** Number of teachers that are not silent. */
  get teachers(): number {
    return Array.from(this.#peers.values()).filter(({ role, silent }) => role === 'teacher' && !silent)
      .length;
  }

  get(name: string): PeerSession | undefined {
    return this.#peers.get(name);
  }

  isHere(name: string): boolean {
    return this.#peers.get(name)?.silent === false;
  }

  /**
   * Admits a peer. Throws the reason of a refusal: NOT_ADMITTED for a key of another role, a
   * mismatch, BAD_ARGUMENT, BAD_MESSAGE, or the error that it was cut off with. Every peer may
   * observe.
   */
  admit(name: string, { role, identity, keyRole }: Guest, now: number): PeerSession {
    const cut = this.#cut.get(name);
    if (cut) throw cut;
    if (keyRole !== undefined && role !== keyRole && role !== 'observer')
      throw otherRole(this.#endpoint, role, keyRole);
    if (role === 'teacher' && this.#options.replay) throw takesNoTeachers(this.#endpoint);
    if (identity === undefined && role !== 'observer') throw malformed('its Hello has no identity');
    if (identity !== undefined && canonicalText(identity) !== canonicalText(this.#options.identity)) {
      const holder = { name: `the label cache at ${this.#endpoint}`, identity: this.#options.identity };
      const mismatch = describeMismatch(holder, { name: `this ${role}`, identity });
      if (mismatch) throw mismatch;
    }
    const peer = { name, role, heard: now, silent: false, faults: 0 };
    this.#peers.set(name, peer);
    return peer;
  }

  /**
   * Notes an unusable delivery. Returns the error to cut the teacher off with, or undefined while
   * the teacher may continue. A conflict with another teacher's labels cuts it off at once, because
   * one of the two draws wrong bytes.
   */
  fault(peer: PeerSession, error: BrineError): BrineError | undefined {
    peer.faults += 1;
    if (error.code !== 'LABEL_CONFLICT' && peer.faults < MAX_FAULTS) return undefined;
    this.#cut.set(peer.name, error);
    return error;
  }

  remove(name: string): PeerSession | undefined {
    const peer = this.#peers.get(name);
    this.#peers.delete(name);
    return peer;
  }

  /** Forgets a closed connection; the transport does not reuse its name. */
  gone(name: string): void {
    this.#cut.delete(name);
  }

  /** Marks teachers not heard from since `since` as silent, and returns the newly silent ones. */
  silence(since: number): PeerSession[] {
    const found = Array.from(this.#peers.values()).filter(
      ({ role, silent, heard }) => role === 'teacher' && !silent && heard < since,
    );
    for (const peer of found) peer.silent = true;
    return found;
  }
}

function otherRole(endpoint: string, role: PeerRole, keyRole: KeyRole): BrineError {
  return new BrineError(
    'NOT_ADMITTED',
    `a ${role} connected to the label cache at ${endpoint} with the key of a ${keyRole}`,
    { hint: `Give that process a ${role} key: brine keys FOLDER --role ${role}` },
  );
}

function takesNoTeachers(endpoint: string): BrineError {
  return new BrineError(
    'BAD_ARGUMENT',
    `the label cache at ${endpoint} serves a replay and accepts no teachers`,
    {
      hint: 'Start the run without --replay to draw labels.',
    },
  );
}

import { BrineError } from '../../base/errors.ts';
import type { KeyRole } from '../../security/roles.ts';
import { canonicalText, describeMismatch, type LabelIdentity } from '../identity.ts';
import { malformed } from '../protocol/message-parts.ts';
import type { PeerRole } from '../protocol/messages.ts';
import type { LabelServerOptions } from './server-types.ts';

/** A peer that has said Hello. */
export interface Peer {
  readonly name: string;
  readonly role: PeerRole;
  /** When it was heard last, by the caller's clock in milliseconds. */
  heard: number;
  /** A teacher that has been silent for too long; it is welcome back. */
  silent: boolean;
  /** Deliveries in a row that could not be used. */
  faults: number;
}

/** What a peer says of itself when it comes. */
export interface Guest {
  readonly role: PeerRole;
  readonly identity: LabelIdentity | undefined;
  /** The role that its key proves; undefined where no keys are used. */
  readonly keyRole?: KeyRole | undefined;
}

/** A teacher that delivers so many unusable records in a row is cut off. */
const MOST_FAULTS = 3;

/** Who is here: who was let in, who is silent, who was cut off. Only for peers of one server; no sockets, no clock. */
export class PeerSessions {
  readonly #options: Pick<LabelServerOptions, 'identity' | 'replay'>;
  readonly #endpoint: string;
  readonly #peers = new Map<string, Peer>();
  /** Broken teachers, with why. */
  readonly #cut = new Map<string, BrineError>();

  constructor(options: Pick<LabelServerOptions, 'identity' | 'replay'>, endpoint: string) {
    this.#options = options;
    this.#endpoint = endpoint;
  }

  get names(): Iterable<string> {
    return this.#peers.keys();
  }

  /** Teachers that are not silent. */
  get teachers(): number {
    return Array.from(this.#peers.values()).filter(({ role, silent }) => role === 'teacher' && !silent)
      .length;
  }

  get(name: string): Peer | undefined {
    return this.#peers.get(name);
  }

  isHere(name: string): boolean {
    return this.#peers.get(name)?.silent === false;
  }

  /**
   * Lets a peer in. Throws why it is refused: NOT_ADMITTED for the role of another key, a mismatch, BAD_ARGUMENT, BAD_MESSAGE, or
   * what it was cut off for. Anybody may observe.
   */
  admit(name: string, { role, identity, keyRole }: Guest, now: number): Peer {
    const cut = this.#cut.get(name);
    if (cut) throw cut;
    if (keyRole !== undefined && role !== keyRole && role !== 'observer')
      throw otherRole(this.#endpoint, role, keyRole);
    if (role === 'teacher' && this.#options.replay) throw takesNoTeachers(this.#endpoint);
    if (identity === undefined && role !== 'observer') throw malformed('its Hello names no identity');
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
   * A delivery of this teacher could not be used. Gives the error to cut it off with, at once when its labels differ from another
   * teacher's, since one of the two draws wrong bytes; undefined as long as it may go on.
   */
  fault(peer: Peer, error: BrineError): BrineError | undefined {
    peer.faults += 1;
    if (error.code !== 'LABEL_CONFLICT' && peer.faults < MOST_FAULTS) return undefined;
    this.#cut.set(peer.name, error);
    return error;
  }

  remove(name: string): Peer | undefined {
    const peer = this.#peers.get(name);
    this.#peers.delete(name);
    return peer;
  }

  /** The connection has ended: the transport will not give this name to anybody again. */
  gone(name: string): void {
    this.#cut.delete(name);
  }

  /** Marks teachers that were not heard since `since` as silent; returns those that just became so. */
  silence(since: number): Peer[] {
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
    `a ${role} came to the label cache at ${endpoint} with the key of a ${keyRole}`,
    { hint: `Give that process a key of a ${role}: brine keys FOLDER --role ${role}` },
  );
}

function takesNoTeachers(endpoint: string): BrineError {
  return new BrineError(
    'BAD_ARGUMENT',
    `the label cache at ${endpoint} is being replayed and takes no teachers`,
    {
      hint: 'Start the run without --replay to draw labels.',
    },
  );
}

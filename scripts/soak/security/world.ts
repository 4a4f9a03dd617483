/** Types and constants that the security soak, its target and its attacks share. */
import type { LabelIdentity } from '../../../src/labels/identity.ts';
import type { KeyPair } from '../../../src/security/keys.ts';
import type { Security } from '../../../src/security/security.ts';

export const HONEST = 'honest';
export const STRANGER = 'stranger';
/** Frame limit of the target's server and inbox. */
export const MAX_FRAME_BYTES = 64 * 1024;

export const IDENTITY: LabelIdentity = {
  tokenizer: '1'.repeat(64),
  data: '2'.repeat(64),
  teacher: '3'.repeat(64),
  rule: { kind: 'context' },
};

export interface Endpoints {
  readonly server: string;
  readonly inbox: string;
  readonly cache: string;
}

export interface Counts {
  /** Messages of honest peers. */
  honest: number;
  /** Messages of other peers, and messages that the label cache could not decode. */
  strangers: number;
  /** Peers that the label cache admitted. */
  joined: number;
  /** Peers with a key that the label cache refused. */
  refused: number;
  /** Whether the inbox mistook a stranger's disconnect for the loss of its neighbour. */
  lost: number;
}

/** The keys that attackers have. */
export interface Arms {
  readonly endpoints: Endpoints;
  readonly keys: {
    readonly student: Security;
    readonly teacher: Security;
    readonly observer: Security;
    /** A pair whose public key has been revoked. */
    readonly revoked: KeyPair;
  };
  /** Public keys of the servers. */
  readonly servers: Readonly<Record<keyof Endpoints, string>>;
}

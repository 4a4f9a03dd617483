/** What the soak, the target and the attacks have in common. */
import type { LabelIdentity } from '../../src/labels/identity.ts';
import type { KeyPair } from '../../src/security/keys.ts';
import type { Security } from '../../src/security/security.ts';

export const HONEST = 'honest';
export const STRANGER = 'stranger';
/** Of the target's server and inbox. */
export const MOST_FRAME_BYTES = 64 * 1024;

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
  /** Messages of the honest peers. */
  honest: number;
  /** Messages of anybody else, and what the label cache could not read. */
  strangers: number;
  /** Peers that the label cache has let in. */
  joined: number;
  /** Peers with a key that it refused. */
  refused: number;
  /** Whether the inbox has taken the end of a stranger for the loss of its neighbour. */
  lost: number;
}

/** What attackers may hold. */
export interface Arms {
  readonly endpoints: Endpoints;
  readonly keys: {
    readonly student: Security;
    readonly teacher: Security;
    readonly observer: Security;
    /** A pair whose public key was admitted once. */
    readonly revoked: KeyPair;
  };
  /** Public keys of those who serve. */
  readonly servers: Readonly<Record<keyof Endpoints, string>>;
}

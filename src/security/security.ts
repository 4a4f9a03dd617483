import type { KeyPair } from './keys.ts';
import type { KeyRole } from './roles.ts';

/** The credentials of a process: its own key pair, the keys of servers, and the keys it admits. */
export interface Security {
  readonly role: KeyRole;
  readonly own: KeyPair;
  /** The public key of the servers of a role. Throws FILE_MISSING if it is unknown. */
  serverKey(role: KeyRole): string;
  /** The role of every currently admitted public key; reflects added and removed key files. */
  admitted(): Promise<ReadonlyMap<string, KeyRole>>;
}

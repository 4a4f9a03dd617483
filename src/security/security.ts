import type { KeyPair } from './keys.ts';
import type { KeyRole } from './roles.ts';

/** What a process needs to be known by others and to know them: its own key, and whom it admits. */
export interface Security {
  readonly role: KeyRole;
  readonly own: KeyPair;
  /** The public key of the processes that serve as this role. Throws FILE_MISSING when it is not known. */
  serverKey(role: KeyRole): string;
  /** The role of every public key that is admitted now: a key that was removed is no longer in it. */
  admitted(): Promise<ReadonlyMap<string, KeyRole>>;
}

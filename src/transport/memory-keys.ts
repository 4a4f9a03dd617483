import type { KeyRole } from '../security/roles.ts';
import type { Security } from '../security/security.ts';

/** The keys of one end of a connection, and the key or the roles that it requires of the other. */
export interface Keys<T> {
  readonly security: Security;
  readonly wants: T;
}

/** The reason why two ends may not connect; undefined if they may. */
export async function refusal(
  sender: Keys<string> | undefined,
  owner: Keys<readonly KeyRole[]> | undefined,
): Promise<string | undefined> {
  if (!sender && !owner) return undefined;
  if (!sender || !owner) return 'only one end has keys';
  if (sender.wants !== owner.security.own.publicKey) return 'the server has an unexpected key';
  const role = (await owner.security.admitted()).get(sender.security.own.publicKey);
  if (role === undefined) return 'the key is not admitted';
  return owner.wants.includes(role) ? undefined : `a ${role} is not admitted here`;
}

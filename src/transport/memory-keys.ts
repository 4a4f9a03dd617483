import type { KeyRole } from '../security/roles.ts';
import type { Security } from '../security/security.ts';

/** The keys of an end, if it has any, and whom it would have at the other. */
export interface Keys<T> {
  readonly security: Security;
  readonly wants: T;
}

/** Why the two ends have nothing to say to one another; undefined when they have. */
export async function refusal(
  sender: Keys<string> | undefined,
  owner: Keys<readonly KeyRole[]> | undefined,
): Promise<string | undefined> {
  if (!sender && !owner) return undefined;
  if (!sender || !owner) return 'only one of the two has keys';
  if (sender.wants !== owner.security.own.publicKey) return 'it has another key than was expected';
  const role = (await owner.security.admitted()).get(sender.security.own.publicKey);
  if (role === undefined) return 'the key is not admitted';
  return owner.wants.includes(role) ? undefined : `a ${role} is not admitted here`;
}

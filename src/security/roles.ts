/** The roles a key can belong to. A process has the key of one role; each socket admits a list of roles. */
export const KEY_ROLES = ['coordinator', 'cache', 'student', 'teacher', 'node', 'observer'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

export function isKeyRole(text: string): text is KeyRole {
  return (KEY_ROLES as readonly string[]).includes(text);
}

import type { RoleId } from '../../control/messages.ts';

/**
 * Rank of the node that runs a role: students in contiguous blocks, teachers round-robin, caches on
 * the head.
 */
export function nodeOfRole(
  { role, rank }: RoleId,
  { nodes, ranksEach }: { nodes: number; ranksEach: number },
): number {
  if (role === 'student') return Math.min(nodes - 1, Math.floor(rank / ranksEach));
  if (role === 'teacher') return rank % nodes;
  return role === 'node' ? rank : 0;
}

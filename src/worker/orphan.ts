import type { ControlLink } from '../control/control-client.ts';

/** How long the coordinator may take to answer. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * What becomes of a role whose launcher is gone. Where the coordinator lives, only this machine's launcher has died: the role belongs to a
 * machine that is lost and goes as that does, at once; its orderly end would be the end of the others too. Where the coordinator has gone
 * as well, the run has lost its head: the role goes on, and the link knows for how long.
 */
export async function orphaned(link: ControlLink): Promise<'go' | 'end' | 'stay'> {
  const state = await link.state(ANSWER_WITHIN_MS);
  if (state === undefined) return 'stay';
  return state === 'running' || state === 'rendezvous' ? 'go' : 'end';
}

import type { ControlLink } from '../control/control-link.ts';

/** How long the coordinator may take to answer, in milliseconds. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * Decides what a role does when its launcher is gone. If the coordinator answers, only this
 * machine's launcher has died. The role counts as lost with its machine and exits at once, because
 * an orderly end would stop the other processes too. If the coordinator does not answer, the run
 * has lost its head: the role stays, and the link applies the coordinator timeout.
 */
export async function orphaned(link: ControlLink): Promise<'go' | 'end' | 'stay'> {
  const state = await link.state(ANSWER_WITHIN_MS);
  if (state === undefined) return 'stay';
  return state === 'running' || state === 'rendezvous' ? 'go' : 'end';
}

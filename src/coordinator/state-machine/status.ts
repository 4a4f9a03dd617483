import { NO_FIGURES } from '../../control/figures.ts';
import { nameOf, type RunStatus } from '../../control/messages.ts';
import type { LiveRun } from './live-run.ts';
import { missingOf, resultOf } from './membership.ts';
import { isGathering } from './rendezvous.ts';

/** The state of a run, as its observers see it. */
export function statusOf(run: LiveRun): RunStatus {
  const { membership, phase, figures, settings, rendezvous } = run;
  const reports = membership.members.map((member) => {
    const name = nameOf(member.id);
    return { name, ...(figures[name] ?? resultOf(member) ?? NO_FIGURES) };
  });
  const expected = settings.expected.filter(({ role }) => role === 'student').length;
  const ranks = phase === 'joining' ? expected : membership.ringOrder.length;
  const state = isGathering(run) ? 'rendezvous' : phase;
  const missing = missingOf(membership).map(nameOf);
  return { kind: 'status', generation: rendezvous.generation, state, ranks, reports, missing };
}

import type { SoakOptions } from '../soak.ts';
import { simulate, type Simulated } from './simulation.ts';

const SHOWN = 5;

/**
 * Simulates `runs` runs from consecutive seeds (default 1000, from seed 1). A failing run is repeated exactly by
 * --runs 1 --seed ITS_SEED.
 */
export async function soak({ settings, observe }: SoakOptions) {
  const runs = Number(settings['runs'] ?? 1000);
  const first = Number(settings['seed'] ?? 1);
  const began = performance.now();
  const totals = { events: 0, faults: 0, restarts: 0, simulatedSeconds: 0 };
  const failed: Simulated[] = [];
  for (let seed = first; seed < first + runs; seed += 1) {
    const run = await simulate(seed, { trace: settings['trace'] === undefined ? undefined : observe });
    totals.events += run.events;
    totals.faults += run.faults;
    totals.restarts += run.attempts - 1;
    totals.simulatedSeconds += run.simulatedSeconds;
    if (run.violations.length > 0) failed.push(run);
    if (run.violations.length > 0 && failed.length <= SHOWN)
      observe(`seed ${seed}: ${run.violations.slice(0, SHOWN).join('\n  ')}`);
    if ((seed + 1 - first) % 1000 === 0) observe(`${seed + 1 - first} runs, ${failed.length} failed`);
  }
  const record = {
    soak: 'simulate',
    runs,
    seed: first,
    ...totals,
    simulatedSeconds: Math.round(totals.simulatedSeconds),
    violations: failed.length,
    failedSeeds: failed.slice(0, SHOWN).map(({ seed }) => seed),
    seconds: Math.round((performance.now() - began) / 1000),
  };
  return { record, passed: failed.length === 0 && runs > 0 };
}

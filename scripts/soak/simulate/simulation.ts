import { settingsOf } from './settings.ts';
import { World, type WorldOptions } from './world.ts';

/** The run must succeed within this virtual time: faults end long before, and every wait has a deadline. */
const LIMIT_MS = 600_000;
/** All processes must have exited this long after the run has succeeded: longer than roles.headless. */
const EXIT_MS = 120_000;

export interface Simulated {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly events: number;
  readonly faults: number;
  /** Heads that were started, the first one included. */
  readonly attempts: number;
  readonly simulatedSeconds: number;
}

/** Simulate the run of a seed. `decide` may plant a bug in the coordinator. */
export async function simulate(seed: number, options: WorldOptions = {}): Promise<Simulated> {
  const world = new World(settingsOf(seed), options);
  const { time, checks, processes } = world;
  const unhandled = (error: unknown) =>
    checks.violated(`${time.current?.name} left unhandled: ${String(error)}`);
  process.on('unhandledRejection', unhandled);
  try {
    world.begin();
    const ending = await time.run(() => world.isDone || checks.violations.length > 0, LIMIT_MS);
    if (ending !== 'over')
      checks.violated(`the run has not ended after ${Math.round(time.now / 1000)} s: ${namesOf(world)} wait`);
    const atEnd = time.now;
    if (checks.violations.length === 0) {
      await time.run(() => processes.alive.length === 0, atEnd + EXIT_MS);
      if (processes.alive.length > 0)
        checks.violated(`the run has ended, and ${namesOf(world)} have not exited`);
    }
    const violations = [...checks.violations];
    const simulatedSeconds = time.now / 1000;
    return {
      seed,
      violations,
      events: time.events,
      faults: world.faults,
      attempts: world.attempts,
      simulatedSeconds,
    };
  } finally {
    await time.end(() => processes.release());
    process.off('unhandledRejection', unhandled);
  }
}

function namesOf({ processes }: World): string {
  return processes.alive
    .map(({ name, state }) => (state === 'stopped' ? `${name} (stopped)` : name))
    .join(', ');
}

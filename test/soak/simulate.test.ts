/** Whole runs in simulation: the real protocol code with virtual time, a seeded scheduler and faults. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate, type Simulated } from '../../scripts/soak/simulate/simulation.ts';
import type { Effect } from '../../src/coordinator/state-machine/live-run.ts';
import { transition } from '../../src/coordinator/state-machine/transition.ts';

const RUNS = 200;

/** The first of `seeds` seeds from `first` on whose run breaks an invariant. */
async function firstFailure(decide: typeof transition, first = 1, seeds = 300): Promise<Simulated> {
  for (let seed = first; seed < first + seeds; seed += 1) {
    const run = await simulate(seed, { decide });
    if (run.violations.length > 0) return run;
  }
  throw new assert.AssertionError({ message: `${seeds} runs have not found the planted bug` });
}

/** The coordinator's decisions with other effects. */
function planted(change: (effect: Effect) => readonly Effect[]): typeof transition {
  return (...event) => {
    const decision = transition(...event);
    return { ...decision, effects: decision.effects.flatMap(change) };
  };
}

test(`${RUNS} simulated runs with faults lose no step, row, label or process`, async () => {
  const totals = { faults: 0, restarts: 0 };
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const { violations, faults, attempts } = await simulate(seed);
    assert.deepEqual(violations, [], `seed ${seed}`);
    totals.faults += faults;
    totals.restarts += attempts - 1;
  }
  assert.ok(totals.faults > RUNS && totals.restarts > RUNS / 10, JSON.stringify(totals));
});

test('a run is repeated exactly by its seed', async () => {
  const traced = async () => {
    const lines: string[] = [];
    const { events, simulatedSeconds } = await simulate(68, { trace: (line) => lines.push(line) });
    return { events, simulatedSeconds, lines };
  };
  const first = await traced();
  assert.ok(first.lines.length > 20);
  assert.deepEqual(await traced(), first);
});

test('a coordinator that does not persist its state is found', async () => {
  const decide = planted((effect) => (effect.kind === 'remember' ? [] : [effect]));
  const { seed, violations } = await firstFailure(decide, 80); // few runs lose a head at the wrong moment: 91 is the first
  assert.deepEqual((await simulate(seed, { decide })).violations, violations, 'the seed repeats the failure');
});

test('a coordinator that forms the next ring one step too early is found', async () => {
  const decide = planted((effect) => {
    if (effect.kind !== 'send' || effect.message.kind !== 'start' || !effect.message.agreement)
      return [effect];
    const { agreement } = effect.message;
    const late = { ...agreement, step: Math.max(0, agreement.step - 1) };
    return [{ ...effect, message: { ...effect.message, agreement: late } }];
  });
  const { seed, violations } = await firstFailure(decide);
  assert.deepEqual((await simulate(seed, { decide })).violations, violations, 'the seed repeats the failure');
});

test('a coordinator that never ends its run is found', async () => {
  const decide = planted((effect) => (effect.kind === 'resolve' ? [] : [effect]));
  const { violations } = await firstFailure(decide);
  assert.match(violations[0]!, /^the run has not ended after 600 s: /);
});

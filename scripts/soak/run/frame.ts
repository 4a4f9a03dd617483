/** The frame of the run and head soaks: disturbs one run after another until there were enough faults. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../../src/base/random.ts';
import type { SoakOptions } from '../soak.ts';
import { compareSteps, run, stepsOf, writeRecipes, type Losses, type RunSize, type Steps } from './world.ts';

export interface Total extends Losses {
  faults: number;
  readonly kinds: Record<string, number>;
  hangs: number;
  finalWeightsEqual: boolean;
}

/** One run to disturb. */
export interface Disturbed<T extends Total> {
  readonly folder: string;
  readonly name: string;
  readonly random: Random;
  /** Number of faults of the whole soak. */
  readonly faults: number;
  readonly total: T;
  readonly size: RunSize;
  readonly observe: SoakOptions['observe'];
}

export interface RunSoak<T extends Total, S extends object> {
  readonly name: string;
  /** Default settings. */
  readonly usual: { readonly faults: number; readonly steps: number };
  readonly total: T;
  /** Disturbs a run. Resolves to its final parameters, or to undefined if it hangs. */
  readonly disturb: (run: Disturbed<T>) => Promise<string | undefined>;
  /** The totals as they are printed. */
  readonly summary: (total: T) => S;
}

export const noFaults = (): Total => ({
  faults: 0,
  kinds: {},
  stepsLost: 0,
  rowsSkipped: 0,
  rowsRepeated: 0,
  hangs: 0,
  finalWeightsEqual: true,
});

export function countFault(total: Total, kind: string): void {
  total.faults += 1;
  total.kinds[kind] = (total.kinds[kind] ?? 0) + 1;
}

/** Settings: faults, seed=1, steps (of one run), ranks=4, teachers=2. */
export async function soakRuns<T extends Total, S extends object>(
  { settings, observe }: SoakOptions,
  { name, usual, total, disturb, summary }: RunSoak<T, S>,
) {
  const number = (key: string, value: number) => Number(settings[key] ?? value);
  const [faults, seed] = [number('faults', usual.faults), number('seed', 1)];
  const size = {
    steps: number('steps', usual.steps),
    ranks: number('ranks', 4),
    teachers: number('teachers', 2),
  };
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), `brine-${name}-soak-`));
  let runs = 0;
  try {
    await writeRecipes(folder, size);
    const undisturbed = await run(folder, 'rkd', 'undisturbed');
    const expected: Steps = await stepsOf(folder, 'undisturbed', size);
    const random = new Random(seed);
    while (total.faults < faults) {
      runs += 1;
      const own = `run-${runs}`;
      const parameters = await disturb({ folder, name: own, random, faults, total, size, observe });
      if (parameters === undefined) total.hangs += 1;
      else {
        if (parameters !== undisturbed.parameters) total.finalWeightsEqual = false;
        compareSteps(await stepsOf(folder, own, size), expected, total);
      }
      observe(`run ${runs}: ${JSON.stringify(summary(total))}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const { stepsLost, rowsSkipped, rowsRepeated, hangs, finalWeightsEqual } = total;
  return {
    record: { soak: name, ...summary(total), runs, seed, seconds },
    passed: stepsLost + rowsSkipped + rowsRepeated + hangs === 0 && finalWeightsEqual,
  };
}

/** Rules between the keys of a phase's `listen` and `leave` (recipe-checks.ts has the others). */
import type { RecipeFault, Without } from './fault.ts';
import type { ParsedPhase, ParsedRecipe } from '../recipe-schema.ts';

const OF_LISTEN: Readonly<Record<string, readonly string[]>> = {
  'bias-variance': ['unit'],
  entropy: ['above', 'below', 'dropLowest', 'dropHighest'],
  realised: ['topK'],
};

const OF_LEAVE: Readonly<Record<string, readonly string[]>> = {
  'held-out': ['margin'],
  bucket: ['margin', 'smoothing'],
  angle: ['above', 'times'],
};

/** Keys of other rules than the phase's. */
export function ineffectiveOfRules(
  { listen, leave }: ParsedPhase,
  at: number,
  without: Without,
): RecipeFault[] {
  const others = (block: 'listen' | 'leave', kinds: typeof OF_LISTEN, own: string, key: string) =>
    [...new Set(Object.values(kinds).flat())]
      .filter((name) => !kinds[own]!.includes(name))
      .map((name) => without(['plan', at, block, name], `${block}.${key} is ${own}`));
  return [
    ...(listen ? others('listen', OF_LISTEN, listen.rule, 'rule') : []),
    ...(leave ? others('leave', OF_LEAVE, leave.when, 'when') : []),
  ];
}

/** Whether a phase compares with the teacher on held-out text. */
export function comparesTeacher({ distil, listen, leave }: ParsedPhase): boolean {
  if (distil === undefined) return false;
  const listens =
    listen?.rule === 'bias-variance' ||
    (listen?.rule === 'entropy' && (listen.dropLowest ?? listen.dropHighest) !== undefined);
  return listens || (leave !== undefined && leave.when !== 'angle');
}

export function contradictionsOfRules({ plan, metrics, data, labels }: ParsedRecipe): RecipeFault[] {
  return plan.flatMap((phase, at) => {
    const { distil, listen, leave } = phase;
    if (distil === undefined) return [];
    const fault = (key: string, message: string): RecipeFault => ({ path: ['plan', at, key], message });
    const faults: RecipeFault[] = [];
    if (leave && plan.slice(at + 1).some((later) => later.distil !== undefined))
      faults.push(fault('leave', 'only the last phase that distils can be left early'));
    if (leave?.when === 'angle' && metrics?.gradientParts === undefined) {
      const message = 'leave.when angle needs measurements: set metrics.gradientParts, such as 50 steps';
      faults.push(fault('leave', message));
    }
    if (comparesTeacher(phase) && data.validation === 0 && labels?.heldOut === undefined) {
      const message = 'the rule compares with the teacher on held-out text, but data.validation is 0';
      faults.push(fault(leave ? 'leave' : 'listen', message));
    }
    const bounds = listen && [listen.above, listen.below, listen.dropLowest, listen.dropHighest];
    if (listen?.rule === 'entropy' && bounds!.every((bound) => bound === undefined)) {
      const message = 'rule entropy needs a bound: above, below, dropLowest or dropHighest';
      faults.push(fault('listen', message));
    }
    if (listen?.rule === 'entropy' && isEmpty(listen))
      faults.push(fault('listen', 'the bounds of the entropy leave no token'));
    return faults;
  });
}

function isEmpty(listen: NonNullable<ParsedPhase['listen']>): boolean {
  const { above = 0, below = Infinity, dropLowest = 0, dropHighest = 0 } = listen;
  return above >= below || dropLowest + dropHighest >= 1;
}

/** Rules between the keys of `selection` (recipe-checks.ts has the others). */
import type { RecipeFault, Without } from '../plan/fault.ts';
import type { ParsedRecipe } from '../recipe-schema.ts';

export function ineffectiveOfSelection({ selection }: ParsedRecipe, without: Without): RecipeFault[] {
  if (!selection) return [];
  if (selection.manifest !== undefined) {
    const why = 'selection.manifest lists the rows';
    const keys = ['scorer', 'later', 'rule', 'topK', 'statistic', 'keep', 'strata', 'seed'];
    return keys.map((key) => without(['selection', key], why));
  }
  const why = `selection.rule is ${selection.rule}`;
  const unused = {
    salt: ['seed'],
    hardest: ['later', 'topK', 'statistic', 'seed'],
    random: ['scorer', 'later', 'topK', 'statistic'],
  }[selection.rule];
  return unused.map((key) => without(['selection', key], why));
}

export function contradictionsOfSelection({ selection, plan }: ParsedRecipe): RecipeFault[] {
  if (!selection) {
    return plan.some((phase) => phase.rows === 'selected')
      ? [{ path: ['plan'], message: 'a phase has rows: selected, but there is no selection block' }]
      : [];
  }
  const { manifest, rule, scorer, later } = selection;
  if (manifest !== undefined || rule === 'random') return [];
  if (scorer === undefined) {
    return [
      {
        path: ['selection'],
        message: `selection by rule ${rule} needs a scorer, such as scorer: runs/nano-slm@200, or a manifest`,
      },
    ];
  }
  if (later === undefined || isLater(scorer, later)) return [];
  return [
    {
      path: ['selection', 'later'],
      message: `selection.later must be a later checkpoint than selection.scorer ${scorer}, got ${later}`,
    },
  ];
}

/** Whether a checkpoint can be later than another: names of the same run tell it, others are not compared. */
function isLater(early: string, later: string): boolean {
  const [, run, step] = /^(.*)@(\d+)$/.exec(early) ?? [early, early, undefined];
  const [, otherRun, otherStep] = /^(.*)@(\d+)$/.exec(later) ?? [later, later, undefined];
  if (run !== otherRun || otherStep === undefined) return early !== later;
  return step !== undefined && Number(otherStep) > Number(step);
}

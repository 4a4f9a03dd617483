import { planText } from '../recipe/plan/plan-text.ts';
import { mean } from '../report/statistics.ts';
import type { StudyArm, StudyRecord } from '../report/study-record.ts';
import type { ArmCost } from './cost.ts';
import type { Result } from './schedule.ts';
import type { Study } from './study-file.ts';

/** The record of a study, made from the results so far. */

interface Known {
  readonly results: readonly Result[];
  readonly costs: ReadonlyMap<string, ArmCost>;
  readonly best: (arm: string) => number | undefined;
  readonly teacherLoss: number | undefined;
}

/** Arms whose learning rate is not chosen yet are omitted. */
export function recordOf(study: Study, { results, costs, best, teacherLoss }: Known): StudyRecord {
  const { baseline, seeds, rates, folder } = study;
  return {
    format: 'brine-study-1',
    name: folder,
    baseline,
    seeds,
    learningRates: rates,
    ...(teacherLoss !== undefined && { teacherLoss }),
    arms: study.arms.flatMap(({ name }) => {
      const [cost, rate] = [costs.get(name), best(name)];
      const own = results.filter(({ arm }) => arm === name);
      return cost && rate !== undefined ? [armOf(name, { own, cost, rate })] : [];
    }),
  };
}

function armOf(
  name: string,
  { own, cost, rate }: { own: readonly Result[]; cost: ArmCost; rate: number },
): StudyArm {
  const inOrder = own
    .map(({ run }) => run)
    .toSorted((a, b) => a.learningRate - b.learningRate || a.seed - b.seed);
  const runs = inOrder.filter(({ learningRate }) => learningRate === rate);
  const labelled = runs.length > 0 ? mean(runs.map(({ labelledRows }) => labelledRows)) : 0;
  return {
    name,
    plan: planText(cost.plan),
    steps: cost.steps,
    learningRate: rate,
    runs,
    tuning: inOrder.filter(({ learningRate }) => learningRate !== rate),
    helpFlops: cost.training + cost.scoring + labelled * cost.perRow,
  };
}

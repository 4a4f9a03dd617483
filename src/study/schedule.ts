/**
 * Which runs a study still needs, as a pure function of its results: every rate of every arm with the tuning
 * seeds, then the best rate of each arm with the other seeds.
 */
import { finalLoss } from '../report/study-summary.ts';
import { mean } from '../report/statistics.ts';
import type { StudyRun } from '../report/study-record.ts';
import type { Study } from './study-file.ts';

export interface Job {
  readonly arm: string;
  readonly learningRate: number;
  readonly seed: number;
}

export interface Result extends Job {
  readonly run: StudyRun;
}

type Settings = Pick<Study, 'seeds' | 'rates' | 'tuningSeeds'> & {
  readonly arms: readonly { readonly name: string }[];
};

/** The runs to do next, in order: those of the baseline first, seed by seed. An arm that has its rate gets its other seeds. */
export function pendingJobs(study: Settings, results: readonly Result[]): Job[] {
  const { seeds, tuningSeeds } = study;
  const jobs = study.arms.flatMap(({ name }) => {
    const tuning = seeds
      .slice(0, tuningSeeds)
      .flatMap((seed) => study.rates.map((learningRate) => ({ arm: name, learningRate, seed })));
    const best = bestRate(study, name, results);
    const others = best === undefined ? [] : seeds.map((seed) => ({ arm: name, learningRate: best, seed }));
    return [...tuning, ...others];
  });
  const seen = new Set(results.map(keyOf));
  return jobs.filter((job) => !seen.has(keyOf(job)) && seen.add(keyOf(job)));
}

/**
 * The rate with the lowest final loss, averaged over the tuning seeds; undefined until all of them have run. A run
 * that diverged has no final loss and loses. With a single rate nothing is compared.
 */
export function bestRate(study: Settings, arm: string, results: readonly Result[]): number | undefined {
  const { rates, seeds, tuningSeeds } = study;
  if (rates.length === 1) return rates[0];
  const tuning = seeds.slice(0, tuningSeeds);
  const losses = rates.map((learningRate) => {
    const runs = results.filter(
      (one) => one.arm === arm && one.learningRate === learningRate && tuning.includes(one.seed),
    );
    return runs.length < tuning.length ? undefined : orWorst(mean(runs.map(({ run }) => finalLoss(run))));
  });
  if (losses.includes(undefined)) return undefined;
  return rates[losses.indexOf(Math.min(...(losses as number[])))];
}

export function keyOf({ arm, learningRate, seed }: Job): string {
  return `${arm} ${learningRate} ${seed}`;
}

function orWorst(loss: number): number {
  return Number.isNaN(loss) ? Infinity : loss;
}

import type { Likelihood } from './score-requests.ts';
import type { TaskItem } from './task-items.ts';

/** Results of a multiple-choice task. Accuracies are 0 … 1. */
export interface ChoiceMetrics {
  /** Accuracy of the choice with the highest log-likelihood. */
  readonly acc: number;
  /** The same after dividing by the number of characters of the choice. */
  readonly accNorm: number;
  /** The same after dividing by the number of UTF-8 bytes of the choice. */
  readonly accBytes: number;
  /** Standard errors of the first two; NaN for one item. */
  readonly accStderr: number;
  readonly accNormStderr: number;
}

/** Results of a cloze. */
export interface ClozeMetrics {
  /** Share of items whose answer is the greedy continuation, 0 … 1. */
  readonly acc: number;
  readonly accStderr: number;
  /** Exponential of minus the mean log-likelihood of an answer. */
  readonly perplexity: number;
}

/** `likelihoods` has one entry for each choice of each item. */
export function choiceMetrics(
  items: readonly TaskItem[],
  likelihoods: readonly (readonly Likelihood[])[],
): ChoiceMetrics {
  const accuracy = (lengthOf: (choice: string) => number) =>
    mean(
      items.map(({ choices, answer }, at) => {
        const scores = choices.map((choice, i) => likelihoods[at]![i]!.logLikelihood / lengthOf(choice));
        return scores.indexOf(Math.max(...scores)) === answer ? 1 : 0;
      }),
    );
  const acc = accuracy(() => 1);
  const accNorm = accuracy((choice) => Array.from(choice).length);
  return {
    acc,
    accNorm,
    accBytes: accuracy((choice) => Buffer.byteLength(choice)),
    accStderr: shareStderr(acc, items.length),
    accNormStderr: shareStderr(accNorm, items.length),
  };
}

export function clozeMetrics(likelihoods: readonly Likelihood[]): ClozeMetrics {
  const acc = mean(likelihoods.map(({ greedy }) => (greedy ? 1 : 0)));
  return {
    acc,
    accStderr: shareStderr(acc, likelihoods.length),
    perplexity: Math.exp(-mean(likelihoods.map(({ logLikelihood }) => logLikelihood))),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean of values 0 and 1, from the sample's variance. */
function shareStderr(share: number, n: number): number {
  return Math.sqrt((share * (1 - share)) / (n - 1));
}

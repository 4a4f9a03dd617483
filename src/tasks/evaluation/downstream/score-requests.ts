import { windowFor } from '../../next-token.ts';
import type { EvaluationSource } from '../evaluation-model.ts';
import { predictRows } from '../predict-rows.ts';
import type { Request } from './requests.ts';

/** The log-likelihood of a continuation. */
export interface Likelihood {
  /** Sum of the log-probabilities of its ids, nats. */
  readonly logLikelihood: number;
  /** Whether each of its ids is the most likely one. */
  readonly greedy: boolean;
}

export interface ScoreOptions {
  /** T: the most positions that the model sees. */
  readonly positions: number;
  /** Rows of a batch. */
  readonly batch: number;
  /** Id after the end of a shorter row. A causal model ignores it. */
  readonly padding: number;
  /** Called after each batch with the number of requests so far. */
  readonly observe: (requests: number) => void;
}

/**
 * Computes the log-likelihoods of requests, in their order. Requests of similar length share a batch
 * and a session. Throws ENGINE_FAILED, and as EvaluationSource.open.
 */
export async function scoreRequests(
  source: EvaluationSource,
  requests: readonly Request[],
  { positions, batch, padding, observe }: ScoreOptions,
): Promise<Likelihood[]> {
  const found: Likelihood[] = [];
  let done = 0;
  for (const [window, numbers] of byWindow(requests, { positions, fixed: source.fixedPositions })) {
    const model = await source.open({ rows: batch, positions: window });
    try {
      for (let begin = 0; begin < numbers.length; begin += batch) {
        const part = numbers.slice(begin, begin + batch);
        const rows = part.map((number) => padded(requests[number]!.ids, { window, padding }));
        const columns = await predictRows(model, rows);
        for (const [at, number] of part.entries())
          found[number] = likelihoodOf(requests[number]!, columns, at * window);
        done += part.length;
        observe(done);
      }
    } finally {
      await model.close();
    }
  }
  return found;
}

/** Numbers of the requests of each window, from the smallest. Pure. */
export function byWindow(
  requests: readonly Request[],
  { positions, fixed }: { readonly positions: number; readonly fixed: number | undefined },
): Map<number, number[]> {
  const order = requests.map((_, number) => number);
  order.sort((a, b) => requests[a]!.ids.length - requests[b]!.ids.length || a - b);
  const groups = new Map<number, number[]>();
  for (const number of order) {
    const length = requests[number]!.ids.length - 1;
    const window = fixed ?? windowFor(length, { most: positions, positions });
    const group = groups.get(window);
    if (group) group.push(number);
    else groups.set(window, [number]);
  }
  return groups;
}

function padded(ids: Uint32Array, { window, padding }: { window: number; padding: number }): Uint32Array {
  const row = new Uint32Array(window + 1).fill(padding);
  row.set(ids);
  return row;
}

function likelihoodOf(
  { ids, scored }: Request,
  columns: Awaited<ReturnType<typeof predictRows>>,
  offset: number,
): Likelihood {
  let logLikelihood = 0;
  let greedy = true;
  for (let label = ids.length - scored; label < ids.length; label += 1) {
    const at = offset + label - 1;
    logLikelihood += columns.logProbability[at]!;
    greedy &&= columns.choice[at] === ids[label];
  }
  return { logLikelihood, greedy };
}

import { readMetrics } from '../report/metrics.ts';
import { nameOf } from '../control/messages.ts';
import { runFolder } from '../recipe/run-folder.ts';

/**
 * Whether a replay used the same label bytes as the run that filled the cache, in each step of each
 * rank.
 */
export interface LabelComparison {
  readonly sameLabelBytes: boolean;
  /** Number of compared steps, summed over the ranks. */
  readonly steps: number;
}

/** Compares the hashes of label bytes in the metrics of student ranks. Throws FILE_MISSING. */
export async function sameLabels(filled: string, replayed: string, ranks: number): Promise<LabelComparison> {
  let steps = 0;
  let same = true;
  for (let rank = 0; rank < ranks; rank++) {
    const first = await labelHashes(filled, rank);
    for (const [step, hash] of await labelHashes(replayed, rank)) {
      steps += 1;
      if (first.get(step) !== hash) same = false;
    }
  }
  return { sameLabelBytes: same && steps > 0, steps };
}

export function describeReplay({ sameLabelBytes, steps }: LabelComparison): string {
  return sameLabelBytes
    ? `the labels of all ${steps} steps of its ranks are the same bytes`
    : `the label bytes DIFFER (${steps} steps compared)`;
}

async function labelHashes(run: string, rank: number): Promise<Map<number, string>> {
  const lines = await readMetrics(runFolder(run).metrics(nameOf({ role: 'student', rank })));
  const hashes = new Map<number, string>();
  for (const { event, step, labels } of lines) {
    if (event === 'step' && step !== undefined && typeof labels === 'string') hashes.set(step, labels);
  }
  return hashes;
}

import { readMetrics } from '../report/metrics.ts';
import { nameOf } from '../control/messages.ts';
import { runFolder } from '../recipe/run-folder.ts';

/** Whether a replay trained on the labels of the run that filled the cache, byte for byte, step by step, rank by rank. */
export interface LabelComparison {
  readonly sameLabelBytes: boolean;
  /** Steps of all ranks whose label bytes were compared. */
  readonly steps: number;
}

/** Compares the hashes of label bytes that student ranks wrote beside each step. Throws FILE_MISSING. */
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

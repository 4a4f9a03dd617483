import { sha256 } from '../base/checksum.ts';
import type { HeldOut } from '../report/study-record.ts';
import type { SetReport } from '../tasks/evaluation/evaluate-set.ts';
import { evaluateSuite } from '../tasks/evaluation/evaluate.ts';
import { studyFolder } from './study-recipes.ts';
import type { Study } from './study-file.ts';

/**
 * Evaluates the final checkpoint of a run on the held-out sets of a study, with its teacher as reference. Throws as
 * evaluateSuite.
 */
export async function evaluateHeldOut(
  study: Study,
  run: string,
  { threads, signal }: { threads: number; signal: AbortSignal },
): Promise<HeldOut[]> {
  const { heldOut, teachers, folder } = study;
  const sets = Object.entries(heldOut).map(([name, path]) => ({ name, path }));
  const [teacher] = teachers;
  const reference = teacher && studyFolder(folder).teacher(teacher.name);
  const report = await evaluateSuite({
    checkpoint: run,
    sets,
    validation: false,
    reference,
    threads,
    signal,
  });
  return report.sets.map(heldOutOf);
}

/** The name of a run's results; other sets have another name. */
export function heldOutName({ heldOut }: Study): string {
  return `held-out-${sha256(JSON.stringify(heldOut)).slice(0, 8)}.json`;
}

function heldOutOf({ name, loss, bitsPerByte, accuracy, reference }: SetReport): HeldOut {
  const { easy, medium, hard } = reference?.thirds ?? {};
  const thirds = easy && medium && hard && { easy: easy.loss, medium: medium.loss, hard: hard.loss };
  return {
    name,
    loss,
    accuracy,
    ...(bitsPerByte !== undefined && { bitsPerByte }),
    ...(thirds && { thirds }),
  };
}

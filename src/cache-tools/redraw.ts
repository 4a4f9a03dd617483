import { scoped } from '../base/scope.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import { refuseMismatch, type LabelIdentity } from '../labels/identity.ts';
import { modelIdentity } from '../model/index.ts';
import { sameBytes, throwIfCancelled, type CacheWatch } from './open.ts';
import type { SampledRow, VerifyFault } from './faults.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import { graphRows, openTeacherEngines } from '../worker/teacher/teacher-engine.ts';

export interface RedrawOptions extends CacheWatch {
  readonly identity: LabelIdentity;
  readonly train: TokenSet;
  /** The teacher's checkpoint. */
  readonly teacher: string;
  readonly threads?: number | undefined;
  readonly notes: { note(fault: VerifyFault): void };
}

/**
 * Draws labels again with their teacher, in an engine thread, and notes rows whose bytes differ as
 * LABEL_CONFLICT. Throws FILE_MISSING, TEACHER_MISMATCH, CANCELLED.
 */
export function redrawRows(rows: readonly SampledRow[], options: RedrawOptions): Promise<void> {
  return scoped(async (scope) => {
    const { identity, train, teacher, threads = 2, notes, signal, observe } = options;
    const modelFolder = await findCheckpoint(teacher, { what: 'the teacher' });
    refuseMismatch(
      { name: 'the label cache', identity },
      {
        name: `the checkpoint ${modelFolder}`,
        identity: { ...identity, teacher: await modelIdentity(modelFolder) },
      },
    );
    const [engine] = await openTeacherEngines(scope, {
      modelFolder,
      identity,
      positions: train.rowLength - 1,
      vocabulary: train.vocabularySize,
      threads,
      engines: 1,
      device: 'cpu',
    });
    const batchRows = graphRows({ positions: train.rowLength - 1, device: 'cpu' });
    for (let at = 0; at < rows.length; at += batchRows) {
      throwIfCancelled(signal);
      const some = rows.slice(at, at + batchRows);
      const { records } = await engine!.call('label', {
        rows: some.map(({ row }) => row),
        tokens: some.map(({ row }) => train.read(row)),
      });
      for (const [i, { folder, store, row }] of some.entries()) {
        const stored = store.get(row);
        if (stored === undefined || sameBytes(stored, records[i]!)) continue;
        const message = `the teacher draws different bytes for row ${row} than the stored ones`;
        notes.note({ folder, row, code: 'LABEL_CONFLICT', message });
      }
      observe?.(`teacher   ${at + some.length} of ${rows.length} rows drawn again`);
    }
  });
}

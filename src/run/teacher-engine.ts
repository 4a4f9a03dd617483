import type { TokenSet } from '../data/token-set.ts';
import { hostThread, type ProgramHost } from '../engine/host.ts';
import type { LabelIdentity } from '../labels/identity.ts';
import type { TeacherInit, TeacherProgram } from '../teacher/program.ts';

export interface TeacherEngineOptions {
  readonly modelFolder: string;
  /** The rows that it will label. */
  readonly train: Pick<TokenSet, 'rowLength' | 'vocabularySize'>;
  /** Threads inside one operator. */
  readonly threads: number;
}

/** Rows of one run of a teacher's graph. */
export const GRAPH_ROWS = 8;

/** A teacher's program in an engine thread of this process. Throws TEACHER_MISMATCH, TOKENIZER_MISMATCH, ENGINE_FAILED. */
export function openTeacherEngine(
  identity: LabelIdentity,
  { modelFolder, train, threads }: TeacherEngineOptions,
): Promise<ProgramHost<TeacherProgram>> {
  const init: TeacherInit = {
    modelFolder,
    identity,
    rows: GRAPH_ROWS,
    positions: train.rowLength - 1,
    vocabulary: train.vocabularySize,
    threads,
    device: 'cpu',
  };
  return hostThread<TeacherProgram>(new URL('../teacher/program.js', import.meta.url), init);
}

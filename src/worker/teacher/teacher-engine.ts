import type { Scope } from '../../base/scope.ts';
import { hostThread, type ProgramHost } from '../../engine/host.ts';
import type { LabelIdentity } from '../../labels/identity.ts';
import type { TeacherInit, TeacherProgram } from '../../teacher/program.ts';

/** What draws labels in this process. */
export interface EngineSettings {
  readonly device: 'cpu' | 'cuda';
  /** Inside one operator, for each engine. */
  readonly threads: number;
  /** With device cuda, engine i takes device i. */
  readonly engines: number;
}

export interface TeacherEngineOptions extends EngineSettings {
  readonly modelFolder: string;
  readonly identity: LabelIdentity;
  /** T of the rows that it will label. */
  readonly positions: number;
  readonly vocabulary: number;
}

/** The most rows of one lease. */
export const LEASE_ROWS = 32;

const MOST_GRAPH_ROWS = 8;
/** Tokens that keep the matrix products of one run busy on a processor; more rows a run only delay the first labels. */
const GRAPH_TOKENS = 1024;

/** Rows of one run of a teacher's graph: 8, or on a processor as many as hold 1,024 tokens. */
export function graphRows({ positions, device }: Pick<TeacherEngineOptions, 'positions' | 'device'>): number {
  if (device === 'cuda') return MOST_GRAPH_ROWS;
  return Math.min(MOST_GRAPH_ROWS, Math.max(1, Math.ceil(GRAPH_TOKENS / positions)));
}

/** A teacher's program in as many engine threads, which close with the scope. Throws TEACHER_MISMATCH, TOKENIZER_MISMATCH, ENGINE_FAILED. */
export function openTeacherEngines(
  scope: Scope,
  { engines, ...options }: TeacherEngineOptions,
): Promise<ProgramHost<TeacherProgram>[]> {
  const program = new URL('../../teacher/program.js', import.meta.url);
  return Promise.all(
    Array.from({ length: engines }, async (_, deviceId) => {
      const init: TeacherInit = {
        ...options,
        rows: graphRows(options),
        ...(options.device === 'cuda' && { deviceId }),
      };
      return scope.use(await hostThread<TeacherProgram>(program, init));
    }),
  );
}

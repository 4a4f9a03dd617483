import { entryPoint } from '../../base/entry-points.ts';
import type { Scope } from '../../base/scope.ts';
import { hostThread, type ProgramHost } from '../../engine/host.ts';
import type { LabelIdentity } from '../../labels/identity.ts';
import type { TeacherInit, TeacherProgram } from '../../teacher/program.ts';

/** Settings of the engines that draw labels in this process. */
export interface EngineSettings {
  readonly device: 'cpu' | 'cuda';
  /** Threads within an operator, per engine. */
  readonly threads: number;
  /** Number of engines. With cuda, engine i uses device i. */
  readonly engines: number;
}

export interface TeacherEngineOptions extends EngineSettings {
  readonly modelFolder: string;
  readonly identity: LabelIdentity;
  /** T of the rows to label. */
  readonly positions: number;
  readonly vocabulary: number;
}

/** Maximum rows of one lease. */
export const LEASE_ROWS = 32;

const MAX_GRAPH_ROWS = 8;
/**
 * Tokens that suffice to keep one run's matrix products busy on a CPU; more rows only delay the
 * first labels.
 */
const GRAPH_TOKENS = 1024;

/** Rows of one run of a teacher's graph: 8, or on a CPU as many as contain 1,024 tokens. */
export function graphRows({ positions, device }: Pick<TeacherEngineOptions, 'positions' | 'device'>): number {
  if (device === 'cuda') return MAX_GRAPH_ROWS;
  return Math.min(MAX_GRAPH_ROWS, Math.max(1, Math.ceil(GRAPH_TOKENS / positions)));
}

/**
 * Opens a teacher's program in `engines` threads, which close with the scope. Throws
 * TEACHER_MISMATCH, TOKENIZER_MISMATCH, ENGINE_FAILED.
 */
export function openTeacherEngines(
  scope: Scope,
  { engines, ...options }: TeacherEngineOptions,
): Promise<ProgramHost<TeacherProgram>[]> {
  const program = entryPoint('teacher-program');
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

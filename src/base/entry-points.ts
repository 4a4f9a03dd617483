/**
 * The modules at which a process, a thread or a user of the package starts. The build bundles each of them
 * (scripts/bundle.mjs), because loading hundreds of small modules takes more processor time than running them. Code that
 * starts a process or thread asks here for the file, and builds no path itself.
 */

/** Entry points of one bundle share its chunks. A process or thread loads entry points of one bundle only. */
export interface EntryPoint {
  /** Path of the source below src, without its ending. */
  readonly source: string;
  readonly bundle: string;
}

export const ENTRY_POINTS = {
  main: { source: 'cli/main', bundle: 'main' },
  commands: { source: 'cli/programs/commands', bundle: 'commands' },
  runs: { source: 'cli/programs/runs', bundle: 'runs' },
  roles: { source: 'cli/programs/roles', bundle: 'roles' },
  'engine-thread': { source: 'engine/worker', bundle: 'threads' },
  'student-program': { source: 'student/program/program', bundle: 'threads' },
  'teacher-program': { source: 'teacher/program', bundle: 'threads' },
  'checkpoint-writer': { source: 'student/checkpoint/checkpoint-writer', bundle: 'threads' },
  'parquet-worker': { source: 'data/readers/columns/parquet-worker', bundle: 'columns' },
  'arrow-worker': { source: 'data/readers/columns/arrow-worker', bundle: 'columns' },
  'tokenizer-training': { source: 'data/tokenizer/tokenizer-process', bundle: 'tokenizers' },
  'tokenizer-trial': { source: 'data/tokenizer/tokenizer-trial-process', bundle: 'tokenizers' },
  api: { source: 'api/index', bundle: 'package' },
  graph: { source: 'api/graph', bundle: 'package' },
} satisfies Readonly<Record<string, EntryPoint>>;

export type EntryPointName = keyof typeof ENTRY_POINTS;

/** Path of an entry point's file below the compiled src. The command is where it always was. */
export function entryPointFile(name: EntryPointName): string {
  return name === 'main' ? 'cli/main.js' : `bundle/${name}.js`;
}

/** URL of an entry point's file. */
export function entryPoint(name: EntryPointName): URL {
  // This module, and every file of a bundle, is one folder below the compiled src.
  return new URL(`../${entryPointFile(name)}`, import.meta.url);
}

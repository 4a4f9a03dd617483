// Groups test files that can share a process. Starting a process and loading its modules takes up to 0.4 s of processor time, often
// more than the tests of the file.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Files of one group at most, so that the groups keep all cores busy until the end. */
const MAX_FILES = 10;

/**
 * A file gets a process of its own if it uses the state of the process (processes, threads, memory, signals, the working
 * folder), or has hooks that would also apply to the tests of the other files.
 */
const NEEDS_OWN_PROCESS =
  /node:child_process|node:worker_threads|hostThread|\/proc\/self|\bgc\(|\bprocess\.(?!execPath\b|platform\b|pid\b|stdout\b)|^(?:before|beforeEach|afterEach)\(/m;

/**
 * Returns the programs to run: test files, and modules in `folder` that import the files of a group one after another. Files of a
 * group are in the same order as in `files`. Results name the place of a test in its own file.
 */
export function groupedPrograms(files, folder, root) {
  rmSync(folder, { recursive: true, force: true });
  const groups = new Map();
  const programs = [];
  for (const file of files) {
    if (NEEDS_OWN_PROCESS.test(readFileSync(file, 'utf8'))) programs.push({ name: file, files: [file] });
    else {
      const room = relative(root, file).split('/')[0];
      const latest = groups.get(room);
      if (latest !== undefined && latest.files.length < MAX_FILES) latest.files.push(file);
      else {
        const group = { name: join(folder, `${room}-${programs.length}.test.js`), files: [file] };
        groups.set(room, group);
        programs.push(group);
      }
    }
  }
  mkdirSync(folder, { recursive: true });
  for (const program of programs) {
    if (program.files.length === 1) program.name = program.files[0];
    else
      writeFileSync(
        program.name,
        program.files.map((file) => `await import('${relative(folder, file)}');\n`).join(''),
      );
  }
  return programs.map(({ name }) => name);
}

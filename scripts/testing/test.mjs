// Runs the compiled tests with Node's own test runner, in shared processes where they can (test-groups.mjs). Arguments
// select files by substring; --fast leaves out the tests of whole runs and the slow ones (slow-tests.json):
//   npm test -- ring labels
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSlow, startsRuns, testFiles } from './test-files.mjs';
import { groupedPrograms } from './test-groups.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const outAt = process.argv.indexOf('--out');
const out = outAt > 0 ? process.argv[outAt + 1] : 'dist';
const fast = process.argv.includes('--fast');
const wanted = process.argv
  .slice(2)
  .filter((word, i) => word !== '--fast' && (outAt < 0 || (i + 2 !== outAt && i + 2 !== outAt + 1)));
const folder = join(root, out, 'test');
const files = testFiles(folder)
  .filter((name) => !(fast && (startsRuns(name) || isSlow(name))))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
if (files.length === 0) {
  console.error(`test: no test file matches ${wanted.join(' ')} in ${folder}`);
  process.exit(1);
}
const inFolder = (names) => names.map((name) => join(folder, name));
const programs = [
  ...inFolder(files.filter(startsRuns)),
  ...groupedPrograms(
    inFolder(files.filter((name) => !startsRuns(name))),
    join(root, out, 'test-groups'),
    folder,
  ),
];
// Tests of runs wait for processes as often as they compute.
const concurrency = Math.min(4, availableParallelism() + 1);
const result = spawnSync(
  process.execPath,
  ['--test', `--test-concurrency=${concurrency}`, '--test-timeout=240000', ...programs],
  { stdio: 'inherit', cwd: root },
);
process.exit(result.status ?? 1);

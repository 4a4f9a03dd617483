// Runs the compiled tests with Node's own test runner, in shared processes where they can (test-groups.mjs). Arguments
// select files by substring; --fast leaves out the tests of whole runs:
//   npm test -- ring labels
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groupedPrograms } from './test-groups.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outAt = process.argv.indexOf('--out');
const out = outAt > 0 ? process.argv[outAt + 1] : 'dist';
const fast = process.argv.includes('--fast');
const wanted = process.argv
  .slice(2)
  .filter((word, i) => word !== '--fast' && (outAt < 0 || (i + 2 !== outAt && i + 2 !== outAt + 1)));
const folder = join(root, out, 'test');
// Tests in a folder of one of these names start the processes of whole runs. They start first, the largest file before
// the others, because a long file that starts last would leave the other cores idle.
const startsRuns = (name) => /(^|\/)(runs|soak)\//.test(name);
const sizeOf = (name) => statSync(join(folder, name)).size;
const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.test.js') && !(fast && startsRuns(name)))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .toSorted((a, b) => Number(startsRuns(b)) - Number(startsRuns(a)) || sizeOf(b) - sizeOf(a))
  .map((name) => join(folder, name));
if (files.length === 0) {
  console.error(`test: no test file matches ${wanted.join(' ')} in ${folder}`);
  process.exit(1);
}
const runs = files.filter((file) => startsRuns(relative(folder, file)));
const others = files.filter((file) => !runs.includes(file));
const programs = [...runs, ...groupedPrograms(others, join(root, out, 'test-groups'), folder)];
// Tests of runs wait for processes as often as they compute.
const concurrency = Math.min(4, availableParallelism() + 1);
const result = spawnSync(
  process.execPath,
  ['--test', `--test-concurrency=${concurrency}`, '--test-timeout=240000', ...programs],
  { stdio: 'inherit', cwd: root },
);
process.exit(result.status ?? 1);

// Renews slow-tests.json: runs each test file alone and lists those that need more than MIN_SECONDS of processor time, their
// processes included. `npm run test:fast` leaves these files out. Tests of whole runs are not measured; it leaves them out anyway.
//   npm run -s build && node scripts/testing/slow-tests.mjs
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startsRuns, testFiles } from './test-files.mjs';

const MIN_SECONDS = 3;
const TICKS_PER_SECOND = 100;

/** Processor seconds of all children that this process has waited for, from the fields cutime and cstime of proc(5). */
function secondsOfChildren() {
  const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
  return (Number(afterName[13]) + Number(afterName[14])) / TICKS_PER_SECOND;
}

const folder = fileURLToPath(new URL('../../dist/test', import.meta.url));
const slow = [];
for (const name of testFiles(folder).filter((file) => !startsRuns(file))) {
  const before = secondsOfChildren();
  const { status } = spawnSync(process.execPath, [join(folder, name)], { stdio: 'ignore' });
  const seconds = secondsOfChildren() - before;
  if (status !== 0) throw new Error(`${name} failed`);
  if (seconds > MIN_SECONDS) slow.push(name.replace(/\.js$/, '.ts'));
  console.log(`${seconds.toFixed(1).padStart(5)} s ${name}`);
}
writeFileSync(
  new URL('slow-tests.json', import.meta.url),
  `${JSON.stringify(
    slow.toSorted((a, b) => (a < b ? -1 : 1)),
    null,
    2,
  )}\n`,
);

// The compiled test files, and which of them `npm run test:fast` leaves out.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SLOW = new Set(JSON.parse(readFileSync(new URL('slow-tests.json', import.meta.url), 'utf8')));

/** Whether a test file starts the processes of whole runs: it is in a folder of one of these names. */
export const startsRuns = (name) => /(^|\/)(runs|soak)\//.test(name);

/** Whether a test file needs more processor time than slow-tests.mjs allows a fast one. */
export const isSlow = (name) => SLOW.has(name.replace(/\.js$/, '.ts'));

/**
 * Names of all test files below the compiled `folder`. Those of whole runs come first, then the slow ones, then the largest,
 * because a long file that starts last would leave the other cores idle.
 */
export function testFiles(folder) {
  const sizeOf = (name) => statSync(join(folder, name)).size;
  const first = (name) => 2 * Number(startsRuns(name)) + Number(isSlow(name));
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .toSorted((a, b) => first(b) - first(a) || sizeOf(b) - sizeOf(a));
}

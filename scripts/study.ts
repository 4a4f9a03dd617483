/**
 * The studies behind docs/results.md, one after the other: `npm run study`, or `npm run study -- --quick` for the small one. Each continues where it stopped.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../src/base/files/files.ts';

const STUDIES = ['outgrown', 'led'];
const main = join(packageRoot(), 'dist', 'src', 'cli', 'main.js');
const words = process.argv.slice(2);
const isQuick = words.includes('--quick');
const more = words.filter((word) => word !== '--quick');

for (const name of isQuick ? ['quick'] : STUDIES) {
  const { status } = spawnSync(process.execPath, [main, 'compare', `cluster/studies/${name}.yaml`, ...more], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

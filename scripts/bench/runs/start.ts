/**
 * Measures the response time of the command line: the median over whole processes, from spawn to
 * exit.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/files/files.ts';
import { median, round } from '../figures.ts';
import type { BenchOptions } from '../bench.ts';

/** Settings: rounds=11. */
export async function* bench({ settings }: BenchOptions): AsyncIterable<Record<string, unknown>> {
  const rounds = Number(settings['rounds'] ?? 11);
  const main = join(packageRoot(), 'dist', 'src', 'cli', 'main.js');
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    const { status } = spawnSync(process.execPath, [main, '--help']);
    if (status !== 0) throw new Error(`brine --help exited with ${status}`);
    return performance.now() - began;
  });
  yield {
    bench: 'start',
    command: 'brine --help',
    milliseconds: round(median(times), 1),
    slowest: round(Math.max(...times), 1),
  };
}

/**
 * Measures the response time of the command line: the median over whole processes, from spawn to
 * exit.
 */
import { spawnSync } from 'node:child_process';
import { median, round } from '../figures.ts';
import type { BenchOptions } from '../bench.ts';
import { BRINE } from '../brine.ts';

/** Settings: rounds=11. */
export async function* bench({ settings }: BenchOptions): AsyncIterable<Record<string, unknown>> {
  const rounds = Number(settings['rounds'] ?? 11);
  const [node, main] = BRINE as [string, string];
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    const { status } = spawnSync(node, [main, '--help']);
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

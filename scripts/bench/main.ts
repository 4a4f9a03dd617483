/**
 * npm run -s bench -- NAME [--json] [key=value …]
 * Prints the records of a benchmark.
 */
import type { Bench } from './bench.ts';

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  step: () => import('./step/step.ts'),
  ring: () => import('./ring/ring.ts'),
  overlap: () => import('./overlap/overlap.ts'),
  shard: () => import('./overlap/shard.ts'),
  wire: () => import('./ring/wire.ts'),
  rounding: () => import('./ring/rounding.ts'),
  distil: () => import('./runs/distil.ts'),
  labels: () => import('./labels/labels.ts'),
  teacher: () => import('./teacher/teacher.ts'),
  attach: () => import('./teacher/attach.ts'),
  seeds: () => import('./runs/seeds.ts'),
  smollm: () => import('./runs/smollm.ts'),
  cache: () => import('./cache/cache.ts'),
  start: () => import('./runs/start.ts'),
  memory: () => import('./memory/memory.ts'),
  gpu: () => import('./step/gpu.ts'),
};

const [name = '', ...rest] = process.argv.slice(2);
const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (!load) {
  console.error(`usage: npm run -s bench -- ${Object.keys(BENCHES).join('|')} [--json] [key=value …]`);
  process.exit(2);
}
const json = rest.includes('--json');
const settings = Object.fromEntries(
  rest.filter((argument) => argument.includes('=')).map((argument) => argument.split('=', 2)),
) as Record<string, string>;
const { bench } = await load();
for await (const record of bench({ json, settings })) {
  if (json) console.log(JSON.stringify(record));
  else console.log(record);
}

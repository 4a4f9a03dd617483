/**
 * npm run -s bench -- NAME [--json] [key=value …]
 * Runs scripts/bench/NAME.ts, whose `bench` yields one record for each measurement.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface BenchOptions {
  readonly json: boolean;
  /** The key=value arguments. */
  readonly settings: Readonly<Record<string, string>>;
}

interface Bench {
  readonly bench: (options: BenchOptions) => AsyncIterable<Record<string, unknown>>;
}

const [name = '', ...rest] = process.argv.slice(2);
const file = join(dirname(fileURLToPath(import.meta.url)), `${name}.js`);
if (!/^[a-z]+$/.test(name) || name === 'main' || !existsSync(file)) {
  console.error(
    'usage: npm run -s bench -- step|ring|overlap|shard|wire|rounding|distil|labels|teacher|attach|seeds|smollm|cache|start|memory|gpu [--json] [key=value …]',
  );
  process.exit(2);
}
const json = rest.includes('--json');
const settings = Object.fromEntries(
  rest.filter((argument) => argument.includes('=')).map((argument) => argument.split('=', 2)),
) as Record<string, string>;
const { bench } = (await import(pathToFileURL(file).href)) as Bench;
for await (const record of bench({ json, settings })) {
  if (json) console.log(JSON.stringify(record));
  else console.log(record);
}

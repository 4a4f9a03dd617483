/**
 * npm run -s soak -- NAME --seed S --json …
 * Runs `soak` of scripts/soak/NAME.ts, which injects faults into a real system and reports losses. A seed determines the faults.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface SoakOptions {
  /** The value of each option --NAME. */
  readonly settings: Readonly<Record<string, string>>;
  /** Prints progress. */
  readonly observe: (text: string) => void;
}

interface Soak {
  /** Resolves to the record to print, and to `passed`, which decides the exit code. */
  readonly soak: (options: SoakOptions) => Promise<{ record: Record<string, unknown>; passed: boolean }>;
}

const [name = '', ...rest] = process.argv.slice(2);
const file = join(dirname(fileURLToPath(import.meta.url)), `${name}.js`);
if (!/^[a-z]+$/.test(name) || name === 'main' || !existsSync(file)) {
  console.error(
    'usage: npm run -s soak -- cache --kills 1000 --seed 1 [--json]\n       npm run -s soak -- run|head|elastic --faults 1000 --seed 1 [--json]\n       npm run -s soak -- security|files --tries 1000 --seed 1 [--json]',
  );
  process.exit(2);
}
const settings: Record<string, string> = {};
for (const [i, word] of rest.entries()) {
  if (word.startsWith('--') && word !== '--json') settings[word.slice(2)] = rest[i + 1] ?? '';
}
const { soak } = (await import(pathToFileURL(file).href)) as Soak;
const { record, passed } = await soak({ settings, observe: (text) => console.error(text) });
console.log(rest.includes('--json') ? JSON.stringify(record) : record);
process.exit(passed ? 0 : 1);

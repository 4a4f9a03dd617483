/**
 * npm run -s soak -- NAME --seed S --json …
 * Runs a soak and prints its record. Exits with 1 if something was lost.
 */
import type { Soak } from './soak.ts';

const SOAKS: Readonly<Record<string, { readonly count: string; readonly load: () => Promise<Soak> }>> = {
  cache: { count: '--kills', load: () => import('./cache/cache.ts') },
  run: { count: '--faults', load: () => import('./run/run.ts') },
  head: { count: '--faults', load: () => import('./run/head.ts') },
  elastic: { count: '--faults', load: () => import('./elastic/elastic.ts') },
  security: { count: '--tries', load: () => import('./security/security.ts') },
  simulate: { count: '--runs', load: () => import('./simulate/simulate.ts') },
  files: { count: '--tries', load: () => import('./files/files.ts') },
};

const [name = '', ...rest] = process.argv.slice(2);
const found = Object.hasOwn(SOAKS, name) ? SOAKS[name] : undefined;
if (!found) {
  const forms = Object.entries(SOAKS).map(([form, { count }]) => `${form} ${count} 1000 --seed 1 [--json]`);
  console.error(`usage: npm run -s soak -- ${forms.join('\n       npm run -s soak -- ')}`);
  process.exit(2);
}
const settings: Record<string, string> = {};
for (const [i, word] of rest.entries()) {
  if (word.startsWith('--') && word !== '--json') settings[word.slice(2)] = rest[i + 1] ?? '';
}
const { soak } = await found.load();
const { record, passed } = await soak({ settings, observe: (text) => console.error(text) });
console.log(rest.includes('--json') ? JSON.stringify(record) : record);
process.exit(passed ? 0 : 1);

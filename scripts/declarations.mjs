// Type declarations of the package: those of its entry points and of every file that they name.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ENTRY_POINTS = ['src/api/index.d.ts', 'src/api/graph.d.ts'];

/** Deletes all other declarations below the build folder: the compiler writes one beside every file. */
export function keepPublicDeclarations(out) {
  const kept = new Set(ENTRY_POINTS.map((name) => join(out, name)));
  for (const path of kept) {
    const names = readFileSync(path, 'utf8').matchAll(/\b(?:from|import\()\s*["'](\.[^"']+)["']/g);
    for (const [, name] of names) {
      const target = join(dirname(path), name).replace(/\.[jt]s$/, '.d.ts');
      if (existsSync(target)) kept.add(target);
    }
  }
  for (const name of readdirSync(out, { recursive: true })) {
    const path = join(out, name);
    if (path.endsWith('.d.ts') && !kept.has(path)) rmSync(path);
  }
}

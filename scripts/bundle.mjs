// Bundles the entry points of src/base/entry-points.ts, so that a process loads a few files instead of hundreds. Packages
// stay outside, and code that is imported on demand stays in chunks of its own. Nothing is minified: stack traces keep the
// names of functions, and a comment in the bundle names the source of every part.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Bundles all entry points into the compiled src of the build folder `out`. */
export async function bundleEntryPoints(root, out) {
  const compiled = join(out, 'src');
  const registry = pathToFileURL(join(compiled, 'base', 'entry-points.js')).href;
  const { ENTRY_POINTS, entryPointFile } = await import(registry);
  const bundles = new Map();
  for (const [name, { source, bundle }] of Object.entries(ENTRY_POINTS)) {
    const entries = bundles.get(bundle) ?? {};
    entries[entryPointFile(name).replace(/\.js$/, '')] = join(root, 'src', `${source}.ts`);
    bundles.set(bundle, entries);
  }
  // One build for each bundle: the fewer entry points share modules, the fewer chunks a process has to load.
  const builds = Array.from(bundles, ([name, entryPoints]) =>
    build({
      entryPoints,
      outdir: compiled,
      chunkNames: `bundle/${name}-[hash]`,
      bundle: true,
      splitting: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      logLevel: 'warning',
    }),
  );
  await Promise.all(builds);
}

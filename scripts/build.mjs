// Generates code, compiles src, test and scripts into dist (or the folder of --out), copies the generated JavaScript and the
// command brine there, which the TypeScript compiler does not do, and bundles the entry points. Prints nothing on success.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEntryPoints } from './bundle.mjs';
import { keepPublicDeclarations } from './declarations.mjs';
import { generate } from './generate.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outAt = process.argv.indexOf('--out');
const out = outAt > 0 ? process.argv[outAt + 1] : 'dist';
if (out === 'dist') rmSync(join(root, 'dist'), { recursive: true, force: true });
const tsc = join(root, 'node_modules', '.bin', 'tsc');
if (!existsSync(tsc)) {
  console.error('build: node_modules is missing. Run "npm ci" first.');
  process.exit(1);
}
await generate();
const result = spawnSync(tsc, ['-p', root, '--outDir', join(root, out)], { stdio: 'inherit' });
for (const path of generatedJavaScript(join(root, 'src'))) {
  const target = join(root, out, relative(root, path));
  mkdirSync(dirname(target), { recursive: true });
  cpSync(path, target);
}
const command = join(root, out, 'src', 'cli', 'brine');
cpSync(join(root, 'src', 'cli', 'brine.sh'), command);
chmodSync(command, 0o755);
if (result.status === 0) {
  keepPublicDeclarations(join(root, out));
  await bundleEntryPoints(root, join(root, out));
}
process.exit(result.status ?? 1);

function generatedJavaScript(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.js'));
}

// Writes the generated code: proto/*.proto → src/wire/generated/*.js and .d.ts (protobufjs static modules), and
// src/**/*.wat → generated/*.ts beside it (WebAssembly as base64). With --check nothing is written and stale code is
// an error.
import {
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  existsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import cli from 'protobufjs-cli';
import loadWabt from 'wabt';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const checking = process.argv.includes('--check');
const scratch = mkdtempSync(join(tmpdir(), 'generate-'));
const stale = [];

try {
  for (const name of readdirSync(join(root, 'proto'))
    .filter((file) => file.endsWith('.proto'))
    .toSorted()) {
    await protobuf(join(root, 'proto', name));
  }
  for (const name of readdirSync(join(root, 'src'), { recursive: true }).filter((file) =>
    file.endsWith('.wat'),
  )) {
    await webAssembly(join(root, 'src', name));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (stale.length > 0) {
  console.error(`generate: stale: ${stale.join(', ')}. Run "npm run generate" and commit the result.`);
  process.exit(1);
}

async function protobuf(path) {
  const name = basename(path, '.proto');
  const options = [
    '-t',
    'static-module',
    '-w',
    'es6',
    '--root',
    name,
    '--no-create',
    '--no-verify',
    '--no-convert',
  ];
  const js = join(scratch, `${name}.js`);
  const dts = join(scratch, `${name}.d.ts`);
  await promisify(cli.pbjs.main)([...options, '--no-delimited', '--force-long', '-o', js, path]);
  await promisify(cli.pbts.main)(['-o', dts, js]);
  const folder = join(root, 'src', 'wire', 'generated');
  const code = readFileSync(js, 'utf8').replace('from "protobufjs/minimal"', 'from "protobufjs/minimal.js"');
  emit(join(folder, `${name}.js`), code);
  emit(join(folder, `${name}.d.ts`), readFileSync(dts, 'utf8'));
}

async function webAssembly(path) {
  const wabt = await loadWabt();
  const module = wabt.parseWat(basename(path), readFileSync(path, 'utf8'), { simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  const name = basename(path, '.wat');
  const base64 = Buffer.from(buffer).toString('base64');
  emit(
    join(dirname(path), 'generated', `${name}.ts`),
    `// Generated from ${name}.wat by scripts/generate.mjs. Do not edit.\nexport const ${name}Wasm =\n  '${base64}';\n`,
  );
}

function emit(path, content) {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  if (checking) {
    stale.push(path.slice(root.length + 1));
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

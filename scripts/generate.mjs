// Generates the code that is not committed: proto/*.proto → src/wire/generated/*.js and .d.ts (protobufjs static
// modules), and src/**/*.wat → generated/*.ts beside it (WebAssembly as base64). Every build calls it; it does nothing
// if its sources are unchanged.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const self = fileURLToPath(import.meta.url);
const root = join(dirname(self), '..');
const stampPath = join(root, '.build', 'generated.json');

/** Generates all code. Throws if a source is invalid, or if protobufjs-cli or wabt is not installed. */
export async function generate() {
  const protos = listed('proto', '.proto');
  const wats = listed('src', '.wat');
  const stamp = { sources: hashOf([...protos, ...wats, self, join(root, 'package-lock.json')]) };
  const outputs = [...protos.flatMap(protobufOutputs), ...wats.map(webAssemblyOutput)];
  if (readStamp() === stamp.sources && outputs.every((path) => existsSync(path))) return;
  for (const folder of new Set(outputs.map((path) => dirname(path)))) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  await protobuf(protos);
  await webAssembly(wats);
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, JSON.stringify(stamp));
}

async function protobuf(paths) {
  const { default: cli } = await import('protobufjs-cli');
  const options = ['--no-create', '--no-verify', '--no-convert', '--no-delimited', '--force-long'];
  const scratch = mkdtempSync(join(tmpdir(), 'generate-'));
  try {
    for (const path of paths) {
      const [code, types] = protobufOutputs(path);
      const js = join(scratch, basename(code));
      const names = ['-t', 'static-module', '-w', 'es6', '--root', basename(path, '.proto')];
      await promisify(cli.pbjs.main)([...names, ...options, '-o', js, path]);
      await promisify(cli.pbts.main)(['-o', types, js]);
      const text = readFileSync(js, 'utf8');
      writeFileSync(code, text.replace('from "protobufjs/minimal"', 'from "protobufjs/minimal.js"'));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function webAssembly(paths) {
  const { default: loadWabt } = await import('wabt');
  const wabt = await loadWabt();
  for (const path of paths) {
    const module = wabt.parseWat(basename(path), readFileSync(path, 'utf8'), { simd: true });
    const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
    module.destroy();
    const name = basename(path, '.wat');
    const head = `// Generated from ${name}.wat by scripts/generate.mjs. Do not edit.`;
    writeFileSync(webAssemblyOutput(path), `${head}\nexport const ${name}Wasm =\n  '${base64}';\n`);
  }
}

function protobufOutputs(path) {
  const name = basename(path, '.proto');
  return ['js', 'd.ts'].map((ending) => join(root, 'src', 'wire', 'generated', `${name}.${ending}`));
}

function webAssemblyOutput(path) {
  return join(dirname(path), 'generated', `${basename(path, '.wat')}.ts`);
}

function listed(folder, ending) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(root, folder, name))
    .toSorted();
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  return hash.digest('hex');
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampPath, 'utf8')).sources;
  } catch {
    return undefined;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await generate();

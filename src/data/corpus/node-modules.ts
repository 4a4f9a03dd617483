import { existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BrineError, messageOf } from '../../base/errors.ts';
import { sha256 } from '../../base/checksum.ts';
import type { Reading, TextPiece } from './document.ts';
import { piecesOf } from './document.ts';
import type { Listed } from './listing.ts';
import { decodeUtf8, looksBinary } from './text-bytes.ts';

/**
 * The demo's corpus: hand-written documentation and source code in a node_modules folder. It is
 * identical in every clone with the same lockfile: it uses only the packages below, which are
 * installed on every platform, and ignores file times and directory order. Files are ordered by the
 * SHA-256 of their path. This mixes the packages, so that every prefix resembles the whole.
 */
// prettier-ignore
const DEPENDENCIES = [
  'commander', 'fzstd', 'hyparquet', 'hyparquet-compressors', 'hyparquet-writer', 'lmdb', 'pino', 'piscina',
  'protobufjs', 'yaml', 'zeromq', 'zod',
] as const;

/** Packages that a clone has besides: development dependencies, and dependencies of dependencies. */
// prettier-ignore
const FURTHER = [
  '@types/node', 'acorn', 'adm-zip', 'argparse', 'bluebird', 'entities', 'escodegen', 'esprima', 'fast-check', 'glob',
  'jsdoc', 'linkify-it', 'lodash', 'long', 'markdown-it', 'markdown-it-anchor', 'marked', 'minimatch', 'minimist',
  'msgpackr', 'onnxruntime-common', 'ordered-binary', 'pino-abstract-transport', 'pino-std-serializers', 'prettier',
  'protobufjs-cli', 'pure-rand', 'semver', 'sonic-boom', 'source-map', 'thread-stream', 'tmp', 'type-fest',
  'typescript', 'underscore', 'undici-types', 'xmlcreate',
] as const;

/** Name of the corpus, and of the folder. */
export const NODE_MODULES = 'node_modules';

const EXTENSION = /\.(md|markdown|txt|js|mjs|jsx|ts|tsx|proto)$/;
/** Minified files, and copies of a package for another module system. */
const EXCLUDED = /(\.min\.|\.bundle\.|\.umd\.|\.d\.mts$|\/(cjs|esm|browser|umd|es5)\/)/;
const MAX_FILE_BYTES = 256 * 1024; // larger files are bundles and tables
const MIN_FILE_BYTES = 128; // smaller files are re-exports
const MAX_LINE_UNITS = 500; // a longer line is minified code or data
const GENERATED = /@generated|sourceMappingURL=data:|do not edit|automatically generated|auto-generated/i;

/** A file, or a folder that is searched. */
interface Source {
  readonly path: string;
  /** Path relative to node_modules. */
  readonly source: string;
}

export interface NodeModulesFile extends Source {
  readonly bytes: number;
}

/**
 * Lists candidate files in reading order: those of Brine's node_modules folder in a clone, and those of
 * its direct dependencies where Brine is installed as a dependency itself. `brine` is the folder of
 * Brine. Throws CORPUS_MISSING if a package cannot be read.
 */
export async function nodeModulesFiles(brine: string): Promise<NodeModulesFile[]> {
  const files: { order: string; file: NodeModulesFile }[] = [];
  for (const { path, source } of await sourcesFor(brine)) {
    const { size } = await stat(path);
    if (size < MIN_FILE_BYTES || size > MAX_FILE_BYTES) continue;
    files.push({ order: sha256(source), file: { path, source, bytes: size } });
  }
  return files.toSorted((a, b) => (a.order < b.order ? -1 : 1)).map(({ file }) => file);
}

async function sourcesFor(brine: string): Promise<Source[]> {
  const isInstalled = basename(dirname(brine)) === NODE_MODULES;
  const packages = isInstalled ? DEPENDENCIES : [...DEPENDENCIES, ...FURTHER];
  const sources: Source[] = [];
  try {
    for (const name of packages) {
      const path = isInstalled ? packageAbove(brine, name) : join(brine, NODE_MODULES, name);
      await walk({ path, source: name }, sources);
    }
  } catch (cause) {
    throw new BrineError('CORPUS_MISSING', `cannot read the packages of ${brine}: ${messageOf(cause)}`, {
      hint: `${isInstalled ? 'Install Brine again' : 'Run "npm ci" (with development dependencies)'}, or name another corpus in data.corpus (for brine demo: --corpus PATH).`,
      cause,
    });
  }
  return sources;
}

/**
 * Folder of a package as Node resolves it: in the node_modules of Brine's folder or of the nearest folder
 * above it, because npm hoists packages.
 */
function packageAbove(brine: string, name: string): string {
  for (let folder = brine; ; folder = dirname(folder)) {
    const found = join(folder, NODE_MODULES, name);
    if (existsSync(found) || folder === dirname(folder)) return found;
  }
}

async function walk(folder: Source, sources: Source[]): Promise<void> {
  for (const entry of await readdir(folder.path, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === NODE_MODULES) continue;
    const below = { path: join(folder.path, entry.name), source: `${folder.source}/${entry.name}` };
    if (entry.isDirectory()) await walk(below, sources);
    else if (entry.isFile() && EXTENSION.test(below.source) && !EXCLUDED.test(below.source))
      sources.push(below);
  }
}

/**
 * Returns the reader for one pass. Duplicate texts, such as licences, are read once. Generated and
 * binary files are skipped.
 */
export function nodeModulesReader() {
  const seen = new Set<string>();
  return async function* read(file: Listed, reading: Reading): AsyncGenerator<TextPiece> {
    const bytes = await readFile(file.path);
    reading.storedBytes += bytes.length;
    const text = looksBinary(bytes) ? undefined : decodeUtf8(bytes);
    if (text === undefined || !isHandWritten(text)) return;
    const hash = sha256(bytes);
    if (seen.has(hash)) return;
    seen.add(hash);
    yield* piecesOf(text, file.source, 1);
  };
}

function isHandWritten(text: string): boolean {
  if (GENERATED.test(text.slice(0, 2000))) return false;
  for (let begin = 0; begin < text.length;) {
    const newline = text.indexOf('\n', begin);
    const end = newline < 0 ? text.length : newline;
    if (end - begin > MAX_LINE_UNITS) return false;
    begin = end + 1;
  }
  return true;
}

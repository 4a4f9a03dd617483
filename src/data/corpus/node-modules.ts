import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
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
const PACKAGES = [
  '@types/node', 'acorn', 'adm-zip', 'argparse', 'bluebird', 'commander', 'entities', 'escodegen',
  'esprima', 'fast-check', 'fzstd', 'glob', 'hyparquet', 'hyparquet-compressors', 'hyparquet-writer', 'jsdoc',
  'linkify-it', 'lmdb', 'lodash', 'long', 'markdown-it', 'markdown-it-anchor', 'marked', 'minimatch', 'minimist',
  'msgpackr', 'onnxruntime-common', 'ordered-binary', 'pino', 'pino-abstract-transport', 'pino-std-serializers',
  'piscina', 'prettier', 'protobufjs', 'protobufjs-cli', 'pure-rand', 'semver', 'sonic-boom', 'source-map',
  'thread-stream', 'tmp', 'type-fest', 'typescript', 'underscore', 'undici-types', 'xmlcreate', 'yaml', 'zeromq',
  'zod',
] as const;

const EXTENSION = /\.(md|markdown|txt|js|mjs|jsx|ts|tsx|proto)$/;
/** Minified files, and copies of a package for another module system. */
const EXCLUDED = /(\.min\.|\.bundle\.|\.umd\.|\.d\.mts$|\/(cjs|esm|browser|umd|es5)\/)/;
const MAX_FILE_BYTES = 256 * 1024; // larger files are bundles and tables
const MIN_FILE_BYTES = 128; // smaller files are re-exports
const MAX_LINE_UNITS = 500; // a longer line is minified code or data
const GENERATED = /@generated|sourceMappingURL=data:|do not edit|automatically generated|auto-generated/i;

export interface NodeModulesFile {
  readonly path: string;
  readonly source: string;
  readonly bytes: number;
}

/** Lists candidate files in reading order. Throws CORPUS_MISSING if the folder cannot be read. */
export async function nodeModulesFiles(folder: string): Promise<NodeModulesFile[]> {
  const sources: string[] = [];
  try {
    await readdir(folder);
    for (const name of PACKAGES) await walk(folder, name, sources);
  } catch (cause) {
    throw new BrineError('CORPUS_MISSING', `cannot read the packages in ${folder}: ${messageOf(cause)}`, {
      hint: 'Run "npm ci" (with development dependencies), or name another corpus in data.corpus (for brine demo: --corpus PATH).',
      cause,
    });
  }
  const files: { order: string; file: NodeModulesFile }[] = [];
  for (const source of sources) {
    const path = join(folder, source);
    const { size } = await stat(path);
    if (size < MIN_FILE_BYTES || size > MAX_FILE_BYTES) continue;
    files.push({ order: sha256(source), file: { path, source, bytes: size } });
  }
  return files.toSorted((a, b) => (a.order < b.order ? -1 : 1)).map(({ file }) => file);
}

async function walk(root: string, below: string, sources: string[]): Promise<void> {
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const source = `${below}/${entry.name}`;
    if (entry.isDirectory()) await walk(root, source, sources);
    else if (entry.isFile() && EXTENSION.test(source) && !EXCLUDED.test(source)) sources.push(source);
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

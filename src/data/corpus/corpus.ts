import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { BrineError, messageOf } from '../../base/errors.ts';
import { sha256 } from '../../base/checksum.ts';
import { packageRoot } from '../../base/files.ts';
import { type Reading, type TextPiece } from '../document.ts';
import { nodeModulesFiles, nodeModulesReader } from './node-modules.ts';
import { readJsonl } from '../readers/read-jsonl.ts';
import { readParquet } from '../readers/read-parquet.ts';
import { readText } from '../readers/read-text.ts';
import { looksBinary } from '../text-bytes.ts';

/** The name of the demo's corpus: documentation and sources below Brine's own node_modules. */
export const NODE_MODULES = 'node_modules';

export interface CorpusFile {
  readonly path: string;
  /** Relative to the corpus, with '/' between folders. */
  readonly source: string;
  /** Bytes as stored. */
  readonly bytes: number;
}

/** What a corpus holds, before it is read. Files are in the order in which they will be read. */
export interface Corpus {
  readonly name: string;
  readonly files: readonly CorpusFile[];
  readonly binaryFiles: number;
  readonly emptyFiles: number;
  /** SHA-256 over names, sizes and (unless they come from a lockfile) times of change of the files. */
  readonly fingerprint: string;
  /** Begins a pass over the files: the reader of any one of them. */
  readonly pass: () => (file: CorpusFile, reading: Reading) => AsyncIterable<TextPiece>;
}

/**
 * Opens a file, a folder (walked whole, sorted by the bytes of the path; links are not followed, names that begin
 * with a dot are passed over) or the preset `node_modules`. Throws CORPUS_MISSING, CORPUS_EMPTY, CORPUS_BINARY.
 */
export async function openCorpus(path: string): Promise<Corpus> {
  if (path === NODE_MODULES) return openNodeModules(join(packageRoot(), NODE_MODULES));
  const found = await listing(resolve(path));
  const kept: CorpusFile[] = [];
  const times: string[] = [];
  let binaryFiles = 0;
  let emptyFiles = 0;
  for (const source of found.sources) {
    const file = found.single ? resolve(path) : join(resolve(path), source);
    const { kind, bytes, changed } = await inspect(file, source);
    if (kind === 'empty') emptyFiles++;
    else if (kind === 'binary') binaryFiles++;
    else {
      kept.push({ path: file, source, bytes });
      times.push(`${source}\0${bytes}\0${changed}\n`);
    }
  }
  if (kept.length === 0) throw nothingToRead(path, { binaryFiles, emptyFiles });
  const fingerprint = sha256('files\n', ...times);
  return { name: path, files: kept, binaryFiles, emptyFiles, fingerprint, pass: () => readCorpusFile };
}

/** As openCorpus, for the preset below any node_modules folder. */
export async function openNodeModules(folder: string): Promise<Corpus> {
  const files = await nodeModulesFiles(folder);
  if (files.length === 0) throw nothingToRead(folder, { binaryFiles: 0, emptyFiles: 0 });
  const fingerprint = sha256('node_modules\n', ...files.map(({ source, bytes }) => `${source}\0${bytes}\n`));
  const pass = nodeModulesReader;
  return { name: NODE_MODULES, files, binaryFiles: 0, emptyFiles: 0, fingerprint, pass };
}

function readCorpusFile({ path, source }: CorpusFile, reading: Reading): AsyncIterable<TextPiece> {
  if (/\.jsonl(\.zst)?$/.test(source)) return readJsonl(path, source, reading);
  if (source.endsWith('.parquet')) return readParquet(path, source, reading);
  return readText(path, source, reading);
}

async function listing(path: string): Promise<{ sources: string[]; single: boolean }> {
  try {
    const top = await stat(path);
    if (top.isFile()) return { sources: [basename(path)], single: true };
    if (!top.isDirectory()) throw new Error('neither a file nor a folder');
    const sources: string[] = [];
    await walk(path, '', sources);
    return { sources: sources.toSorted(byBytes), single: false };
  } catch (cause) {
    throw new BrineError('CORPUS_MISSING', `cannot read the corpus ${path}: ${messageOf(cause)}`, {
      hint: 'Give a text file, a .jsonl, .jsonl.zst or .parquet file, or a folder of them that you may read.',
      cause,
    });
  }
}

async function walk(root: string, below: string, sources: string[]): Promise<void> {
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const source = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) await walk(root, source, sources);
    else if (entry.isFile()) sources.push(source);
  }
}

/** The order of a corpus: by the UTF-8 bytes of the path, whatever the locale. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

type Kind = 'text' | 'binary' | 'empty';

async function inspect(
  path: string,
  source: string,
): Promise<{ kind: Kind; bytes: number; changed: number }> {
  const handle = await open(path, 'r');
  try {
    const { size, mtimeMs } = await handle.stat();
    if (size === 0) return { kind: 'empty', bytes: 0, changed: 0 };
    const packed = source.endsWith('.jsonl.zst') || source.endsWith('.parquet');
    const beginning = Buffer.alloc(8192);
    const { bytesRead } = await handle.read(beginning, 0, beginning.length, 0);
    const binary = !packed && looksBinary(beginning.subarray(0, bytesRead));
    return { kind: binary ? 'binary' : 'text', bytes: size, changed: mtimeMs };
  } finally {
    await handle.close();
  }
}

function nothingToRead(path: string, found: { binaryFiles: number; emptyFiles: number }): BrineError {
  const { binaryFiles, emptyFiles } = found;
  if (binaryFiles > 0) {
    return new BrineError(
      'CORPUS_BINARY',
      `the corpus ${path} holds no text: ${binaryFiles} binary and ${emptyFiles} empty files`,
      { hint: 'Give text as UTF-8 (no NUL bytes), .jsonl, .jsonl.zst or .parquet files.' },
    );
  }
  return new BrineError('CORPUS_EMPTY', `the corpus ${path} holds no text (${emptyFiles} empty files)`, {
    hint: 'Give a file or folder with text in it.',
  });
}

import { sha256 } from '../../base/checksum.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { packageRoot } from '../../base/files/files.ts';
import { foreignKind } from '../../base/files/foreign-kind.ts';
import { openOrdinary } from '../../base/files/ordinary-file.ts';
import type { Reading, TextPiece } from './document.ts';
import { SkippedFiles, skippedText, type SkippedSummary } from './skipped-files.ts';
import { formatOf, type Format } from '../readers/format.ts';
import { readFile } from '../readers/read-file.ts';
import { BEGINNING, skipReason } from '../readers/skip-reason.ts';
import { unpacked } from '../readers/packed/unpacking.ts';
import { listFiles, reasonOf, type Listed } from './listing.ts';
import { NODE_MODULES, nodeModulesFiles, nodeModulesReader } from './node-modules.ts';

export interface CorpusFile extends Listed {
  /** Stored size in bytes. */
  readonly bytes: number;
}

/** The files of a corpus, before they are read. */
export interface Corpus {
  readonly name: string;
  /** In reading order. */
  readonly files: readonly CorpusFile[];
  /** Files known to be skipped before reading starts. */
  readonly skipped: SkippedSummary;
  /** SHA-256 over names, sizes and modification times of all files. The demo's corpus has no times. */
  readonly stamp: string;
  /** Starts a pass over the files and returns the reader for single files. */
  readonly pass: () => (file: CorpusFile, reading: Reading) => AsyncIterable<TextPiece>;
}

/**
 * Opens a file, a folder (recursively, sorted by the bytes of the path) or the preset `node_modules`.
 * Skipped files are counted by reason. Throws CORPUS_MISSING, CORPUS_EMPTY, CORPUS_BINARY.
 */
export async function openCorpus(path: string): Promise<Corpus> {
  if (path === NODE_MODULES) return openNodeModules(packageRoot());
  const skipped = new SkippedFiles();
  const kept: CorpusFile[] = [];
  const times: string[] = [];
  for (const file of await listFiles(path, skipped)) {
    const { bytes, changed, reason } = await inspect(file);
    times.push(`${file.source}\0${bytes}\0${changed}\n`);
    if (reason === undefined) kept.push({ ...file, bytes });
    else skipped.add({ source: file.source, reason });
  }
  if (kept.length === 0) throw nothingToRead(path, skipped.summary());
  return {
    name: path,
    files: kept,
    skipped: skipped.summary(),
    stamp: sha256('files\n', ...times),
    pass: () => readFile,
  };
}

/** Opens the preset for a given folder of Brine. Throws the same errors as openCorpus. */
export async function openNodeModules(brine: string): Promise<Corpus> {
  const files = await nodeModulesFiles(brine);
  const skipped = new SkippedFiles().summary();
  if (files.length === 0) throw nothingToRead(NODE_MODULES, skipped);
  const stamp = sha256('node_modules\n', ...files.map(({ source, bytes }) => `${source}\0${bytes}\n`));
  return { name: NODE_MODULES, files, skipped, stamp, pass: nodeModulesReader };
}

interface Inspected {
  readonly bytes: number;
  /** Modification time in milliseconds since 1970. */
  readonly changed: number;
  /** Reason for skipping the file, if any. */
  readonly reason: string | undefined;
}

/** Checks a file's name and first bytes. Throws CORPUS_MISSING if the file system fails. */
async function inspect({ path, source }: Listed): Promise<Inspected> {
  try {
    const handle = await openOrdinary(path);
    try {
      const { size, mtimeMs } = await handle.stat();
      const beginning = Buffer.alloc(Math.min(size, BEGINNING));
      const { bytesRead } = await handle.read(beginning, 0, beginning.length, 0);
      const reason = size === 0 ? 'empty' : await reasonFor(beginning.subarray(0, bytesRead), source);
      return { bytes: size, changed: mtimeMs, reason };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const reason = reasonOf(cause);
    if (reason !== undefined) return { bytes: 0, changed: 0, reason };
    throw new BrineError('CORPUS_MISSING', `cannot read ${source} of the corpus: ${messageOf(cause)}`, {
      hint: 'Check the disk or network that stores it.',
      cause,
    });
  }
}

async function reasonFor(beginning: Uint8Array, source: string): Promise<string | undefined> {
  const format = formatOf(source);
  const { content, packing } = format;
  if (packing === undefined) return skipReason(beginning, content);
  if (content === 'parquet' || content === 'arrow') return `${content} packed as .${packing} (unpack it)`;
  const kind = foreignKind(beginning);
  if (kind === 'Git LFS pointer' || kind === 'HTML page') return skipReason(beginning, 'lines');
  return skipReason(await firstUnpacked(beginning, format), content);
}

/**
 * First unpacked bytes of a packed file. Empty if more input is needed, or if the file is damaged;
 * reading reports that.
 */
async function firstUnpacked(beginning: Uint8Array, { packing }: Format): Promise<Uint8Array> {
  if (packing === undefined) return beginning;
  try {
    for await (const chunk of unpacked(once(beginning), packing, 'its beginning')) {
      if (chunk.length > 0) return chunk.subarray(0, BEGINNING);
    }
  } catch {
    // The beginning alone is a truncated file.
  }
  return new Uint8Array(0);
}

// oxlint-disable-next-line require-await -- a stream of one chunk
async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}

function nothingToRead(path: string, skipped: SkippedSummary): BrineError {
  const only = Object.keys(skipped.byReason);
  const text = skipped.total === 0 ? 'it has 0 files' : skippedText(skipped);
  const code = only.includes('binary')
    ? 'CORPUS_BINARY'
    : only.some((reason) => reason.startsWith('not readable'))
      ? 'CORPUS_MISSING'
      : 'CORPUS_EMPTY';
  return new BrineError(code, `the corpus ${path} has nothing to read: ${text}`, {
    hint: 'Name a file or folder with text (docs/data.md lists the supported formats).',
  });
}

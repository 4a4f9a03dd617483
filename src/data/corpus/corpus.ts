import { join } from 'node:path';
import { sha256 } from '../../base/checksum.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { packageRoot } from '../../base/files/files.ts';
import { foreignKind } from '../../base/files/foreign-kind.ts';
import { openOrdinary } from '../../base/files/ordinary-file.ts';
import type { Reading, TextPiece } from './document.ts';
import { LeftOut, leftOutText, type LeftOutSummary } from './left-out.ts';
import { formatOf, type Format } from '../readers/format.ts';
import { readFile } from '../readers/read-file.ts';
import { BEGINNING, strangerReason } from '../readers/strangers.ts';
import { unpacked } from '../readers/packed/unpacking.ts';
import { listFiles, reasonOf, type Listed } from './listing.ts';
import { nodeModulesFiles, nodeModulesReader } from './node-modules.ts';

/** The name of the demo's corpus: documentation and sources below Brine's own node_modules. */
export const NODE_MODULES = 'node_modules';

export interface CorpusFile extends Listed {
  /** Bytes as stored. */
  readonly bytes: number;
}

/** What a corpus holds, before it is read. Files are in the order in which they will be read. */
export interface Corpus {
  readonly name: string;
  readonly files: readonly CorpusFile[];
  /** What will not be read, as far as that is seen before reading. */
  readonly leftOut: LeftOutSummary;
  /** SHA-256 over names, sizes and (unless they come from a lockfile) times of change of all files. */
  readonly stamp: string;
  /** Begins a pass over the files: the reader of any one of them. */
  readonly pass: () => (file: CorpusFile, reading: Reading) => AsyncIterable<TextPiece>;
}

/**
 * Opens a file, a folder (walked whole, sorted by the bytes of the path) or the preset `node_modules`. What is not read is counted
 * by reason. Throws CORPUS_MISSING, CORPUS_EMPTY, CORPUS_BINARY.
 */
export async function openCorpus(path: string): Promise<Corpus> {
  if (path === NODE_MODULES) return openNodeModules(join(packageRoot(), NODE_MODULES));
  const leftOut = new LeftOut();
  const kept: CorpusFile[] = [];
  const times: string[] = [];
  for (const file of await listFiles(path, leftOut)) {
    const { bytes, changed, reason } = await inspect(file);
    times.push(`${file.source}\0${bytes}\0${changed}\n`);
    if (reason === undefined) kept.push({ ...file, bytes });
    else leftOut.add({ source: file.source, reason });
  }
  if (kept.length === 0) throw nothingToRead(path, leftOut.summary());
  return {
    name: path,
    files: kept,
    leftOut: leftOut.summary(),
    stamp: sha256('files\n', ...times),
    pass: () => readFile,
  };
}

/** As openCorpus, for the preset below any node_modules folder. */
export async function openNodeModules(folder: string): Promise<Corpus> {
  const files = await nodeModulesFiles(folder);
  const leftOut = new LeftOut().summary();
  if (files.length === 0) throw nothingToRead(folder, leftOut);
  const stamp = sha256('node_modules\n', ...files.map(({ source, bytes }) => `${source}\0${bytes}\n`));
  return { name: NODE_MODULES, files, leftOut, stamp, pass: nodeModulesReader };
}

interface Inspected {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
  /** Why the file is not read. */
  readonly reason: string | undefined;
}

/** Looks at a file's name and beginning. Throws CORPUS_MISSING when the file system fails. */
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
      hint: 'Check the disk or network that it lies on.',
      cause,
    });
  }
}

async function reasonFor(beginning: Uint8Array, source: string): Promise<string | undefined> {
  const format = formatOf(source);
  const { content, packing } = format;
  if (packing === undefined) return strangerReason(beginning, content);
  if (content === 'parquet' || content === 'arrow') return `${content} packed as .${packing} (unpack it)`;
  const kind = foreignKind(beginning);
  if (kind === 'Git LFS pointer' || kind === 'HTML page') return strangerReason(beginning, 'lines');
  return strangerReason(await firstUnpacked(beginning, format), content);
}

/** What the beginning of a packed file unpacks to; empty where more of it is needed, or where reading will say that it is damaged. */
async function firstUnpacked(beginning: Uint8Array, { packing }: Format): Promise<Uint8Array> {
  if (packing === undefined) return beginning;
  try {
    for await (const chunk of unpacked(once(beginning), packing, 'its beginning')) {
      if (chunk.length > 0) return chunk.subarray(0, BEGINNING);
    }
  } catch {
    // The beginning is cut, as far as the format can tell.
  }
  return new Uint8Array(0);
}

// oxlint-disable-next-line require-await -- a stream of one chunk
async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}

function nothingToRead(path: string, leftOut: LeftOutSummary): BrineError {
  const only = Object.keys(leftOut.byReason);
  const text = leftOut.total === 0 ? 'it has 0 files' : leftOutText(leftOut);
  const code = only.includes('binary')
    ? 'CORPUS_BINARY'
    : only.some((reason) => reason.startsWith('not readable'))
      ? 'CORPUS_MISSING'
      : 'CORPUS_EMPTY';
  return new BrineError(code, `the corpus ${path} holds nothing to read: ${text}`, {
    hint: 'Give a file or folder with text in it (docs/data.md says what is read).',
  });
}

import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { BrineError, messageOf } from '../../base/errors.ts';
import { readOrdinaryText } from '../../base/files/ordinary-file.ts';
import type { SkippedFiles } from './skipped-files.ts';
import { decodeUtf8 } from './text-bytes.ts';
import { metadataIn } from './metadata.ts';

export interface Listed {
  /** A Buffer if the path is not UTF-8. */
  readonly path: string | Buffer;
  /**
   * Path relative to the corpus, with "/" between folders. Bytes that are not UTF-8 are written as
   * "\xE9".
   */
  readonly source: string;
}

const SLASH = Buffer.from('/');
/**
 * A repository in the cache of the Hugging Face hub: `blobs` has the files, `snapshots` has links
 * to them.
 */
const HUB_REPOSITORY = /^(datasets|models|spaces)--/;
const HUB_SNAPSHOT = /^(.*\/(?:datasets|models|spaces)--[^/]+)\/snapshots\/[^/]+(?:\/|$)/s;
const MAX_NAME_BYTES = 4096;

/**
 * Lists the file at a path, or all files of a folder, sorted by the bytes of their paths. A link is
 * followed if its target is in the folder and not listed under its own name, or if the folder is a
 * snapshot in the hub's cache and the target is in the same repository. Everything else is counted in
 * `skipped`. Throws CORPUS_MISSING.
 */
export async function listFiles(path: string, skipped: SkippedFiles): Promise<Listed[]> {
  try {
    const top = await stat(path);
    if (top.isFile()) return [{ path: resolve(path), source: basename(path) }];
    if (!top.isDirectory()) throw new Error('it is neither a file nor a folder');
    const root = await realpath(Buffer.from(resolve(path)), { encoding: 'buffer' });
    const walk = new FolderWalk(root, skipped);
    await walk.all();
    return walk.files();
  } catch (cause) {
    throw missing(path, cause);
  }
}

function missing(path: string, cause: unknown): BrineError {
  const hint = /[*?[\]{}]/.test(path)
    ? `A corpus is one file or folder, not a glob pattern: name the folder ${dirname(path)}.`
    : 'Name a readable file or folder (docs/data.md lists the supported formats).';
  return new BrineError('CORPUS_MISSING', `cannot read the corpus ${path}: ${messageOf(cause)}`, {
    hint,
    cause,
  });
}

interface SymbolicLink {
  readonly at: Buffer;
  readonly below: Buffer;
}

class FolderWalk {
  readonly #root: Buffer;
  readonly #skipped: SkippedFiles;
  readonly #found: { below: Buffer; path: Buffer }[] = [];
  readonly #links: SymbolicLink[] = [];
  /** Real paths of listed folders and files, in latin1: one character for each byte. */
  readonly #folders = new Set<string>();
  readonly #files = new Set<string>();

  constructor(root: Buffer, skipped: SkippedFiles) {
    this.#root = root;
    this.#skipped = skipped;
  }

  async all(): Promise<void> {
    await this.#folder(this.#root, Buffer.alloc(0), this.#root);
    while (this.#links.length > 0) {
      const links = this.#links.splice(0).toSorted((a, b) => Buffer.compare(a.below, b.below));
      for (const link of links) await this.#link(link);
    }
  }

  files(): Listed[] {
    return this.#found
      .toSorted((a, b) => Buffer.compare(a.below, b.below))
      .map(({ below, path }) => ({ path: decodeUtf8(path) ?? path, source: nameOf(below) }));
  }

  /** `at` may contain links; `realAt` is the real path. */
  async #folder(at: Buffer, below: Buffer, realAt: Buffer): Promise<void> {
    this.#folders.add(realAt.toString('latin1'));
    const entries = await this.#entries(at, below);
    if (!entries) return;
    const metadata = await metadataIn(
      at,
      entries.map(({ name }) => name.toString('latin1')),
    );
    const hubReason = await hubSkipReasons(at, entries);
    for (const entry of entries) {
      const inner = below.length === 0 ? entry.name : Buffer.concat([below, SLASH, entry.name]);
      const reason =
        entry.name[0] === 0x2e
          ? 'hidden (the name begins with a dot)'
          : (metadata.get(entry.name.toString('latin1')) ?? hubReason(entry.name.toString('latin1')));
      if (reason !== undefined) this.#pass(inner, reason);
      else
        await this.#entry(entry, {
          at: joined(at, entry.name),
          below: inner,
          realAt: joined(realAt, entry.name),
        });
    }
  }

  async #entries(at: Buffer, below: Buffer): Promise<Dirent<Buffer>[] | undefined> {
    try {
      return await readdir(at, { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      const reason = below.length === 0 ? undefined : reasonOf(error);
      if (reason === undefined) throw error;
      this.#pass(below, reason);
      return undefined;
    }
  }

  async #entry(entry: Dirent<Buffer>, place: { at: Buffer; below: Buffer; realAt: Buffer }): Promise<void> {
    const { at, below, realAt } = place;
    const hasKind = entry.isDirectory() || entry.isFile() || entry.isSymbolicLink();
    const kind = hasKind ? entry : await lstat(at); // some file systems report no type
    if (kind.isDirectory()) await this.#folder(at, below, realAt);
    else if (kind.isSymbolicLink()) this.#links.push({ at, below });
    else if (kind.isFile()) this.#list(at, below, realAt);
    else this.#pass(below, 'not a regular file (pipe, socket or device)');
  }

  async #link({ at, below }: SymbolicLink): Promise<void> {
    try {
      const target = await realpath(at, { encoding: 'buffer' });
      const key = target.toString('latin1');
      const kind = await stat(target);
      if (!this.#mayRead(key)) this.#pass(below, 'link to a target outside the corpus');
      else if (this.#files.has(key) || this.#folders.has(key))
        this.#pass(below, 'link to a file or folder that is read anyway');
      else if (kind.isDirectory()) await this.#folder(at, below, target);
      else if (kind.isFile()) this.#found.push({ below, path: at });
      else this.#pass(below, 'not a regular file (pipe, socket or device)');
    } catch (error) {
      const reason = linkReasonOf(error);
      if (reason === undefined) throw error;
      this.#pass(below, reason);
    }
  }

  /** Whether a target is in the folder, or in the hub repository that the folder is a snapshot of. */
  #mayRead(target: string): boolean {
    const root = this.#root.toString('latin1');
    const [, repository] = HUB_SNAPSHOT.exec(root) ?? [];
    return [root, repository].some((tree) => tree !== undefined && `${target}/`.startsWith(`${tree}/`));
  }

  #list(at: Buffer, below: Buffer, realAt: Buffer): void {
    this.#files.add(realAt.toString('latin1'));
    this.#found.push({ below, path: at });
  }

  #pass(below: Buffer, reason: string): void {
    this.#skipped.add({ source: nameOf(below), reason });
  }
}

/**
 * Reasons for skipping entries of a hub repository. Of its snapshots, only the one in refs/main is
 * read.
 */
async function hubSkipReasons(
  at: Buffer,
  entries: readonly Dirent<Buffer>[],
): Promise<(name: string) => string | undefined> {
  const names = new Set(entries.map(({ name }) => name.toString('latin1')));
  const folder = basename(at.toString('latin1'));
  if (HUB_REPOSITORY.test(folder) && names.has('blobs') && names.has('snapshots'))
    return (name) => (name === 'blobs' || name === 'refs' ? 'storage of the hub’s cache' : undefined);
  const repository = dirname(at.toString('latin1'));
  if (folder !== 'snapshots' || !HUB_REPOSITORY.test(basename(repository))) return () => undefined;
  const main = await readOrdinaryText(nameOf(Buffer.from(`${repository}/refs/main`, 'latin1')), {
    most: MAX_NAME_BYTES,
  }).catch(() => '');
  return (name) =>
    names.has(main.trim()) && name !== main.trim() ? 'another snapshot of the hub’s cache' : undefined;
}

/** Reason for skipping a file or folder that cannot be opened; undefined for I/O errors. */
export function reasonOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return 'not readable (permission denied)';
  return code === 'ENOENT' ? 'deleted before it was read' : undefined;
}

function linkReasonOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ELOOP') return 'link in a cycle';
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'link to a missing file' : reasonOf(error);
}

function joined(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, SLASH, name]);
}

/** Printable name. */
export function nameOf(bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  return bytes
    .toString('latin1')
    .replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

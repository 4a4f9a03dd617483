import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { BrineError, messageOf } from '../../base/errors.ts';
import { readOrdinaryText } from '../../base/files/ordinary-file.ts';
import type { LeftOut } from './left-out.ts';
import { decodeUtf8 } from './text-bytes.ts';
import { metadataIn } from './metadata.ts';

export interface Listed {
  /** Bytes where a name is not UTF-8. */
  readonly path: string | Buffer;
  /** Relative to the corpus, with '/' between folders; a byte that is not UTF-8 as "\xE9". */
  readonly source: string;
}

const SLASH = Buffer.from('/');
/** A repository in the cache of the Hugging Face hub: files lie in blobs, and snapshots hold links to them. */
const HUB_REPOSITORY = /^(datasets|models|spaces)--/;
const HUB_SNAPSHOT = /^(.*\/(?:datasets|models|spaces)--[^/]+)\/snapshots\/[^/]+(?:\/|$)/s;
const MOST_NAME_BYTES = 4096;

/**
 * The file at a path, or all files of a folder in the order of the bytes of their paths. A link is followed where it leads to a file of the
 * folder that is not listed anyway, or to one of the hub's cache that the folder is a snapshot of. All else is counted in `leftOut`.
 * Throws CORPUS_MISSING.
 */
export async function listFiles(path: string, leftOut: LeftOut): Promise<Listed[]> {
  try {
    const top = await stat(path);
    if (top.isFile()) return [{ path: resolve(path), source: basename(path) }];
    if (!top.isDirectory()) throw new Error('it is neither a file nor a folder');
    const root = await realpath(Buffer.from(resolve(path)), { encoding: 'buffer' });
    const walk = new Walk(root, leftOut);
    await walk.all();
    return walk.files();
  } catch (cause) {
    throw missing(path, cause);
  }
}

function missing(path: string, cause: unknown): BrineError {
  const hint = /[*?[\]{}]/.test(path)
    ? `A corpus is one file or folder and no pattern: name the folder ${dirname(path)}.`
    : 'Give a file or folder that you may read (docs/data.md says what is read).';
  return new BrineError('CORPUS_MISSING', `cannot read the corpus ${path}: ${messageOf(cause)}`, {
    hint,
    cause,
  });
}

interface Link {
  readonly at: Buffer;
  readonly below: Buffer;
}

class Walk {
  readonly #root: Buffer;
  readonly #leftOut: LeftOut;
  readonly #found: { below: Buffer; path: Buffer }[] = [];
  readonly #links: Link[] = [];
  /** True paths of what is listed, one character a byte. */
  readonly #folders = new Set<string>();
  readonly #files = new Set<string>();

  constructor(root: Buffer, leftOut: LeftOut) {
    this.#root = root;
    this.#leftOut = leftOut;
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

  /** `at` may lead over a link, `true_` does not. */
  async #folder(at: Buffer, below: Buffer, trueAt: Buffer): Promise<void> {
    this.#folders.add(trueAt.toString('latin1'));
    const entries = await this.#entries(at, below);
    if (!entries) return;
    const passedOver = await metadataIn(
      at,
      entries.map(({ name }) => name.toString('latin1')),
    );
    const hub = await hubPart(at, entries);
    for (const entry of entries) {
      const inner = below.length === 0 ? entry.name : Buffer.concat([below, SLASH, entry.name]);
      const reason =
        entry.name[0] === 0x2e
          ? 'hidden (the name begins with a dot)'
          : (passedOver.get(entry.name.toString('latin1')) ?? hub(entry.name.toString('latin1')));
      if (reason !== undefined) this.#pass(inner, reason);
      else
        await this.#entry(entry, {
          at: joined(at, entry.name),
          below: inner,
          trueAt: joined(trueAt, entry.name),
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

  async #entry(entry: Dirent<Buffer>, place: { at: Buffer; below: Buffer; trueAt: Buffer }): Promise<void> {
    const { at, below, trueAt } = place;
    const isKnown = entry.isDirectory() || entry.isFile() || entry.isSymbolicLink();
    const kind = isKnown ? entry : await lstat(at); // some file systems do not say
    if (kind.isDirectory()) await this.#folder(at, below, trueAt);
    else if (kind.isSymbolicLink()) this.#links.push({ at, below });
    else if (kind.isFile()) this.#list(at, below, trueAt);
    else this.#pass(below, 'no ordinary file (a pipe, socket or device)');
  }

  async #link({ at, below }: Link): Promise<void> {
    try {
      const target = await realpath(at, { encoding: 'buffer' });
      const key = target.toString('latin1');
      const kind = await stat(target);
      if (!this.#mayRead(key)) this.#pass(below, 'link that leads out of the corpus');
      else if (this.#files.has(key) || this.#folders.has(key))
        this.#pass(below, 'link to what is read by its own name');
      else if (kind.isDirectory()) await this.#folder(at, below, target);
      else if (kind.isFile()) this.#found.push({ below, path: at });
      else this.#pass(below, 'no ordinary file (a pipe, socket or device)');
    } catch (error) {
      const reason = linkReasonOf(error);
      if (reason === undefined) throw error;
      this.#pass(below, reason);
    }
  }

  /** Inside of the folder, or of the repository of the hub's cache that the folder is a snapshot of. */
  #mayRead(target: string): boolean {
    const root = this.#root.toString('latin1');
    const [, repository] = HUB_SNAPSHOT.exec(root) ?? [];
    return [root, repository].some((tree) => tree !== undefined && `${target}/`.startsWith(`${tree}/`));
  }

  #list(at: Buffer, below: Buffer, trueAt: Buffer): void {
    this.#files.add(trueAt.toString('latin1'));
    this.#found.push({ below, path: at });
  }

  #pass(below: Buffer, reason: string): void {
    this.#leftOut.add({ source: nameOf(below), reason });
  }
}

/** Why an entry of a hub's repository is not walked: the snapshot that refs/main names stands for it. */
async function hubPart(
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
    most: MOST_NAME_BYTES,
  }).catch(() => '');
  return (name) =>
    names.has(main.trim()) && name !== main.trim() ? 'another snapshot of the hub’s cache' : undefined;
}

/** Why a file or folder that is there is not read; undefined for faults of the machine. */
export function reasonOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return 'not readable (permission denied)';
  return code === 'ENOENT' ? 'gone before it was read' : undefined;
}

function linkReasonOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ELOOP') return 'link that leads in a circle';
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'link that leads nowhere' : reasonOf(error);
}

function joined(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, SLASH, name]);
}

/** A name for people. */
export function nameOf(bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  return bytes
    .toString('latin1')
    .replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

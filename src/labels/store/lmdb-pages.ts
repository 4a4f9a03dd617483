import { readSync } from 'node:fs';

/**
 * An LMDB file whose B+trees are verified before it is mapped. A copy taken during writes contains
 * pages of other transactions, which LMDB would follow to arbitrary places. Format: MDB_page,
 * MDB_node, MDB_db and MDB_ovpage of the LMDB version inside `lmdb`.
 */
export interface PageFile {
  readonly file: number;
  /** Number of pages in use. */
  readonly pages: number;
  /** The transaction of the trees. None of their pages may be newer. */
  readonly transaction: bigint;
  /**
   * The two MDB_db of the meta page, which reference all other trees: free pages, and the
   * databases.
   */
  readonly trees: readonly Tree[];
}

export interface Tree {
  /** Root page; undefined when the tree is empty. */
  readonly root: number | undefined;
  /** Number of page levels. */
  readonly depth: number;
  readonly entries: number;
}

export const PAGE_BYTES = 4096;
const HEADER_BYTES = 24;
const NO_PAGE = 2n ** 64n - 1n;
const FIRST_PAGE = 2;
const [BRANCH, LEAF, BIG_DATA, SUB_TREE] = [0x01, 0x02, 0x01, 0x02];
const [NODE_BYTES, TREE_BYTES, OVERFLOW_BYTES] = [8, 48, 24];

/** Reads an MDB_db. */
export function treeAt(view: DataView, at: number): Tree {
  const root = view.getBigUint64(at + 40, true);
  return {
    root: root === NO_PAGE ? undefined : Number(root),
    depth: view.getUint16(at + 6, true),
    entries: Number(view.getBigUint64(at + 32, true)),
  };
}

/**
 * Returns why the trees of a file are invalid, or undefined. Does not read values on overflow
 * pages.
 */
export function faultOfTrees(file: PageFile): string | undefined {
  const walk = new PageWalk(file);
  try {
    for (const tree of file.trees) walk.tree(tree);
    return undefined;
  } catch (error) {
    if (error instanceof Torn) return error.message;
    throw error;
  }
}

class Torn extends Error {}

class PageWalk {
  readonly #file: PageFile;
  /** One bit for each page that a tree uses. */
  readonly #used: Uint8Array;

  constructor(file: PageFile) {
    this.#file = file;
    this.#used = new Uint8Array(Math.ceil(file.pages / 8));
  }

  tree({ root, depth, entries }: Tree): void {
    const found = root === undefined ? 0 : this.#page(root, depth);
    if (found !== entries) throw new Torn(`a tree has ${found} entries instead of ${entries}`);
  }

  /** Counts the entries below a page at height `height`. */
  #page(number: number, height: number): number {
    if (height < 1 || height > 64) throw new Torn(`page ${number} is below the leaves of its tree`);
    this.#use(number, 1);
    const view = this.#read(number);
    const flags = view.getUint16(18, true) & 0xff;
    if (flags !== (height > 1 ? BRANCH : LEAF)) throw new Torn(`page ${number} has the wrong type`);
    const [lower, upper] = [view.getUint16(20, true), view.getUint16(22, true)];
    if (lower % 2 !== 0 || lower > upper || upper > PAGE_BYTES - HEADER_BYTES)
      throw new Torn(`page ${number} has an invalid header`);
    let entries = 0;
    for (let node = 0; node < lower / 2; node++) {
      const at = HEADER_BYTES + view.getUint16(HEADER_BYTES + 2 * node, true);
      const key = at + NODE_BYTES;
      const isInside = at >= HEADER_BYTES + lower && key <= PAGE_BYTES;
      const data = isInside ? key + view.getUint16(at + 6, true) : Infinity;
      if (data > PAGE_BYTES) throw new Torn(`page ${number} has a node outside the page`);
      if (height > 1) entries += this.#page(childOf(view, at), height - 1);
      else {
        this.#value(view, { number, at, data });
        entries += 1;
      }
    }
    return entries;
  }

  #value(view: DataView, { number, at, data }: { number: number; at: number; data: number }): void {
    const flags = view.getUint16(at + 4, true);
    const bytes = view.getUint32(at, true);
    const here = (flags & BIG_DATA) !== 0 ? OVERFLOW_BYTES : (flags & SUB_TREE) !== 0 ? TREE_BYTES : bytes;
    if (data + here > PAGE_BYTES) throw new Torn(`page ${number} has a value outside the page`);
    if ((flags & BIG_DATA) !== 0) {
      const first = Number(view.getBigUint64(data, true));
      const count = Number(view.getBigUint64(data + 16, true));
      this.#checkAge(first, view.getBigUint64(data + 8, true));
      if (bytes + HEADER_BYTES > count * PAGE_BYTES)
        throw new Torn(`a value is longer than its ${count} pages`);
      this.#use(first, count);
    } else if ((flags & SUB_TREE) !== 0) this.tree(treeAt(view, data));
  }

  #use(first: number, count: number): void {
    const { pages } = this.#file;
    if (first < FIRST_PAGE || count < 1 || first + count > pages)
      throw new Torn(`page ${first} is outside the ${pages} pages in use`);
    for (let page = first; page < first + count; page++) {
      const bit = 1 << (page % 8);
      if ((this.#used[Math.floor(page / 8)]! & bit) !== 0) throw new Torn(`page ${page} is used twice`);
      this.#used[Math.floor(page / 8)]! |= bit;
    }
  }

  #read(number: number): DataView {
    const bytes = new Uint8Array(PAGE_BYTES);
    if (readSync(this.#file.file, bytes, 0, PAGE_BYTES, number * PAGE_BYTES) < PAGE_BYTES)
      throw new Torn(`page ${number} is truncated`);
    const view = new DataView(bytes.buffer);
    if (view.getBigUint64(0, true) !== BigInt(number))
      throw new Torn(`page ${number} has the number of another page`);
    this.#checkAge(number, view.getBigUint64(8, true));
    return view;
  }

  #checkAge(page: number, transaction: bigint): void {
    if (transaction > this.#file.transaction)
      throw new Torn(`page ${page} is newer than the page that references it`);
  }
}

/** The child page of a branch node: 48 bits. */
function childOf(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint16(at + 4, true) * 2 ** 32;
}

import { join } from 'node:path';
import { BrineError, messageOf } from '../../base/errors.ts';
import { fillFileWhole } from '../../base/files/files.ts';
import { readOrdinaryText } from '../../base/files/ordinary-file.ts';
import { parseWith } from '../../base/schema.ts';
import { z } from '../../base/zod.ts';

/**
 * The source of each row of a token set: the file of the corpus that most of the row's labels come from (its ids after
 * the first). Of files with equally many, the one that comes first in the row. An end-of-text id belongs to the
 * document that it ends.
 */
export interface RowSources {
  /** Names of the sources, in the order of their first rows. */
  readonly names: readonly string[];
  /** [rows]: the number of each row's source in `names`. */
  readonly of: Uint32Array;
}

/** Consecutive rows of one source. */
interface SourceRun {
  readonly source: string;
  rows: number;
}

/** Largest file of sources: about the longest string of JavaScript. */
const MAX_BYTES = 2 ** 29 - 25;

/** Name of the file with the sources, beside the shards of a token set. */
export const SOURCES_NAME = 'sources.jsonl';

/** Finds the sources of rows from a stream of ids, which is cut into rows as TokenSetWriter does. */
export class RowSourceCounter {
  readonly #labels: number;
  readonly #runs: SourceRun[] = [];
  /** Labels of the current row, by source; a Map keeps the order of the sources. */
  readonly #current = new Map<string, number>();
  /** Labels that the current row lacks, and the first id of the first row, which is no label. */
  #left: number;

  /** `rowLength` is T + 1. */
  constructor(rowLength: number) {
    this.#labels = rowLength - 1;
    this.#left = rowLength;
  }

  /** Adds the next ids of the stream, all of one source. */
  add(ids: number, source: string): void {
    let added = ids;
    if (this.#left > this.#labels && added > 0) {
      this.#left -= 1;
      added -= 1;
    }
    while (added > 0) {
      const part = Math.min(added, this.#left);
      this.#current.set(source, (this.#current.get(source) ?? 0) + part);
      this.#left -= part;
      added -= part;
      if (this.#left === 0) this.#endRow();
    }
  }

  /** The complete rows, as runs of one source. */
  get runs(): readonly Readonly<SourceRun>[] {
    return this.#runs;
  }

  #endRow(): void {
    let [source, most] = ['', 0];
    for (const [name, count] of this.#current) if (count > most) [source, most] = [name, count];
    const last = this.#runs.at(-1);
    if (last?.source === source) last.rows += 1;
    else this.#runs.push({ source, rows: 1 });
    this.#current.clear();
    this.#left = this.#labels;
  }
}

const HEAD = z.strictObject({ version: z.literal(1), data: z.string().min(1) });
const RUN = z.strictObject({ source: z.string(), rows: z.number().int().positive() });

const HINT =
  'Prepare the data again: brine prepare CORPUS --out FOLDER --overwrite. Its rows, and all labels and scores, stay valid.';

/**
 * Writes the sources of the rows of the token set in `folder`, one run of rows a line. `data` is the identity of the
 * token set. Throws FILE_UNWRITABLE.
 */
export function writeRowSources(
  folder: string,
  { data, runs }: { readonly data: string; readonly runs: readonly Readonly<SourceRun>[] },
): Promise<void> {
  return fillFileWhole(join(folder, SOURCES_NAME), async (file) => {
    await file.writeFile(`${JSON.stringify({ version: 1, data })}\n`);
    for (let begin = 0; begin < runs.length; begin += 1024) {
      const lines = runs.slice(begin, begin + 1024).map((run) => `${JSON.stringify(run)}\n`);
      await file.writeFile(lines.join(''));
    }
  });
}

/**
 * Reads the sources of the rows of the token set in `folder`. Throws FILE_MISSING for data that an earlier version
 * prepared, FILE_DAMAGED, and DATA_MISMATCH for the sources of another token set.
 */
export async function readRowSources(
  folder: string,
  { identity, rows }: { readonly identity: string; readonly rows: number },
): Promise<RowSources> {
  const path = join(folder, SOURCES_NAME);
  const text = await readOrdinaryText(path, { most: MAX_BYTES }).catch((cause: unknown) => {
    throw new BrineError('FILE_MISSING', `cannot read the sources of the rows: ${messageOf(cause)}`, {
      hint: HINT,
      cause,
    });
  });
  const [head = '', ...lines] = text.trimEnd().split('\n');
  checkHead(head, { path, identity });
  const numbers = new Map<string, number>();
  const of = new Uint32Array(rows);
  let filled = 0;
  for (const line of lines) {
    const run = parsed(RUN, line, path);
    if (filled + run.rows > rows) throw damaged(path, `it has more than ${rows} rows`);
    const number = numbers.get(run.source) ?? numbers.size;
    numbers.set(run.source, number);
    of.fill(number, filled, filled + run.rows);
    filled += run.rows;
  }
  if (filled < rows) throw damaged(path, `it has ${filled} of ${rows} rows`);
  return { names: [...numbers.keys()], of };
}

function checkHead(line: string, { path, identity }: { path: string; identity: string }): void {
  const { data } = parsed(HEAD, line, path);
  if (data === identity) return;
  throw new BrineError(
    'DATA_MISMATCH',
    `${path} belongs to data set ${data.slice(0, 8)}…, but its folder contains ${identity.slice(0, 8)}…`,
    { hint: HINT },
  );
}

function parsed<T>(schema: Parameters<typeof parseWith<T>>[0], line: string, path: string): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw damaged(path, 'a line is not JSON');
  }
  return parseWith(schema, value, { what: path, code: 'FILE_DAMAGED', hint: HINT });
}

function damaged(path: string, why: string): BrineError {
  return new BrineError('FILE_DAMAGED', `the sources of the rows in ${path} cannot be used: ${why}`, {
    hint: HINT,
  });
}

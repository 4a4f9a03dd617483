import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { open } from 'lmdb';
import { within } from '../../base/deadline.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { roomAt, syncFolder } from '../../base/files/files.ts';
import { parseWith } from '../../base/schema.ts';
import { z, type Z } from '../../base/zod.ts';
import { canonicalText, refuseMismatch, type LabelIdentity } from '../identity.ts';
import { faultOfDataFile, faultOfLinks } from './lmdb-file.ts';
import { PAGE_BYTES } from './lmdb-pages.ts';
import { storeClosed, type LabelStore } from './store.ts';

export interface StoreOptions {
  /** Identity of the labels. An existing store must have the same; a new store records it. */
  readonly identity: LabelIdentity;
  /** Who opens the store, for errors, such as "this run". */
  readonly asker?: string;
  /** Opens an existing store only, and refuses writes. */
  readonly readOnly?: boolean;
}

/**
 * Opens the label cache in a folder. Throws FILE_MISSING (read-only and absent), FILE_DAMAGED (not
 * a label cache), FILE_UNWRITABLE, and the mismatches of describeMismatch when its identity
 * differs. Existing contents are then unchanged.
 */
export async function openLmdbStore(folder: string, options: StoreOptions): Promise<LabelStore> {
  const { identity, asker = 'this run', readOnly = false } = options;
  const fresh = !existsSync(join(folder, DATA_FILE));
  if (fresh && readOnly) throw missing(folder);
  const database = await openDatabase(folder, { fresh, readOnly });
  try {
    const stored = readIdentity(database, folder);
    if (stored === undefined) {
      if (!fresh && database.labels.getCount() > 0) throw foreign(folder, 'it has no identity');
      if (readOnly) throw missing(folder);
      await database.meta.put(IDENTITY_KEY, JSON.stringify(identity));
      await syncFolder(folder);
      await syncFolder(dirname(resolve(folder)));
    } else if (canonicalText(stored) !== canonicalText(identity)) {
      refuseMismatch({ name: `the label cache at ${folder}`, identity: stored }, { name: asker, identity });
    }
  } catch (error) {
    await database.root.close();
    throw error;
  }
  return storeOver(database, { folder, readOnly });
}

/** Reads the identity of the label cache in a folder. Throws FILE_MISSING, FILE_DAMAGED. */
export async function readStoreIdentity(folder: string): Promise<LabelIdentity> {
  if (!existsSync(join(folder, DATA_FILE))) throw missing(folder);
  const database = await openDatabase(folder, { fresh: false, readOnly: true });
  try {
    const stored = readIdentity(database, folder);
    if (stored === undefined) throw foreign(folder, 'it has no identity');
    return stored;
  } finally {
    await database.root.close();
  }
}

const DATA_FILE = 'data.mdb';
const IDENTITY_KEY = 'identity';

type Database = Awaited<ReturnType<typeof openDatabase>>;

async function openDatabase(folder: string, { fresh, readOnly }: { fresh: boolean; readOnly: boolean }) {
  const linked = faultOfLinks(folder);
  if (linked !== undefined) {
    throw foreign(folder, linked, 'Replace it with an ordinary file; the folder itself may be a link.');
  }
  if (!fresh) {
    const fault = faultOfDataFile(join(folder, DATA_FILE));
    if (fault !== undefined) throw foreign(folder, fault);
  }
  try {
    if (!readOnly) await mkdir(folder, { recursive: true });
    const root = open({
      path: folder,
      noSubdir: false,
      maxDbs: 4,
      readOnly,
      cache: false,
      pageSize: PAGE_BYTES,
      // Otherwise a commit resolves before its fsync, a failed fsync settles nothing, and after a
      // power loss the file may be shorter than its newest meta page says.
      overlappingSync: false,
      // Otherwise lmdb loses the promise of each turn's batch, and the rejection of a failed commit
      // ends the process.
      eventTurnBatching: false,
    });
    const meta = root.openDB<string, string>({ name: 'meta', encoding: 'string' });
    const labels = root.openDB<Buffer, number>({ name: 'labels', encoding: 'binary', keyEncoding: 'uint32' });
    if (isThere(meta) && isThere(labels)) return { root, meta, labels };
    await root.close();
    throw new Error('it contains no labels');
  } catch (cause) {
    if (!fresh) throw foreign(folder, messageOf(cause));
    throw new BrineError('FILE_UNWRITABLE', `cannot create a label cache at ${folder}: ${messageOf(cause)}`, {
      hint: 'Check free space and permissions, or name another folder.',
      cause,
    });
  }
}

/** A missing database is undefined when opened for reading, contrary to its type. */
function isThere(database: unknown): boolean {
  return database !== undefined;
}

const hash = z.string().min(1);
const temperature = z.number().positive();
const identitySchema: Z.ZodType<LabelIdentity> = z.strictObject({
  tokenizer: hash,
  data: hash,
  teacher: hash,
  rule: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('sampled'),
      draws: z.number().int().positive(),
      temperature,
      seed: z.number().int(),
    }),
    z.strictObject({ kind: z.literal('topk'), k: z.number().int().positive(), temperature }),
    z.strictObject({ kind: z.literal('dense'), temperature }),
    z.strictObject({ kind: z.literal('context') }),
  ]),
});

function readIdentity({ meta }: Database, folder: string): LabelIdentity | undefined {
  const text = meta.get(IDENTITY_KEY);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw foreign(folder, 'its identity is not JSON');
  }
  return parseWith(identitySchema, value, {
    what: `the identity of the label cache at ${folder}`,
    code: 'FILE_DAMAGED',
  });
}

/**
 * Group commit: all puts of one turn of the event loop, and those that arrive while an earlier
 * transaction is being written, share a transaction. Its pages are written and synced by one
 * fdatasync. A synchronous write of the meta page then makes them current and resolves the puts.
 */
function storeOver({ root, labels }: Database, { folder, readOnly }: Opened): LabelStore {
  let isOpen = true;
  const use = () => {
    if (!isOpen) throw storeClosed();
    return labels;
  };
  return {
    get: (row) => use().getBinary(row),
    has: (row) => use().doesExist(row),
    put: async (row, record) => {
      if (readOnly) throw onlyRead(row, 'put into');
      const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
      await committed(use().put(row, bytes), folder);
    },
    delete: async (row) => {
      if (readOnly) throw onlyRead(row, 'deleted from');
      await committed(use().remove(row), folder);
    },
    count: () => use().getCount(),
    rows: (first = 0) => use().getKeys({ start: first }),
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await root.close();
    },
  };
}

interface Opened {
  readonly folder: string;
  readonly readOnly: boolean;
}

async function committed(commit: Promise<unknown>, folder: string): Promise<void> {
  try {
    await commit;
  } catch (cause) {
    const why = await reason(cause);
    throw new BrineError(
      'FILE_UNWRITABLE',
      `the label cache at ${folder} cannot be written: ${why}${roomAt(folder)}`,
      {
        hint: 'Check free space. Records stored before are unchanged.',
        cause,
      },
    );
  }
}

/**
 * Waits for the actual cause: lmdb attaches a promise to its error that rejects with it. Left
 * unhandled, that rejection ends the process.
 */
async function reason(cause: unknown): Promise<string> {
  const inner = cause instanceof Error && 'commitError' in cause ? cause.commitError : undefined;
  const unknown = () => cause as Error;
  return within(Promise.resolve(inner), REASON_MS, unknown).then(() => messageOf(cause), messageOf);
}

const REASON_MS = 1000;

function onlyRead(row: number, what: string): BrineError {
  return new BrineError(
    'BAD_ARGUMENT',
    `row ${row} cannot be ${what} a label cache that is open for reading`,
    {
      hint: 'Open the cache for writing to draw new labels.',
    },
  );
}

function missing(folder: string): BrineError {
  return new BrineError('FILE_MISSING', `there is no label cache at ${folder}`, {
    hint: 'Name the folder of a run that filled one, or run without --replay to draw labels.',
  });
}

const RESTORE =
  'Restore the folder from a copy, or move it away and draw the labels again. To copy a cache in use, run: brine cache merge FOLDER --out COPY';

function foreign(folder: string, why: string, hint = RESTORE): BrineError {
  return new BrineError('FILE_DAMAGED', `${folder} is not an intact label cache: ${why}`, { hint });
}

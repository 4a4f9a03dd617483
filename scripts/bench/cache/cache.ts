/**
 * The soft-label cache between real processes on this machine. Medians over rounds.
 *   served     tokens a second to one student over tcp on loopback, decoded by its client: rows of
 *              512 positions with 50 draws, from a filled LMDB cache that a second process replays,
 *              in batches of 16 rows with the next 128 announced
 *   durable    records of 64 KiB a second into the LMDB store, `atOnce` pending, each awaited until
 *              it is durable
 *   delivered  the same through a server: four clients in a teacher process, leases of 32 rows, two
 *              unacknowledged deliveries each
 *   disk       alternating with durable: the same bytes written to one file, in pieces as large as
 *              the pending records, with fdatasync after each. An upper bound for this sync rate
 *
 *     npm run -s bench -- cache --json
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { openLmdbStore } from '../../../src/labels/store/lmdb.ts';
import { median, threeDigits } from '../figures.ts';
import { startProcess, type LineProcess } from '../lines.ts';
import { likeATeachers, of64KiB, POSITIONS } from './records.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';

export interface CacheFigures extends Record<string, unknown> {
  readonly bench: 'cache';
  readonly servedTokensPerSecond: number;
  /** Mean size of the served records. */
  readonly bytesPerToken: number;
  readonly durableRecordsPerSecond: number;
  /** Size of a durable record. */
  readonly recordBytes: number;
  /** Number of pending puts. */
  readonly atOnce: number;
  readonly deliveredRecordsPerSecond: number;
  readonly diskRecordsPerSecond: number;
  /** Median over rounds of durable divided by disk. */
  readonly versus: { readonly diskLimit: number };
}

interface Sizes {
  readonly rows: number;
  readonly records: number;
  readonly atOnce: number;
  readonly rounds: number;
}

const RECORD_BYTES = 65_536;
const BATCH_ROWS = 16;

/** Settings: rows=512 (served repeatedly), records=2048 (durable, each round), atOnce=256, rounds=7. */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<CacheFigures> {
  const setting = numbersOf(settings);
  const sizes = {
    rows: setting('rows', 512),
    records: setting('records', 2048),
    atOnce: setting('atOnce', 256),
    rounds: setting('rounds', 7),
  };
  yield await scoped(async (scope) => {
    const folder = await mkdtemp(join(tmpdir(), 'brine-bench-'));
    scope.defer(() => rm(folder, { recursive: true, force: true }));
    const served = await measureServed(folder, sizes);
    const { durable, disk } = await measureDurable(folder, sizes);
    return {
      bench: 'cache',
      servedTokensPerSecond: Math.round(served.tokensPerSecond),
      bytesPerToken: threeDigits(served.bytesPerToken),
      durableRecordsPerSecond: Math.round(median(durable)),
      recordBytes: RECORD_BYTES,
      atOnce: sizes.atOnce,
      deliveredRecordsPerSecond: Math.round(await measureDelivered(folder, sizes)),
      diskRecordsPerSecond: Math.round(median(disk)),
      versus: { diskLimit: threeDigits(median(durable.map((rate, i) => rate / disk[i]!))) },
    };
  });
}

function measureServed(folder: string, { rows, rounds }: Sizes) {
  return scoped(async (scope) => {
    const path = join(folder, 'served');
    const bytes = await fill(path, rows);
    const { endpoint } = await start(['serve', `${rows}`, path], scope).receive<{ endpoint: string }>();
    const student = start(['student', `${rows}`, endpoint], scope);
    await student.receive();
    const batches = Math.max(1, Math.round(rows / BATCH_ROWS));
    const rates: number[] = [];
    for (let round = -2; round < rounds; round += 1) {
      student.send({ repeats: batches });
      const { seconds } = await student.receive<{ seconds: number }>();
      if (round >= 0) rates.push((batches * BATCH_ROWS * POSITIONS) / seconds); // the first two rounds warm up
    }
    return { tokensPerSecond: median(rates), bytesPerToken: bytes / rows / POSITIONS };
  });
}

/** Fills a cache with labels like a teacher's; returns their size. */
function fill(path: string, rows: number): Promise<number> {
  return scoped(async (scope) => {
    const { identity, recordOf } = likeATeachers(rows);
    const store = scope.use(await openLmdbStore(path, { identity }));
    const records = Array.from({ length: rows }, (_, row) => recordOf(row));
    await Promise.all(records.map((record, row) => store.put(row, record)));
    return records.reduce((sum, { length }) => sum + length, 0);
  });
}

async function measureDurable(folder: string, sizes: Sizes): Promise<{ durable: number[]; disk: number[] }> {
  const [durable, disk]: number[][] = [[], []];
  for (let round = -1; round < sizes.rounds; round += 1) {
    const stored = await storeRecords(join(folder, 'durable'), sizes);
    const written = await writeAndSync(join(folder, 'raw'), sizes);
    if (round < 0) continue; // the first round warms up
    durable!.push(stored);
    disk!.push(written);
  }
  return { durable: durable!, disk: disk! };
}

/** Measures records a second into a new store. */
async function storeRecords(path: string, { records, atOnce }: Sizes): Promise<number> {
  const made = Array.from({ length: atOnce }, (_, i) => new Uint8Array(RECORD_BYTES).fill(i + 1));
  const rate = await scoped(async (scope) => {
    const store = scope.use(await openLmdbStore(path, { identity: of64KiB(0).identity }));
    let next = 0;
    const putSome = async (record: Uint8Array) => {
      while (next < records) await store.put(next++, record);
    };
    const began = performance.now();
    await Promise.all(made.map(putSome));
    return (records / (performance.now() - began)) * 1000;
  });
  await rm(path, { recursive: true });
  return rate;
}

/** Measures the disk with the same bytes, synced after as many as are pending in the store. */
async function writeAndSync(path: string, { records, atOnce }: Sizes): Promise<number> {
  const piece = new Uint8Array(RECORD_BYTES * atOnce).fill(7);
  const file = await open(path, 'w');
  try {
    const began = performance.now();
    for (let at = 0; at < records; at += atOnce) {
      await file.writeFile(piece.subarray(0, RECORD_BYTES * Math.min(atOnce, records - at)));
      await file.datasync();
    }
    return (records / (performance.now() - began)) * 1000;
  } finally {
    await file.close();
    await rm(path);
  }
}

/** Measures records a second through a server. */
async function measureDelivered(folder: string, { records, rounds }: Sizes): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < Math.min(3, rounds); round += 1) {
    await scoped(async (scope) => {
      const path = join(folder, `delivered-${round}`);
      const { endpoint } = await start(['take', `${records}`, path], scope).receive<{ endpoint: string }>();
      const teachers = start(['teachers', `${records}`, endpoint], scope);
      await teachers.receive();
      teachers.send({});
      rates.push(records / (await teachers.receive<{ seconds: number }>()).seconds);
    });
  }
  return median(rates);
}

function start(words: readonly string[], scope: Scope): LineProcess {
  const program = fileURLToPath(new URL('./client-process.js', import.meta.url));
  return startProcess([process.execPath, program, ...words], scope);
}

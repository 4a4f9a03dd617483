/**
 * One process of the cache benchmark, driven by JSON lines from cache.ts. argv: its kind, then
 *   serve ROWS FOLDER       replays a filled cache with labels like a teacher's
 *   take ROWS FOLDER        accepts records of 64 KiB from teachers into a new cache
 *   student ROWS ENDPOINT   fetches batches in order, with the next rows announced; "repeats" is
 *                           the number of batches
 *   teachers ROWS ENDPOINT  delivers all rows with several clients
 * Servers print their endpoint, the others "ready". Then each line is answered with seconds.
 */
import { connectLabels } from '../../../src/labels/client/client.ts';
import { connectLeases, type LeaseClient } from '../../../src/labels/client/leases.ts';
import { openLmdbStore } from '../../../src/labels/store/lmdb.ts';
import { openLabelServer } from '../../../src/labels/server/server.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { lineReader, print } from '../lines.ts';
import { likeATeachers, of64KiB } from './records.ts';

/** Rows of a student's batch, rows that it has announced ahead, and rows of a teacher's lease. */
const BATCH_ROWS = 16;
const NAMED_ROWS = 128;
const LEASE_ROWS = 32;
const TEACHERS = 4;
const DELIVERIES = 2;

const [what, rowsText, where = ''] = process.argv.slice(2);
const rows = Number(rowsText);
const transport = zmqTransport();
const receive = lineReader();

if (what === 'serve' || what === 'take') await serve();
else if (what === 'student') await student();
else await teachers();
await transport.close();
process.stdin.destroy();

async function serve(): Promise<void> {
  const replay = what === 'serve';
  const { identity, tokens } = replay ? likeATeachers(rows) : of64KiB(rows);
  const store = await openLmdbStore(where, { identity, readOnly: replay });
  const server = await openLabelServer({
    transport,
    endpoint: 'tcp://127.0.0.1:*',
    store,
    identity,
    tokens,
    replay,
    demand: { length: rows, at: (index) => index },
    aheadRows: 2 * rows + LEASE_ROWS,
  });
  print({ endpoint: server.endpoint });
  await receive();
  await server.close();
  await store.close();
}

async function student(): Promise<void> {
  const { identity, tokens } = likeATeachers(rows);
  const labels = await connectLabels({ transport, endpoints: [where], identity, tokens });
  print({ ready: true });
  let [batch, named] = [0, 0];
  const batchOf = (index: number) =>
    Array.from({ length: BATCH_ROWS }, (_, i) => (index * BATCH_ROWS + i) % rows);
  for (;;) {
    const request = await receive<{ repeats: number }>();
    if (request === undefined) break;
    const began = performance.now();
    for (const last = batch + request.repeats; batch < last; batch += 1) {
      for (; named < batch + NAMED_ROWS / BATCH_ROWS; named += 1) labels.prefetch(batchOf(named));
      await labels.fetch(batchOf(batch));
    }
    print({ seconds: (performance.now() - began) / 1000 });
  }
  await labels.close();
}

async function teachers(): Promise<void> {
  const { identity, recordOf } = of64KiB(rows);
  const records = Array.from({ length: rows }, (_, row) => recordOf(row));
  const clients = await Promise.all(
    Array.from({ length: TEACHERS }, () => connectLeases({ transport, endpoints: [where], identity })),
  );
  print({ ready: true });
  await receive();
  const began = performance.now();
  let stored = 0;
  await new Promise<void>((resolve, reject) => {
    const count = (some: number) => {
      stored += some;
      if (stored === rows) resolve();
    };
    for (const leases of clients) deliverAll(leases, records, count).catch(reject);
  });
  print({ seconds: (performance.now() - began) / 1000 });
  await Promise.all(clients.map((leases) => leases.close()));
}

/** Runs until the client is closed. */
async function deliverAll(
  leases: LeaseClient,
  records: readonly Uint8Array[],
  stored: (rows: number) => void,
): Promise<void> {
  const underWay: Promise<void>[] = [];
  for (let lease = await leases.next(LEASE_ROWS); lease; lease = await leases.next(LEASE_ROWS)) {
    const { rows: leased } = lease;
    const some = leased.map((row) => records[row]!);
    underWay.push(leases.deliver(lease, some).then(() => stored(leased.length)));
    if (underWay.length >= DELIVERIES) await underWay.shift();
  }
  await Promise.all(underWay);
}

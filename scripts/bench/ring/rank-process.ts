/**
 * One process of the ring benchmark, driven by JSON lines from ring.ts. argv: kind (ring or raw),
 * rank, size, MiB, address, chunk bytes, wire, lanes. It prints its endpoints, receives the next
 * process's, and then answers each "repeats" line with the seconds of each sum, the processor time
 * of one, and its memory.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { connectionOptions, openRingInbox } from '../../../src/ring/place.ts';
import { openRing } from '../../../src/ring/open-ring.ts';
import type { Wire } from '../../../src/ring/wire.ts';
import type { Inbox } from '../../../src/transport/transport.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { lineReader, print } from '../lines.ts';

/** Runs one measured exchange. */
type Exchange = (step: number) => Promise<void>;

const MEBI = 1024 * 1024;
const [what, rankText, sizeText, mibText, address, chunkText, wire, lanesText] = process.argv.slice(2);
const [rank, size, bytes] = [Number(rankText), Number(sizeText), Number(mibText) * MEBI];
const chunkBytes = Number(chunkText);

const transport = zmqTransport();
const inboxes: Inbox[] = [];
for (let lane = 0; lane < Number(lanesText); lane++) {
  const own = lane === 0 || address!.endsWith(':*') ? address! : `${address}-${lane}`;
  inboxes.push(await openRingInbox(transport, own, { size, chunkBytes }));
}
print({ endpoint: inboxes.map(({ endpoint }) => endpoint).join() });
const receive = lineReader();
const { next } = (await receive<{ next: string }>())!;
const exchange = what === 'raw' ? await rawStream(next.split(',')) : await ring(next);
for (let step = 0, more = true; more;) {
  const { repeats } = (await receive<{ repeats: number }>()) ?? { repeats: 0 };
  more = repeats > 0;
  const before = residentMiB('VmRSS');
  writeFileSync('/proc/self/clear_refs', '5');
  const seconds: number[] = [];
  const usage = process.resourceUsage();
  for (let i = 0; i < repeats; i++) {
    const begin = performance.now();
    await exchange(step++);
    seconds.push((performance.now() - begin) / 1000);
  }
  const cpuSeconds = cpuSecondsSince(usage) / repeats;
  if (more) print({ seconds, cpuSeconds, beforeMiB: before, peakMiB: residentMiB('VmHWM') });
}
await transport.close();
process.stdin.destroy();

async function ring(nextEndpoint: string): Promise<Exchange> {
  const inbox = inboxes[0]!;
  const place = { run: 'bench', generation: 1, rank, size };
  const open = { transport, inbox, nextEndpoint, deadlineMs: 30_000, chunkBytes, wire: wire as Wire };
  const all = await openRing({ ...place, ...open });
  // Each sum multiplies the values by the number of ranks, so they start small to stay finite.
  const buckets = [Float32Array.from({ length: bytes / 4 }, (_, i) => 1e-30 * (1 + rank + (i % 7)))];
  return async (step) => {
    await all.allReduce(step, buckets);
  };
}

/**
 * Exchanges frames with the other process in both directions at once, as many bytes each way as the
 * buckets contain, distributed round-robin over the lanes.
 */
async function rawStream(endpoints: readonly string[]): Promise<Exchange> {
  const outboxes = await Promise.all(
    endpoints.map((endpoint) => transport.outbox(endpoint, connectionOptions(size, chunkBytes))),
  );
  const lanes = outboxes.length;
  const chunks = Array.from({ length: bytes / chunkBytes }, () => new Uint8Array(chunkBytes).fill(rank + 1));
  return async () => {
    const sent = Promise.all(chunks.map((chunk, i) => outboxes[i % lanes]!.send([chunk])));
    for (let i = 0; i < chunks.length; i++) await inboxes[i % lanes]!.receive();
    await sent;
  };
}

/** Processor time of all threads, in user and kernel mode. */
function cpuSecondsSince({ userCPUTime, systemCPUTime }: NodeJS.ResourceUsage): number {
  const now = process.resourceUsage();
  return (now.userCPUTime - userCPUTime + now.systemCPUTime - systemCPUTime) / 1e6;
}

function residentMiB(field: 'VmRSS' | 'VmHWM'): number {
  const match = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(match?.[1]) / 1024;
}

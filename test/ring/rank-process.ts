/**
 * A rank as a process of its own; argv is rank, size, steps, address. It writes JSON lines: its
 * endpoint, then, after reading the next rank's endpoint, a line for each sum with its `crc`, and
 * its error.
 */
import { createInterface } from 'node:readline';
import { crc32 } from '../../src/base/checksum.ts';
import { BrineError } from '../../src/base/errors.ts';
import { openRingInbox } from '../../src/ring/place.ts';
import { openRing } from '../../src/ring/open-ring.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { bucketsOf, bytesOf } from './rings.ts';

const rank = Number(process.argv[2]);
const size = Number(process.argv[3]);
const steps = Number(process.argv[4]);
const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const transport = zmqTransport();
const inbox = await openRingInbox(transport, process.argv[5]!, { size });
print({ endpoint: inbox.endpoint });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { nextEndpoint } = JSON.parse(String((await lines.next()).value)) as { nextEndpoint: string };
try {
  const ring = await openRing({
    run: 'processes',
    generation: 1,
    rank,
    size,
    transport,
    inbox,
    nextEndpoint,
    deadlineMs: 3000,
  });
  for (let step = 1; step <= steps; step++) {
    const buckets = bucketsOf([300_000, 5], rank + step);
    await ring.allReduce(step, buckets);
    print({ step, crc: bytesOf(buckets).reduce((crc, bytes) => crc32(bytes, crc), 0) });
  }
  await ring.close();
} catch (error) {
  print({ code: error instanceof BrineError ? error.code : 'none', message: String(error) });
}
await transport.close();
process.stdin.destroy();

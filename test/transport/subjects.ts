/** The transports under test: in memory, ZeroMQ over tcp and ZeroMQ over ipc, each with and without keys. */
import { mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import { readSecurity, writeKeys } from '../../src/security/folder.ts';
import type { Security } from '../../src/security/security.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import type { Frame, Transport } from '../../src/transport/transport.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';

/** A transport under test. */
export interface Subject {
  readonly name: string;
  open(): Transport;
  address(): string;
}

const folder = mkdtempSync(join(tmpdir(), 'brine-transport-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const network = memoryNetwork();
let sockets = 0;

const keys = join(folder, 'keys');
await writeKeys(keys);
const security = await readSecurity(keys, 'student');

/** A transport whose ends all have the same role. */
function among(transport: Transport): Transport {
  const roles = { admit: ['student'], expect: 'student' } as const;
  return {
    serve: (endpoint, options) => transport.serve(endpoint, { ...roles, ...options }),
    dial: (endpoint, options) => transport.dial(endpoint, { ...roles, ...options }),
    inbox: (endpoint, options) => transport.inbox(endpoint, { ...roles, ...options }),
    outbox: (endpoint, options) => transport.outbox(endpoint, { ...roles, ...options }),
    close: () => transport.close(),
  };
}

const hasIpv6 = Object.values(networkInterfaces()).some((device) =>
  device?.some(({ family }) => family === 'IPv6'),
);
const PLACES = [
  {
    name: 'memory',
    open: (options: { security?: Security }) => memoryTransport(network, options),
    address: () => 'memory://*',
  },
  { name: 'zmq tcp', open: zmqTransport, address: () => 'tcp://127.0.0.1:*' },
  { name: 'zmq tcp by IPv6', open: zmqTransport, address: () => 'tcp://[::1]:*' },
  { name: 'zmq ipc', open: zmqTransport, address: () => `ipc://${join(folder, `${sockets++}`)}` },
].filter(({ address }) => hasIpv6 || !address().includes('::'));
export const SUBJECTS: readonly Subject[] = PLACES.flatMap(({ name, open, address }) => [
  { name, open: () => open({}), address },
  { name: `${name} with keys`, open: () => among(open({ security })), address },
]);

export const bytes = (text: string): Frame => new TextEncoder().encode(text);
export const texts = (frames: readonly Frame[]) => frames.map((frame) => new TextDecoder().decode(frame));
export const hasCode = (code: string) => (error: unknown) =>
  error instanceof BrineError && error.code === code;
export const lostOf = (end: { onLost(listener: (reason: string) => void): void }) =>
  new Promise<string>((resolve) => end.onLost(resolve));

/** Runs `work` with a transport, and closes the transport. */
export async function using(subject: Subject, work: (transport: Transport) => Promise<void>): Promise<void> {
  const transport = subject.open();
  try {
    await work(transport);
  } finally {
    await transport.close();
  }
}

/**
 * A label cache over the in-memory transport, with students and with teachers that deliver
 * synthetic labels.
 */
import assert from 'node:assert/strict';
import type { Scope } from '../../src/base/scope.ts';
import { connectLabels, type LabelClient } from '../../src/labels/client/client.ts';
import type { LabelIdentity } from '../../src/labels/identity.ts';
import { connectLeases, type Lease, type LeaseClient } from '../../src/labels/client/leases.ts';
import { memoryStore } from '../../src/labels/store/memory.ts';
import { encodeRecord } from '../../src/labels/record/record.ts';
import { openLabelServer, type LabelEvent, type LabelServerOptions } from '../../src/labels/server/server.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import { formOf, IDENTITY, rowLabels, rowTokens } from './fixtures.ts';

export const SHAPE = { positions: 6, vocabulary: 500 };
export const TOKENS = {
  rows: 64,
  rowLength: 7,
  vocabularySize: 500,
  read: (row: number) => rowTokens(row, SHAPE),
};
const inOrder = { length: 64, at: (index: number) => index };

export function record(row: number, identity: LabelIdentity = IDENTITY): Uint8Array {
  return encodeRecord(rowLabels({ row, ...SHAPE, identity }), formOf({ row, ...SHAPE, identity }));
}

export async function cache(scope: Scope, options: Partial<LabelServerOptions> = {}) {
  const transport = options.transport ?? scope.use(memoryTransport(memoryNetwork()));
  const events: LabelEvent[] = [];
  const listeners: (() => void)[] = [];
  const store = options.store ?? memoryStore();
  const server = await openLabelServer({
    transport,
    endpoint: 'memory://*',
    store,
    identity: IDENTITY,
    tokens: TOKENS,
    demand: inOrder,
    observe: (event) => {
      events.push(event);
      for (const listener of listeners.splice(0)) listener();
    },
    ...options,
  });
  scope.defer(() => server.close());
  const common = { transport, endpoints: [server.endpoint], identity: IDENTITY };
  return {
    ...common,
    endpoint: server.endpoint,
    server,
    store,
    events,
    student: async (more: object = {}) =>
      scope.use(await connectLabels({ ...common, tokens: TOKENS, ...more })),
    teacher: async (more: object = {}) => scope.use(await connectLeases({ ...common, ...more })),
    event: async (kind: LabelEvent['kind']): Promise<LabelEvent> => {
      for (;;) {
        const found = events.find((event) => event.kind === kind);
        if (found) return found;
        await new Promise<void>((resolve) => listeners.push(resolve));
      }
    },
  };
}

export async function leaseOf(teacher: LeaseClient, most: number): Promise<Lease> {
  const lease = await teacher.next(most);
  assert.ok(lease);
  return lease;
}

export const label = (teacher: LeaseClient, lease: Lease) =>
  teacher.deliver(
    lease,
    lease.rows.map((row) => record(row)),
  );

/** Labels every leased row until the cache ends. */
export async function teach(teacher: LeaseClient): Promise<void> {
  for (let lease = await teacher.next(4); lease !== undefined; lease = await teacher.next(4))
    await label(teacher, lease);
}

export const rowsOf = async (student: LabelClient, rows: readonly number[]) =>
  (await student.fetch(rows)).map((labels) => labels?.row);

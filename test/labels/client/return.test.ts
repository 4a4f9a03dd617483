/** Restarted servers, lost teachers, several servers, and rows without labels. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { connectLabels } from '../../../src/labels/client/client.ts';
import { connectLeases } from '../../../src/labels/client/leases.ts';
import { memoryStore } from '../../../src/labels/store/memory.ts';
import { ownerOf } from '../../../src/labels/placement.ts';
import {
  openLabelServer,
  type LabelServer,
  type LabelServerOptions,
} from '../../../src/labels/server/server.ts';
import { memoryNetwork, memoryTransport } from '../../../src/transport/memory.ts';
import type { Server, Transport } from '../../../src/transport/transport.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { IDENTITY } from '../fixtures.ts';
import { cache, label, leaseOf, record, rowsOf, teach, TOKENS } from '../served.ts';

const inOrder = { length: TOKENS.rows, at: (index: number) => index };

/**
 * A transport whose servers can be killed: they disappear without a farewell, like a killed
 * process.
 */
function killable(transport: Transport): { transport: Transport; kill: () => Promise<void> } {
  const served = new Set<Server>();
  return {
    transport: {
      ...transport,
      async serve(endpoint, options) {
        const server = await transport.serve(endpoint, options);
        served.add(server);
        return server;
      },
    },
    kill: async () => {
      await Promise.all(Array.from(served, (server) => server.close()));
      served.clear();
    },
  };
}

const TRANSPORTS = [
  { name: 'memory', open: () => memoryTransport(memoryNetwork()), address: 'memory://*' },
  { name: 'zmq tcp', open: zmqTransport, address: 'tcp://127.0.0.1:*' },
];

for (const { name, open, address } of TRANSPORTS) {
  test(`over ${name}: a killed and restarted server loses nothing, and its peers reconnect`, () =>
    scoped(async (scope) => {
      const store = memoryStore();
      const { transport, kill } = killable(scope.use(open()));
      const serve = (endpoint: string) =>
        openLabelServer({ transport, endpoint, store, identity: IDENTITY, tokens: TOKENS, demand: inOrder });
      const first = await serve(address);
      const common = { transport, endpoints: [first.endpoint], identity: IDENTITY };
      const student = scope.use(await connectLabels({ ...common, tokens: TOKENS }));
      const teacher = scope.use(await connectLeases(common));
      const lease = await leaseOf(teacher, 4);
      const waiting = rowsOf(student, [0, 40]);
      const asked = student.stats(); // may be lost with the server, and is then asked again
      await kill();
      await first.close();
      const delivered = label(teacher, lease); // lost, and sent again
      const second = await serve(first.endpoint);
      await delivered;
      assert.equal((await asked).replay, false);
      assert.equal((await student.stats()).stored, lease.rows.length);
      assert.ok(lease.rows.every((row) => store.has(row)));
      const done = teach(teacher);
      assert.deepEqual(await waiting, [0, 40]);
      const all = Array.from({ length: TOKENS.rows }, (_, row) => row);
      assert.deepEqual(await rowsOf(student, all), all);
      await second.close();
      await done;
    }));
}

test('a peer whose server does not return in time fails with CACHE_GONE', () =>
  scoped(async (scope) => {
    const { transport, kill } = killable(scope.use(memoryTransport(memoryNetwork())));
    const server = await openLabelServer({
      transport,
      endpoint: 'memory://*',
      store: memoryStore(),
      identity: IDENTITY,
      tokens: TOKENS,
    });
    const common = { transport, endpoints: [server.endpoint], identity: IDENTITY, returnMs: 20 };
    const student = scope.use(await connectLabels({ ...common, tokens: TOKENS }));
    const teacher = scope.use(await connectLeases(common));
    const lease = assert.rejects(teacher.next(1), { code: 'CACHE_GONE' });
    const labels = assert.rejects(student.fetch([1]), { code: 'CACHE_GONE' });
    await kill();
    await Promise.all([lease, labels]);
    await server.close();
  }));

test('a teacher whose connection closes loses its leases at once', () =>
  scoped(async (scope) => {
    const { endpoint, teacher, event } = await cache(scope, {
      transport: scope.use(zmqTransport()),
      endpoint: 'tcp://127.0.0.1:*',
    });
    const own = zmqTransport();
    const gone = await connectLeases({ transport: own, endpoints: [endpoint], identity: IDENTITY });
    const lease = await leaseOf(gone, 4);
    const other = await teacher();
    await own.close(); // without Leave: the sockets close
    await event('lost');
    assert.deepEqual((await leaseOf(other, 4)).rows, lease.rows);
    await gone.close();
  }));

test('a teacher is cut off after three consecutive unusable deliveries', () =>
  scoped(async (scope) => {
    const { teacher, server } = await cache(scope);
    const broken = await teacher();
    for (let i = 0; i < 3; i += 1) {
      const lease = await leaseOf(broken, 1);
      await assert.rejects(broken.deliver(lease, [new Uint8Array(80)]), { code: 'LABEL_DAMAGED' });
    }
    await assert.rejects(broken.next(1), { code: 'LABEL_DAMAGED' });
    assert.equal(server.stats().teachersAlive, 0);
  }));

/** Two servers with one partition each. */
async function twoServers(scope: Scope, options: Partial<LabelServerOptions> = {}) {
  const transport = scope.use(memoryTransport(memoryNetwork()));
  const stores = [memoryStore(), memoryStore()];
  const servers: LabelServer[] = [];
  for (const [partition, store] of stores.entries()) {
    const place = { partition, partitions: 2, store };
    const common = { transport, endpoint: 'memory://*', identity: IDENTITY, tokens: TOKENS, demand: inOrder };
    const server = await openLabelServer({ ...common, ...place, ...options });
    scope.defer(() => server.close());
    servers.push(server);
  }
  const endpoints = servers.map(({ endpoint }) => endpoint);
  return { transport, stores, servers, endpoints };
}

test('with two servers, each stores its own rows, and students and teachers use both', () =>
  scoped(async (scope) => {
    const { transport, stores, servers, endpoints } = await twoServers(scope);
    for (const server of servers) server.announce(endpoints);
    const common = { transport, identity: IDENTITY };
    const student = scope.use(
      await connectLabels({ ...common, endpoints: endpoints.toReversed(), tokens: TOKENS }),
    );
    const teacher = scope.use(await connectLeases({ ...common, endpoints: [endpoints[0]!] }));
    const done = teach(teacher);
    const rows = Array.from({ length: TOKENS.rows }, (_, i) => (i * 7) % TOKENS.rows);
    assert.deepEqual(await rowsOf(student, rows), rows);
    for (const [partition, store] of stores.entries()) {
      assert.ok(store.count() > 16);
      assert.ok(Array.from(store.rows()).every((row) => ownerOf(row, 2) === partition));
    }
    const stats = await student.stats();
    assert.equal(stats.stored, TOKENS.rows);
    assert.equal(stats.teachersAlive, 1);
    for (const server of servers) await server.close();
    await done;
  }));

test('a server list with a missing or duplicate server is refused', () =>
  scoped(async (scope) => {
    const { transport, endpoints } = await twoServers(scope);
    const common = { transport, identity: IDENTITY };
    for (const list of [[endpoints[1]!], [endpoints[0]!, endpoints[0]!]]) {
      await assert.rejects(connectLeases({ ...common, endpoints: list }), {
        code: 'BAD_ARGUMENT',
        message: /of 2/,
      });
    }
  }));

test('with onMissing plain, missing labels are skipped: after the patience, at once in a replay, and when the cache is gone', () =>
  scoped(async (scope) => {
    const { student, teacher } = await cache(scope);
    const plain = { onMissing: 'plain', patienceMs: 20 };
    const labels = await student(plain);
    assert.deepEqual(await rowsOf(labels, [3, 4]), [undefined, undefined]);
    const lease = await leaseOf(await teacher(), 2);
    assert.deepEqual(lease.rows, [3, 4], 'the rows are still labelled');

    const store = memoryStore();
    await store.put(1, record(1));
    const replay = await cache(scope, { store, replay: true });
    const again = await replay.student({ onMissing: 'plain' });
    assert.deepEqual(await rowsOf(again, [1, 2]), [1, undefined]);
    await replay.server.close();
    assert.deepEqual(await rowsOf(again, [1]), [undefined]);
  }));

test('a label of other token ids is an error, also with onMissing plain', () =>
  scoped(async (scope) => {
    const store = memoryStore();
    await store.put(1, record(2));
    const { student } = await cache(scope, { store, replay: true });
    const labels = await student({ onMissing: 'plain' });
    await assert.rejects(labels.fetch([1]), { code: 'LABEL_DAMAGED' });
  }));

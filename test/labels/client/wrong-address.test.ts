/** Peers that connect to the wrong service: their errors, and how they end while waiting. */
import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { test } from 'node:test';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { connectLabels } from '../../../src/labels/client/client.ts';
import { connectLeases } from '../../../src/labels/client/leases.ts';
import { joinCache } from '../../../src/labels/protocol/link.ts';
import { memoryStore } from '../../../src/labels/store/memory.ts';
import { openLabelServer } from '../../../src/labels/server/server.ts';
import { ControlLink } from '../../../src/control/control-link.ts';
import { Coordinator } from '../../../src/coordinator/coordinator.ts';
import { StateServer } from '../../../src/worker/student/state-transfer.ts';
import { askStatus } from '../../../src/control/status.ts';
import { HIGH_WATER_MARK } from '../../../src/transport/limits.ts';
import { memoryNetwork, memoryTransport } from '../../../src/transport/memory.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { IDENTITY } from '../fixtures.ts';
import { TOKENS } from '../served.ts';

const ANY = 'tcp://127.0.0.1:*';

async function portOf(scope: Scope, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.defer(() => void server.close());
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** One server of each kind that may listen on this machine. */
async function everything(scope: Scope) {
  const transport = zmqTransport();
  scope.defer(() => transport.close());
  const cache = scope.use(
    await openLabelServer({
      transport,
      endpoint: ANY,
      store: memoryStore(),
      identity: IDENTITY,
      tokens: TOKENS,
    }),
  );
  const coordinator = scope.use(
    await Coordinator.open({
      transport,
      endpoint: ANY,
      run: 'run-1',
      expected: [{ role: 'student', rank: 0 }],
      joinWithinMs: 60_000,
      generation: 1,
    }),
  );
  const state = scope.use(await StateServer.open(transport, ANY));
  const inbox = scope.use(await transport.inbox(ANY));
  const http = await portOf(
    scope,
    createHttpServer((_, response) => response.end('ok')),
  );
  const silent = await portOf(
    scope,
    createServer((socket) => {
      scope.defer(() => void socket.destroy());
      socket.on('error', () => undefined);
    }),
  );
  return { transport, cache, coordinator, state, inbox, http, silent };
}

test('the error of a teacher that connects to another service names that service', { timeout: 60_000 }, () =>
  scoped(async (scope) => {
    const { transport, coordinator, state, inbox, http, silent } = await everything(scope);
    const cases = [
      [coordinator.endpoint, 'ADDRESS_WRONG', /no label cache answers at .*: a Brine coordinator does$/],
      [state.endpoint, 'ADDRESS_WRONG', /no label cache answers at .*: a student rank of a Brine run does$/],
      [inbox.endpoint, 'DEADLINE', /no label cache answered at .* within 0\.7 s$/],
      [http, 'ADDRESS_WRONG', /no label cache answers at .*: an HTTP server does$/],
      [silent, 'DEADLINE', /no label cache answered at .* within 0\.7 s$/],
      ['tcp://127.0.0.1:1', 'DEADLINE', /no label cache answered at .* within 0\.7 s$/],
    ] as const;
    const all = cases.flatMap(([endpoint, code, message]) =>
      (['observer', 'teacher'] as const).map((role) => {
        const joining = joinCache({ transport, endpoint, role, identity: IDENTITY, joinMs: 700 });
        return assert.rejects(joining, { code, message, hint: /./ }, String(message));
      }),
    );
    await Promise.all(all);
  }),
);

test('the error of status at another service names that service', { timeout: 60_000 }, () =>
  scoped(async (scope) => {
    const { transport, cache, state, inbox, http, silent } = await everything(scope);
    const cases = [
      [cache.endpoint, 'ADDRESS_WRONG', /no coordinator answers at .*: a Brine label cache does$/],
      [state.endpoint, 'ADDRESS_WRONG', /no coordinator answers at .*: a student rank of a Brine run does$/],
      [inbox.endpoint, 'DEADLINE', /no coordinator answered at .* within 0\.7 s$/],
      [http, 'ADDRESS_WRONG', /no coordinator answers at .*: an HTTP server does$/],
      [silent, 'DEADLINE', /no coordinator answered at .* within 0\.7 s$/],
    ] as const;
    const all = cases.map(([endpoint, code, message]) =>
      assert.rejects(askStatus(transport, endpoint, 700), { code, message, hint: /./ }, String(message)),
    );
    await Promise.all(all);
  }),
);

test(
  'a role that connects to a label cache as its coordinator ends with the error of the answer',
  { timeout: 60_000 },
  () =>
    scoped(async (scope) => {
      const { transport, cache } = await everything(scope);
      const id = { role: 'node', rank: 1 } as const;
      const link = scope.use(
        await ControlLink.open({ transport, coordinator: cache.endpoint, id, run: 'run-1' }),
      );
      const ended = new Promise((resolve) => link.signal.addEventListener('abort', resolve, { once: true }));
      await ended;
      assert.match(String(link.signal.reason), /no coordinator answers at .*: a Brine label cache does/);
    }),
);

test('a process that waits for a cache ends at once on a signal', { timeout: 60_000 }, () =>
  scoped(async (scope) => {
    const { transport, silent } = await everything(scope);
    const stop = new AbortController();
    const waits = [
      joinCache({ transport, endpoint: silent, role: 'observer', signal: stop.signal }),
      connectLeases({ transport, endpoints: [silent], identity: IDENTITY, signal: stop.signal }),
      connectLabels({
        transport,
        endpoints: [silent],
        identity: IDENTITY,
        tokens: TOKENS,
        signal: stop.signal,
      }),
    ].map((wait) => assert.rejects(wait, { code: 'CANCELLED' }));
    stop.abort();
    await Promise.all(waits);
  }),
);

test('the deadline of an answer includes a Hello that is never sent', { timeout: 10_000 }, () =>
  scoped(async (scope) => {
    const transport = memoryTransport(memoryNetwork());
    scope.defer(() => transport.close());
    const endpoint = 'memory://nobody';
    const other = await transport.dial(endpoint);
    for (let i = 0; i < HIGH_WATER_MARK; i += 1) await other.send([new Uint8Array(1)]); // the next send waits
    const joining = joinCache({ transport, endpoint, role: 'observer', identity: IDENTITY, joinMs: 50 });
    await assert.rejects(joining, { code: 'DEADLINE' });
    await assert.rejects(askStatus(transport, endpoint, 50), { code: 'DEADLINE' });
  }),
);

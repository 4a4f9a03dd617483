/** A client's session with a server that restarts, forgets it, stays away, or is another service. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import { scoped, type Scope } from '../../src/base/scope.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import { ServerSession } from '../../src/transport/server-session.ts';
import type { Server, Transport } from '../../src/transport/transport.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { firstOf, misdialled } from '../../src/wire/protocol.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (frame: Uint8Array | undefined) => new TextDecoder().decode(frame);

async function said(server: Server): Promise<{ peer: string; text: string }> {
  const { peer, frames } = await server.receive();
  return { peer, text: textOf(frames[0]) };
}

/** A server, and the session of a client that numbers its Hellos. */
async function opened(
  scope: Scope,
  transport: Transport,
  { address = 'memory://*', returnMs = 60_000 } = {},
) {
  const server = await transport.serve(address);
  scope.defer(() => server.close());
  const { endpoint } = server;
  let hellos = 0;
  const session = scope.use(
    await ServerSession.open({
      transport,
      endpoint,
      limits: {},
      server: 'test server',
      hello: () => bytes(`hello ${++hellos}`),
      returnMs,
      gone: () => new BrineError('CACHE_GONE', `no server at ${endpoint}`, { hint: '' }),
    }),
  );
  return { server, endpoint, session };
}

const TRANSPORTS = [
  { name: 'memory', open: () => memoryTransport(memoryNetwork()), address: 'memory://*' },
  { name: 'zmq tcp', open: zmqTransport, address: 'tcp://127.0.0.1:*' },
];

for (const { name, open, address } of TRANSPORTS) {
  test(`over ${name}: a client says Hello again to a restarted server, before anything else`, () =>
    scoped(async (scope) => {
      const transport = open();
      scope.defer(() => transport.close());
      const { server, endpoint, session } = await opened(scope, transport, { address });
      assert.equal((await said(server)).text, 'hello 1');
      session.answered();
      await server.close();
      const restarted = scope.use(await transport.serve(endpoint));
      const { peer, text } = await said(restarted);
      assert.equal(text, 'hello 2');
      assert.equal(session.losses, 1);
      await restarted.send(peer, [bytes('welcome')]);
      assert.equal(textOf((await session.receive())?.[0]), 'welcome');
    }));
}

test('one Hello answers every message that a server could not place, until the server has answered it', () =>
  scoped(async (scope) => {
    const { server, session } = await opened(scope, scope.use(memoryTransport(memoryNetwork())));
    session.greet(); // the first Hello is not answered yet
    session.answered();
    session.greet();
    session.greet();
    session.answered();
    await session.send([bytes('end')]);
    const heard = [await said(server), await said(server), await said(server)].map(({ text }) => text);
    assert.deepEqual(heard, ['hello 1', 'hello 2', 'end']);
  }));

test('a session ends when its server stays away too long, and when it is closed', () =>
  scoped(async (scope) => {
    const transport = scope.use(memoryTransport(memoryNetwork()));
    const { server, session } = await opened(scope, transport, { returnMs: 20 });
    await said(server);
    const receiving = assert.rejects(session.receive(), { code: 'CACHE_GONE' });
    await server.close();
    await receiving;
    await assert.rejects(session.send([bytes('late')]), { code: 'CACHE_GONE' });
    assert.ok(session.isClosed);

    const other = await opened(scope, transport);
    const received = other.session.receive();
    await other.session.close();
    assert.equal(await received, undefined);
  }));

test('the answer of another service is an error that names it', () =>
  scoped(async (scope) => {
    const { server, session } = await opened(scope, scope.use(memoryTransport(memoryNetwork())));
    const { peer } = await said(server);
    const answer = misdialled(firstOf('labels', new Uint8Array(0)), 'control');
    await server.send(peer, [answer!]);
    await assert.rejects(session.receive(), {
      code: 'ADDRESS_WRONG',
      message: /no test server answers at .*: a Brine coordinator does$/,
    });
  }));

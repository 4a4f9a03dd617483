/** The suite that every transport passes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Frame } from '../../src/transport/transport.ts';
import { bytes, hasCode, lostOf, SUBJECTS, texts, using } from './subjects.ts';

for (const subject of SUBJECTS) {
  describe(`transport over ${subject.name}`, () => {
    test('a server answers each client by its peer name', () =>
      using(subject, async (transport) => {
        const server = await transport.serve(subject.address());
        const clients = await Promise.all([transport.dial(server.endpoint), transport.dial(server.endpoint)]);
        await clients[0].send([bytes('a'), bytes('')]);
        const first = await server.receive();
        await clients[1].send([bytes('b')]);
        const second = await server.receive();
        assert.deepEqual([texts(first.frames), texts(second.frames)], [['a', ''], ['b']]);
        assert.notEqual(first.peer, second.peer);
        await server.send(second.peer, [bytes('to b')]);
        await server.send(first.peer, [bytes('to a'), bytes('more')]);
        assert.deepEqual(texts(await clients[0].receive()), ['to a', 'more']);
        assert.deepEqual(texts(await clients[1].receive()), ['to b']);
      }));

    test('concurrent sends past the high-water mark arrive whole and in call order', () =>
      using(subject, async (transport) => {
        const inbox = await transport.inbox(subject.address(), { highWaterMark: 2 });
        const outbox = await transport.outbox(inbox.endpoint, { highWaterMark: 2 });
        const sends = Array.from({ length: 200 }, (_, i) =>
          outbox.send([bytes(`${i}`), new Uint8Array(20_000).fill(i)]),
        );
        for (let i = 0; i < sends.length; i++) {
          const [name, body] = await inbox.receive();
          assert.deepEqual(texts([name!]), [`${i}`]);
          assert.ok(body!.length === 20_000 && body!.every((byte) => byte === i % 256));
        }
        await Promise.all(sends);
      }));

    test('a send waits while the queues are full, and close ends the wait', () =>
      using(subject, async (transport) => {
        const inbox = await transport.inbox(subject.address(), { highWaterMark: 1 });
        const outbox = await transport.outbox(inbox.endpoint, { highWaterMark: 1 });
        let settled = 0;
        const sends = Array.from({ length: 100 }, () =>
          outbox.send([new Uint8Array(1 << 20)]).then(() => settled++),
        );
        const outcomes = Promise.allSettled(sends);
        await sends[0];
        assert.ok(settled < 100);
        await outbox.close();
        const rejected = (await outcomes).filter(({ status }) => status === 'rejected');
        assert.ok(rejected.length > 0);
        for (const { reason } of rejected as PromiseRejectedResult[]) assert.ok(hasCode('CLOSED')(reason));
      }));

    test('messages of an end that connects first arrive once the other end is bound', () =>
      using(subject, async (transport) => {
        const probe = await transport.inbox(subject.address());
        const { endpoint } = probe;
        await probe.close();
        const outbox = await transport.outbox(endpoint);
        await outbox.send([bytes('early')]);
        const inbox = await transport.inbox(endpoint);
        assert.deepEqual(texts(await inbox.receive()), ['early']);
      }));

    test('a received frame belongs to the receiver', () =>
      using(subject, async (transport) => {
        const inbox = await transport.inbox(subject.address());
        const outbox = await transport.outbox(inbox.endpoint);
        const sent = new Uint8Array(100_000).fill(7);
        await outbox.send([sent]);
        const [received] = await inbox.receive();
        received!.fill(9);
        assert.ok(sent.every((byte) => byte === 7));
      }));

    test('both ends of a one-way connection notice the loss of the other', () =>
      using(subject, async (transport) => {
        const inbox = await transport.inbox(subject.address());
        const outbox = await transport.outbox(inbox.endpoint);
        await outbox.send([bytes('here')]);
        await inbox.receive();
        const inboxLost = lostOf(inbox);
        await outbox.close();
        assert.match(await inboxLost, /ended/);
        const again = await transport.outbox(inbox.endpoint);
        await again.send([bytes('here')]);
        await inbox.receive();
        const outboxLost = lostOf(again);
        await inbox.close();
        assert.match(await outboxLost, /ended/);
      }));

    test('messages to a lost peer are dropped, and other peers are still answered', () =>
      using(subject, async (transport) => {
        const server = await transport.serve(subject.address());
        const gone = await transport.dial(server.endpoint);
        await gone.send([bytes('x')]);
        const { peer } = await server.receive();
        await gone.close();
        await server.send(peer, [bytes('nobody')]);
        await server.send('00ff00ff', [bytes('never was')]);
        const client = await transport.dial(server.endpoint);
        await client.send([bytes('y')]);
        await server.send((await server.receive()).peer, [bytes('ok')]);
        assert.deepEqual(texts(await client.receive()), ['ok']);
      }));

    test('a server is notified of the lost peer, and of no other', () =>
      using(subject, async (transport) => {
        const server = await transport.serve(subject.address());
        const gone: string[] = [];
        const heard: (() => void)[] = [];
        server.onGone((peer) => {
          gone.push(peer);
          heard.shift()?.();
        });
        const clients = await Promise.all([1, 2, 3].map(() => transport.dial(server.endpoint)));
        const names: string[] = [];
        for (const client of clients) {
          await client.send([bytes('here')]);
          names.push((await server.receive()).peer);
        }
        for (const at of [1, 0]) {
          const next = new Promise<void>((resolve) => heard.push(resolve));
          await clients[at]!.close();
          await next;
        }
        assert.deepEqual(gone, [names[1], names[0]]);
        await server.send(names[2]!, [bytes('still')]);
        assert.deepEqual(texts(await clients[2]!.receive()), ['still'], 'nothing else was delivered');
      }));

    test('a client reconnects to a restarted server', () =>
      using(subject, async (transport) => {
        const server = await transport.serve(subject.address());
        const client = await transport.dial(server.endpoint);
        await client.send([bytes('one')]);
        const before = await server.receive();
        const lost = lostOf(client);
        await server.close();
        await lost;
        const again = await transport.serve(server.endpoint);
        await client.send([bytes('two')]);
        const { peer, frames } = await again.receive();
        assert.deepEqual(texts(frames), ['two']);
        assert.notEqual(peer, before.peer);
        await again.send(peer, [bytes('back')]);
        assert.deepEqual(texts(await client.receive()), ['back']);
      }));

    test('an endpoint in use is refused, and is free again after close', () =>
      using(subject, async (transport) => {
        const inbox = await transport.inbox(subject.address());
        const other = subject.open();
        await assert.rejects(other.serve(inbox.endpoint), hasCode('ADDRESS_IN_USE'));
        await inbox.close();
        await (await other.serve(inbox.endpoint)).close();
        await other.close();
      }));

    test('a malformed endpoint is refused', () =>
      using(subject, async (transport) => {
        for (const endpoint of [
          '',
          'http://x:1',
          'tcp://x',
          'memory://',
          'ipc://',
          `ipc:///${'x'.repeat(120)}`,
          'tcp://fd00::1',
          'tcp://[fd00::1]',
          'tcp://fd00:1:5',
        ]) {
          await assert.rejects(transport.serve(endpoint), hasCode('ADDRESS_INVALID'), endpoint);
          await assert.rejects(transport.outbox(endpoint), hasCode('ADDRESS_INVALID'), endpoint);
        }
        await assert.rejects(
          transport.inbox(subject.address(), { highWaterMark: 0 }),
          hasCode('BAD_ARGUMENT'),
        );
      }));

    test('an oversized frame is refused by the sender, and never delivered by a receiver with a lower limit', () =>
      using(subject, async (transport) => {
        const server = await transport.serve(subject.address(), { maxFrameBytes: 1000 });
        const client = await transport.dial(server.endpoint, { maxFrameBytes: 2000 });
        await assert.rejects(client.send([new Uint8Array(2001)]), hasCode('FRAME_TOO_LARGE'));
        await client.send([new Uint8Array(1001)]);
        const polite = await transport.dial(server.endpoint);
        await polite.send([bytes('small')]);
        assert.deepEqual(texts((await server.receive()).frames), ['small']);
      }));

    test('a frame of the maximum size arrives on every kind of socket, in both directions', () =>
      using(subject, async (transport) => {
        const limit = { maxFrameBytes: 1 << 19 };
        const largest = new Uint8Array(limit.maxFrameBytes).fill(5);
        const isWhole = (frame: Frame) => Buffer.compare(frame, largest) === 0;
        const server = await transport.serve(subject.address(), limit);
        const client = await transport.dial(server.endpoint, limit);
        await client.send([largest, largest]);
        const { peer, frames } = await server.receive();
        assert.ok(frames.length === 2 && frames.every(isWhole));
        await server.send(peer, [largest]);
        assert.ok((await client.receive()).every(isWhole));
        const inbox = await transport.inbox(subject.address(), limit);
        const outbox = await transport.outbox(inbox.endpoint, limit);
        await outbox.send([largest]);
        assert.ok((await inbox.receive()).every(isWhole));
        const over = [new Uint8Array(limit.maxFrameBytes + 1)];
        await assert.rejects(server.send(peer, over), hasCode('FRAME_TOO_LARGE'));
        await assert.rejects(outbox.send(over), hasCode('FRAME_TOO_LARGE'));
      }));

    test('close ends a pending receive, later calls fail with CLOSED, and close may be repeated', () =>
      using(subject, async (transport) => {
        const server = await transport.serve(subject.address());
        const client = await transport.dial(server.endpoint);
        const inbox = await transport.inbox(subject.address());
        const pending = [server.receive(), client.receive(), inbox.receive()].map((promise) =>
          assert.rejects(promise, hasCode('CLOSED')),
        );
        await Promise.all([server.close(), client.close(), inbox.close()]);
        await Promise.all(pending);
        await assert.rejects(server.receive(), hasCode('CLOSED'));
        await assert.rejects(inbox.receive(), hasCode('CLOSED'));
        await assert.rejects(client.send([bytes('x')]), hasCode('CLOSED'));
        await Promise.all([server.close(), client.close(), inbox.close()]);
      }));
  });
}

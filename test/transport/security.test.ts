/** Admission by keys: over ZeroMQ with real handshakes, and in memory with the same rules. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { scoped, type Scope } from '../../src/base/scope.ts';
import { readSecurity, writeKeys } from '../../src/security/folder.ts';
import { newKeyPair } from '../../src/security/keys.ts';
import type { KeyRole } from '../../src/security/roles.ts';
import type { Security } from '../../src/security/security.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import type { Client, Frame } from '../../src/transport/transport.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-security-'));
after(() => rm(folder, { recursive: true, force: true }));
await writeKeys(folder);
const keysOf = (role: KeyRole) => readSecurity(folder, role);
const network = memoryNetwork();
const word = (text: string): Frame => new TextEncoder().encode(text);
const textOf = (frames: readonly Frame[]) => frames.map((frame) => new TextDecoder().decode(frame)).join(' ');

const PLACES = [
  {
    name: 'memory',
    open: (security?: Security) => memoryTransport(network, security && { security }),
    address: 'memory://*',
  },
  { name: 'zmq', open: (security?: Security) => zmqTransport({ security }), address: 'tcp://127.0.0.1:*' },
];

for (const place of PLACES) {
  const open = (scope: Scope, security?: Security) => {
    const transport = place.open(security);
    scope.defer(() => transport.close());
    return transport;
  };
  const server = async (scope: Scope, admit: readonly KeyRole[]) =>
    open(scope, await keysOf('cache')).serve(place.address, { admit });

  describe(`keys over ${place.name}`, () => {
    test('a server knows the role of each sender, and answers', () =>
      scoped(async (scope) => {
        const cache = await server(scope, ['student', 'teacher']);
        for (const role of ['student', 'teacher'] as const) {
          const client = await open(scope, await keysOf(role)).dial(cache.endpoint, { expect: 'cache' });
          await client.send([word('hello'), word(role)]);
          const { peer, role: known, frames } = await cache.receive();
          assert.deepEqual([known, textOf(frames)], [role, `hello ${role}`]);
          await cache.send(peer, [word('welcome')]);
          assert.equal(textOf(await client.receive()), 'welcome');
        }
      }));

    test('a peer without an admitted key of an admitted role is refused, and its messages are not delivered', () =>
      scoped(async (scope) => {
        const cache = await server(scope, ['student', 'teacher']);
        const stranger = { ...(await keysOf('teacher')), own: newKeyPair() };
        const refused = async (security?: Security) => {
          const client = await open(scope, security).dial(cache.endpoint, { expect: 'cache' });
          await client.send([word('from a stranger')]).catch(() => undefined);
          return client;
        };
        const clients = await Promise.all([refused(stranger), refused(await keysOf('observer')), refused()]);
        const honest = await open(scope, await keysOf('student')).dial(cache.endpoint, { expect: 'cache' });
        const outcomes = clients.map((client: Client) =>
          assert.rejects(client.receive(), { code: 'NOT_ADMITTED' }),
        );
        await honest.send([word('honest')]);
        assert.equal(textOf((await cache.receive()).frames), 'honest');
        const more = cache.receive(); // the in-memory transport refuses strangers when it takes a message
        const ended = assert.rejects(more, { code: 'CLOSED' });
        await Promise.all(outcomes);
        await cache.close();
        await ended;
      }));

    test('an inbox is open to the role that it admits', () =>
      scoped(async (scope) => {
        const students = open(scope, await keysOf('student'));
        const inbox = await students.inbox(place.address, { admit: ['student'] });
        const teacher = await open(scope, await keysOf('teacher')).outbox(inbox.endpoint, {
          expect: 'student',
        });
        await teacher.send([word('from a teacher')]).catch(() => undefined);
        const student = await students.outbox(inbox.endpoint, { expect: 'student' });
        await student.send([word('from a student')]);
        assert.equal(textOf(await inbox.receive()), 'from a student');
      }));

    test('messages of a revoked key are no longer delivered, also on an open connection', () =>
      scoped(async (scope) => {
        const spare = newKeyPair();
        const file = join(folder, `teacher.spare-${place.name}.public`);
        await writeFile(file, spare.publicKey);
        const cache = await server(scope, ['student', 'teacher']);
        const teacher = { ...(await keysOf('teacher')), own: spare };
        const client = await open(scope, teacher).dial(cache.endpoint, { expect: 'cache' });
        const student = await open(scope, await keysOf('student')).dial(cache.endpoint, { expect: 'cache' });
        await client.send([word('admitted')]);
        assert.equal((await cache.receive()).role, 'teacher');
        await rm(file);
        const heard: string[] = [];
        const deadline = performance.now() + 10_000;
        // Both send in turn until only the student's messages arrive.
        while (heard.slice(-4).includes('teacher') || heard.length < 4) {
          assert.ok(performance.now() < deadline, 'the teacher is still heard');
          await client.send([word('teacher')]);
          await student.send([word('student')]);
          do heard.push(textOf((await cache.receive()).frames));
          while (heard.at(-1) !== 'student');
        }
      }));

    test('a socket must name the roles that it is for', () =>
      scoped(async (scope) => {
        const transport = open(scope, await keysOf('student'));
        await assert.rejects(transport.serve(place.address), { code: 'BAD_ARGUMENT' });
        await assert.rejects(transport.inbox(place.address, { admit: [] }), { code: 'BAD_ARGUMENT' });
        const nowhere = place.address.replace('*', '1');
        await assert.rejects(transport.dial(nowhere), { code: 'BAD_ARGUMENT' });
        await assert.rejects(transport.outbox(nowhere), { code: 'BAD_ARGUMENT' });
      }));
  });
}

test('a socket may be bound where other machines can reach it with keys or --insecure only', () =>
  scoped(async (scope) => {
    const withKeys = zmqTransport({ security: await keysOf('cache') });
    const insecure = zmqTransport({ insecure: true });
    const neither = zmqTransport();
    for (const transport of [withKeys, insecure, neither]) scope.defer(() => transport.close());
    await withKeys.serve('tcp://0.0.0.0:*', { admit: ['student'] });
    await insecure.serve('tcp://0.0.0.0:*');
    await assert.rejects(neither.serve('tcp://0.0.0.0:*'), { code: 'ADDRESS_EXPOSED', hint: /brine keys/ });
  }));

test('strangers that connect, disconnect or stall do not count as the loss of the neighbour; its own end does', () =>
  scoped(async (scope) => {
    const transport = zmqTransport({ security: await keysOf('student') });
    scope.defer(() => transport.close());
    const inbox = await transport.inbox('tcp://127.0.0.1:*', { admit: ['student'] });
    let lost = 0;
    const hears = new Promise<void>((resolve) => {
      inbox.onLost(() => {
        lost += 1;
        resolve();
      });
    });
    const neighbour = await transport.outbox(inbox.endpoint, { expect: 'student' });
    await neighbour.send([word('one')]);
    await inbox.receive();
    const port = Number(inbox.endpoint.split(':').at(-1));
    for (const bytes of [
      '',
      '\xff',
      'GET / HTTP/1.1\r\n\r\n',
      '\x01\x00',
      '\xff\0\0\0\0\0\0\0\x01\x7f\x03',
    ]) {
      for (let round = 0; round < 10; round += 1) {
        const socket = connect(port, '127.0.0.1').on('error', () => undefined);
        socket.end(Buffer.from(bytes, 'latin1'));
        await new Promise((resolve) => socket.resume().on('close', resolve));
      }
      await neighbour.send([word('still here')]);
      await inbox.receive();
    }
    assert.equal(lost, 0);
    const stalling = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(stalling, 'connect');
    await neighbour.send([word('two')]);
    await inbox.receive();
    await neighbour.close();
    stalling.destroy();
    await hears;
    assert.equal(lost, 1);
  }));

/** Transfer of a rank's state: complete, only for the step that was offered, verified, and with a deadline. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '../../../src/base/checksum.ts';
import { BrineError } from '../../../src/base/errors.ts';
import { handledLater } from '../../../src/base/promises.ts';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { memoryNetwork, memoryTransport } from '../../../src/transport/memory.ts';
import type { Transport } from '../../../src/transport/transport.ts';
import { brine } from '../../../src/wire/generated/control.js';
import { fetchState, STATE_CHUNK_BYTES, StateServer } from '../../../src/worker/student/state-transfer.ts';

const KEY = { run: 'run-1', generation: 2, step: 7 };
const CHUNK = STATE_CHUNK_BYTES / 4;

function fetching(transport: Transport, endpoint: string, more: object = {}) {
  const signal = new AbortController().signal;
  return fetchState({ transport, endpoint, ...KEY, deadlineMs: 20_000, signal, ...more });
}

test('a state arrives whole, also when it is asked for before it is offered', () =>
  scoped(async (scope) => {
    const transport = scope.use(memoryTransport(memoryNetwork()));
    const server = scope.use(await StateServer.open(transport, 'memory://*'));
    const sizes = [3, 0, CHUNK, 2 * CHUNK + 1];
    const state = sizes.map((size) => new Float32Array(size).map((_, i) => (i * 7) % 1001));
    const early = fetching(transport, server.endpoint);
    server.offer(KEY, state);
    assert.deepEqual(await early, state);
    assert.deepEqual(await fetching(transport, server.endpoint), state);
  }));

test('a donor refuses another step and another run, and names what it has', () =>
  scoped(async (scope) => {
    const transport = scope.use(memoryTransport(memoryNetwork()));
    const server = scope.use(await StateServer.open(transport, 'memory://*'));
    server.offer(KEY, [new Float32Array(1)]);
    for (const other of [{ step: 8 }, { run: 'run-2' }]) {
      const fetch = fetching(transport, server.endpoint, other);
      await assert.rejects(fetch, {
        code: 'RING_PEER_LOST',
        message: /the state of step 7 of the run run-1/,
      });
    }
  }));

type Header = brine.control.StatePart.$Properties;

/** A donor that answers the first request with these chunks. */
async function donor(
  scope: Scope,
  transport: Transport,
  chunks: readonly (readonly [Header, Uint8Array])[] = [],
) {
  const server = scope.use(await transport.serve('memory://*', { admit: ['student'] }));
  const answered = async () => {
    const { peer } = await server.receive();
    for (const [header, bytes] of chunks)
      await server.send(peer, [brine.control.StatePart.encode(header).finish(), bytes]);
  };
  return { endpoint: server.endpoint, answered: handledLater(answered()), close: () => server.close() };
}

const BYTES = new Uint8Array(8).fill(1);
const HEADER = { array: 0, arrays: 1, part: 0, elements: 2, crc: crc32(BYTES) };

test('damaged, misplaced and oversized chunks are refused', () =>
  scoped(async (scope) => {
    const transport = scope.use(memoryTransport(memoryNetwork()));
    const whole = await donor(scope, transport, [[HEADER, BYTES]]);
    const [values] = await fetching(transport, whole.endpoint);
    assert.deepEqual(new Uint8Array(values!.buffer), BYTES);
    const faulty: [Header, Uint8Array][][] = [
      [[HEADER, BYTES.map((byte, i) => byte ^ Number(i === 5))]],
      [[{ ...HEADER, array: 1, arrays: 2 }, BYTES]],
      [[{ ...HEADER, part: 1 }, BYTES]],
      [[{ ...HEADER, elements: 1 }, BYTES]],
      [[{ ...HEADER, elements: 3 }, BYTES]],
      [[{ ...HEADER, arrays: 0 }, BYTES]],
      [
        [{ ...HEADER, arrays: 2 }, BYTES],
        [{ ...HEADER, array: 1, arrays: 3 }, BYTES],
      ],
    ];
    for (const chunks of faulty) {
      const { endpoint } = await donor(scope, transport, chunks);
      await assert.rejects(fetching(transport, endpoint), { code: 'RING_CORRUPT' }, JSON.stringify(chunks));
    }
  }));

test('a donor that is silent or lost fails the transfer, and an abort ends it with its reason', () =>
  scoped(async (scope) => {
    const transport = scope.use(memoryTransport(memoryNetwork()));
    const silent = await donor(scope, transport);
    const lost = { code: 'RING_PEER_LOST' };
    await assert.rejects(fetching(transport, silent.endpoint, { deadlineMs: 20 }), lost);

    const killed = await donor(scope, transport);
    const cut = assert.rejects(fetching(transport, killed.endpoint), lost);
    await killed.answered;
    await killed.close();
    await cut;

    const stop = new AbortController();
    const reason = new BrineError('RING_ABANDONED', 'another rank was lost', { hint: '' });
    const { endpoint } = await donor(scope, transport);
    const aborted = assert.rejects(fetching(transport, endpoint, { signal: stop.signal }), reason);
    stop.abort(reason);
    await aborted;
  }));

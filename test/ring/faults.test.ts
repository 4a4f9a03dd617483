/** Failures of a ring and the errors of its ranks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError, type ErrorCode } from '../../src/base/errors.ts';
import { openRingInbox } from '../../src/ring/place.ts';
import { openRing } from '../../src/ring/open-ring.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import type { Frame, Inbox } from '../../src/transport/transport.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { decodeRingChunk, encodeRingChunk, encodeRingHello, type RingChunk } from '../../src/wire/ring.ts';
import { bucketsOf, bytesOf, openRanks, withRings, type Setting } from './rings.ts';

function inMemory(size: number): Setting {
  const network = memoryNetwork();
  const transports = Array.from({ length: size }, () => memoryTransport(network));
  return {
    size,
    address: () => 'memory://*',
    transport: (rank) => transports[rank]!,
    options: () => ({ chunkBytes: 64 }),
  };
}

async function errorOf(promise: Promise<unknown>): Promise<BrineError> {
  const error = await promise.then(
    () => assert.fail('it should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BrineError, String(error));
  return error;
}

/**
 * An inbox whose nth message (the hello is number 0) is changed, or dropped if `change` returns
 * undefined.
 */
function tampered(inbox: Inbox, nth: number, change: (frames: Frame[]) => Frame[] | undefined): Inbox {
  let count = 0;
  return {
    endpoint: inbox.endpoint,
    async receive() {
      const frames = await inbox.receive();
      if (count++ !== nth) return frames;
      return change(frames) ?? inbox.receive();
    },
    onLost: (listener) => inbox.onLost(listener),
    close: () => inbox.close(),
  };
}

/** The error of rank 0 of three after message `nth` to it is changed. The other ranks must fail too. */
async function errorWhen(nth: number, change: (frames: Frame[]) => Frame[] | undefined): Promise<BrineError> {
  const setting: Setting = {
    ...inMemory(3),
    inbox: (rank, inbox) => (rank === 0 ? tampered(inbox, nth, change) : inbox),
  };
  return withRings(setting, async (rings) => {
    const calls = rings.map((ring, rank) => ring.allReduce(7, bucketsOf([500, 90], rank)));
    const errors = await Promise.all(calls.map(errorOf));
    for (const error of errors.slice(1)) assert.equal(error.code, 'RING_PEER_LOST');
    assert.equal(await errorOf(rings[0]!.allReduce(8, [])), errors[0], 'a broken ring stays broken');
    return errors[0]!;
  });
}

const withHeader = (change: (header: RingChunk) => Partial<RingChunk>) => (frames: Frame[]) => {
  const header = decodeRingChunk(frames[0]!)!;
  return [encodeRingChunk({ ...header, ...change(header) }), frames[1]!];
};

const FIELDS: readonly [string, ErrorCode, (frames: Frame[]) => Frame[] | undefined][] = [
  ['run', 'RING_MISMATCH', withHeader(() => ({ run: 'other' }))],
  ['generation', 'RING_MISMATCH', withHeader(() => ({ generation: 2 }))],
  ['step', 'RING_OUT_OF_STEP', withHeader(() => ({ step: 6 }))],
  ['call', 'RING_OUT_OF_STEP', withHeader(({ call }) => ({ call: call + 1 }))],
  ['bucket', 'RING_GAP', withHeader(() => ({ bucket: 1 }))],
  ['hop', 'RING_GAP', withHeader(({ hop }) => ({ hop: hop + 1 }))],
  ['hop out of range', 'RING_GAP', withHeader(() => ({ hop: 99 }))],
  ['chunk', 'RING_GAP', withHeader(({ chunk }) => ({ chunk: chunk + 1 }))],
  ['sum', 'RING_CORRUPT', withHeader(({ sum }) => ({ sum: (sum ^ 1) >>> 0 }))],
  ['mix', 'RING_CORRUPT', withHeader(({ mix }) => ({ mix: (mix ^ 1) >>> 0 }))],
  ['bytes', 'RING_CORRUPT', withHeader(({ bytes }) => ({ bytes: bytes - 4 }))],
  ['one bit of the values', 'RING_CORRUPT', ([head, body]) => [head!, body!.with(5, body![5]! ^ 4)]],
  ['a short frame', 'RING_CORRUPT', ([head, body]) => [head!, body!.subarray(4)]],
  ['no values', 'RING_CORRUPT', ([head]) => [head!]],
  ['noise for a header', 'RING_CORRUPT', ([, body]) => [new Uint8Array(50).fill(255), body!]],
  ['a lost message', 'RING_GAP', () => undefined],
];

for (const [what, code, change] of FIELDS) {
  test(`detects damage: ${what}`, async () => {
    const error = await errorWhen(3, change);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, /peer of rank 0|rank 2 .*rank 0|rank 0 .*rank 2/);
  });
}

test('detects a damaged frame of the all-gather', async () => {
  const error = await errorWhen(10, ([head, body]) => [head!, body!.with(0, body![0]! ^ 128)]);
  assert.equal(error.code, 'RING_CORRUPT');
});

test('refuses ranks of another run, generation, size, chunk size, wire format or place when they join', async () => {
  const wrong = [
    { run: 'other' },
    { generation: 2 },
    { size: 3 },
    { chunkBytes: 128 },
    { wire: 'bf16' },
  ] as const;
  for (const change of wrong) {
    const setting = inMemory(2);
    const outcomes = await openRanks({
      ...setting,
      options: (rank) => ({ chunkBytes: 64, ...(rank === 1 ? change : {}) }),
    });
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected');
      assert.equal((outcome.reason as BrineError).code, 'RING_MISMATCH', String(outcome.reason));
    }
  }
  const stray = inMemory(1);
  const inbox = await openRingInbox(stray.transport(0), 'memory://*', { size: 2 });
  const sender = await stray.transport(0).outbox(inbox.endpoint);
  await sender.send([
    encodeRingHello({
      run: 'test',
      generation: 1,
      rank: 0,
      size: 2,
      chunkBytes: 512 * 1024,
      wire: 'float32',
    }),
  ]);
  const place = { run: 'test', generation: 1, rank: 0, size: 2 };
  const error = await errorOf(
    openRing({
      ...place,
      transport: stray.transport(0),
      inbox,
      nextEndpoint: 'memory://x',
      deadlineMs: 5000,
    }),
  );
  assert.equal(error.code, 'RING_MISMATCH');
  assert.match(error.message, /rank 0 of 2 .*rank 1 of 2/);
});

test('the error about an unreachable neighbour contains its address and the setting to change', async () => {
  const transport = zmqTransport();
  try {
    const nowhere = await transport.inbox('tcp://127.0.0.1:*');
    const nextEndpoint = nowhere.endpoint;
    await nowhere.close();
    const inbox = await openRingInbox(transport, 'tcp://127.0.0.1:*', { size: 2 });
    const place = { run: 'test', generation: 1, rank: 0, size: 2 };
    const joining = openRing({
      ...place,
      transport,
      inbox,
      nextEndpoint,
      deadlineMs: 20_000,
      connectDeadlineMs: 300,
    });
    await assert.rejects(joining, (error: BrineError) => {
      assert.equal(error.code, 'ADDRESS_UNREACHABLE');
      assert.ok(error.message.includes(`rank 0 of 2 cannot reach rank 1 at ${nextEndpoint}`), error.message);
      return error.hint.includes('roles.bind');
    });
  } finally {
    await transport.close();
  }
});

test('the error names a neighbour that does not join before the deadline', async () => {
  const { transport } = inMemory(1);
  const inbox = await openRingInbox(transport(0), 'memory://*', { size: 3 });
  const error = await errorOf(
    openRing({
      run: 'test',
      generation: 1,
      rank: 0,
      size: 3,
      transport: transport(0),
      inbox,
      nextEndpoint: 'memory://nobody',
      deadlineMs: 30,
    }),
  );
  assert.equal(error.code, 'RING_TIMEOUT');
  assert.match(error.message, /rank 0 of 3 waited 30 ms for rank 2/);
});

test('a silent neighbour causes a timeout that names step, bucket, peer and bytes', async () => {
  const setting = inMemory(2);
  const options = (rank: number) => ({ chunkBytes: 64, deadlineMs: rank === 0 ? 60 : 60_000 });
  await withRings({ ...setting, options }, async ([ring]) => {
    const error = await errorOf(ring!.allReduce(12, bucketsOf([0, 64], 0)));
    assert.equal(error.code, 'RING_TIMEOUT');
    assert.match(error.message, /rank 1 for 60 ms/);
    assert.match(error.message, /step 12, waiting for bucket 1, hop 0, chunk 0; received 0 of 256 bytes/);
  });
});

test('ranks at different steps, or with different buckets, fail', async () => {
  await withRings(inMemory(2), async (rings) => {
    const errors = await Promise.all(
      rings.map((ring, rank) => errorOf(ring.allReduce(rank, [new Float32Array(99)]))),
    );
    assert.ok(errors.some(({ code }) => code === 'RING_OUT_OF_STEP'));
  });
  await withRings(inMemory(2), async (rings) => {
    const errors = await Promise.all(
      rings.map((ring, rank) => errorOf(ring.allReduce(1, [new Float32Array(98 + 2 * rank)]))),
    );
    assert.ok(errors.some(({ code }) => code === 'RING_CORRUPT'));
  });
});

test('a rank that closes after its last sum does not disturb ranks that still read', async () => {
  await withRings(inMemory(4), async (rings) => {
    const ranks = rings.map((_, rank) => bucketsOf([1000], rank));
    await Promise.all(
      rings.map(async (ring, rank) => {
        await ring.allReduce(1, ranks[rank]!);
        await ring.close();
      }),
    );
    for (const buckets of ranks) assert.deepEqual(bytesOf(buckets), bytesOf(ranks[0]!));
    assert.equal((await errorOf(rings[0]!.allReduce(2, []))).code, 'CLOSED');
  });
});

test('closing during a sum fails it on this rank and its neighbours', async () => {
  await withRings(inMemory(3), async (rings) => {
    const calls = rings.slice(0, 2).map((ring, rank) => errorOf(ring.allReduce(1, bucketsOf([9000], rank))));
    await rings[0]!.close();
    assert.equal((await calls[0]!).code, 'CLOSED');
    assert.equal((await calls[1]!).code, 'RING_PEER_LOST');
  });
});

test('refuses a concurrent second sum, without affecting the first', async () => {
  await withRings(inMemory(2), async (rings) => {
    const ranks = rings.map((_, rank) => bucketsOf([100], rank));
    const calls = rings.map((ring, rank) => ring.allReduce(1, ranks[rank]!));
    assert.equal((await errorOf(rings[0]!.allReduce(1, ranks[0]!))).code, 'BAD_ARGUMENT');
    await Promise.all(calls);
    assert.deepEqual(bytesOf(ranks[0]!), bytesOf(ranks[1]!));
  });
});

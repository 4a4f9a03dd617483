import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zmqTransport } from '../../src/transport/zmq.ts';

test('without keys, no socket is bound where other machines can reach it', async () => {
  const transport = zmqTransport();
  try {
    for (const endpoint of [
      'tcp://0.0.0.0:*',
      'tcp://*:*',
      'tcp://[::]:*',
      'tcp://eth0:*',
      'tcp://127.0.0.1.example:*',
    ]) {
      await assert.rejects(transport.serve(endpoint), { code: 'ADDRESS_EXPOSED' }, endpoint);
      await assert.rejects(transport.inbox(endpoint), { code: 'ADDRESS_EXPOSED' }, endpoint);
    }
    const server = await transport.serve('tcp://localhost:*');
    assert.match(server.endpoint, /^tcp:\/\/127\.0\.0\.1:\d+$/);
  } finally {
    await transport.close();
  }
});

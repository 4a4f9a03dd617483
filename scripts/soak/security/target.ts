/**
 * The target of the attacks: a server, an inbox and a label cache with keys, in a separate process,
 * so that crashes can be counted. Sends its endpoints to the parent, and on request the counts of
 * received messages. Honest messages begin with the word honest.
 */
import { memoryStore } from '../../../src/labels/store/memory.ts';
import { openLabelServer } from '../../../src/labels/server/server.ts';
import { readSecurity } from '../../../src/security/folder.ts';
import type { KeyRole } from '../../../src/security/roles.ts';
import type { Frame } from '../../../src/transport/transport.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { HONEST, IDENTITY, MAX_FRAME_BYTES, type Counts } from './world.ts';

const [folder = ''] = process.argv.slice(2);
const counts: Counts = { honest: 0, strangers: 0, joined: 0, refused: 0, lost: 0 };
const transportOf = async (role: KeyRole) => zmqTransport({ security: await readSecurity(folder, role) });
const at = 'tcp://127.0.0.1:*';
const limits = { maxFrameBytes: MAX_FRAME_BYTES };

const server = await (
  await transportOf('coordinator')
).serve(at, { admit: ['student', 'teacher'], ...limits });
const inbox = await (await transportOf('student')).inbox(at, { admit: ['student'], ...limits });
inbox.onLost(() => (counts.lost += 1));
const tokens = { rows: 8, rowLength: 9, vocabularySize: 100, read: () => new Uint32Array(9) };
const cache = await openLabelServer({
  transport: await transportOf('cache'),
  endpoint: at,
  store: memoryStore(),
  identity: IDENTITY,
  tokens,
  observe: ({ kind }) => {
    if (kind === 'joined') counts.joined += 1;
    if (kind === 'refused') counts.refused += 1;
    if (kind === 'fault') counts.strangers += 1;
  },
});

const isHonest = (frames: readonly Frame[]) => Buffer.from(frames[0] ?? []).toString('latin1') === HONEST;
const count = (frames: readonly Frame[]) => {
  if (isHonest(frames)) counts.honest += 1;
  else counts.strangers += 1;
};
async function serve(): Promise<void> {
  for (;;) {
    const { peer, frames } = await server.receive();
    count(frames);
    if (isHonest(frames)) await server.send(peer, frames);
  }
}
async function collect(): Promise<void> {
  for (;;) count(await inbox.receive());
}
void serve();
void collect();
process.on('message', () => process.send?.(counts));
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL')); // the soak is over
process.send?.({ server: server.endpoint, inbox: inbox.endpoint, cache: cache.endpoint });

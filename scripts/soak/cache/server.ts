/** The process of a cache server in the cache soak. Arguments: FOLDER ROUND ROWS ENDPOINT. Runs until it is killed. */
import { openLmdbStore } from '../../../src/labels/store/lmdb.ts';
import { openLabelServer } from '../../../src/labels/server/server.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { identityOf, storeFolder, tokensOf, worldOf } from './world.ts';

const world = worldOf(process.argv.slice(2));
const identity = await identityOf(world);
await openLabelServer({
  transport: zmqTransport(),
  endpoint: process.argv[5]!,
  store: await openLmdbStore(storeFolder(world), { identity }),
  identity,
  tokens: tokensOf(world),
  demand: { length: world.rows, at: (index) => index },
  aheadRows: world.rows,
});

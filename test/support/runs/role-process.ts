/** A process for tests of launching: joins a run, does no work, and ends in the way that its arguments name. */
import { joinRun } from '../../../src/control/control-client.ts';
import type { Role } from '../../../src/control/messages.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';

const [role = '', rank = '', coordinator = '', behaviour = ''] = process.argv.slice(2);
if (behaviour === 'leaves') process.exit(3);
const transport = zmqTransport();
const { link, peers } = await joinRun({
  transport,
  coordinator,
  id: { role: role as Role, rank: Number(rank) },
  run: 'run-1',
  withinMs: 30_000,
});
if (behaviour === 'dies') process.kill(process.pid, 'SIGKILL');
if (behaviour === 'works')
  await link.done({ numbers: { peers: peers.length }, words: { environment: process.env['SAID'] ?? '' } });
if (behaviour === 'waits') {
  const reason = await new Promise<Error>((resolve) =>
    link.signal.addEventListener('abort', () => resolve(link.signal.reason as Error)),
  );
  process.stdout.write(`${reason.message}\n`);
}
if (behaviour === 'deaf') await new Promise((resolve) => setTimeout(resolve, 60_000));
await link.close();
await transport.close();

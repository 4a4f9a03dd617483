/**
 * The process of a teacher in the cache soak. Arguments: FOLDER ROUND ROWS ENDPOINT NUMBER. Runs
 * until it is killed, and logs each acknowledged row at once.
 */
import { openSync, writeSync } from 'node:fs';
import { hostInline } from '../../../src/engine/host.ts';
import { connectLeases } from '../../../src/labels/client/leases.ts';
import { create, type TeacherProgram } from '../../../src/teacher/program.ts';
import { runTeacher } from '../../../src/teacher/worker.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { acknowledgedLog, identityOf, teacherInit, worldOf } from './world.ts';

const world = worldOf(process.argv.slice(2));
const [endpoint, number] = process.argv.slice(5);
const log = openSync(acknowledgedLog(world, Number(number)), 'a');
const host = hostInline<TeacherProgram>(await create(await teacherInit(world)));
const leases = await connectLeases({
  transport: zmqTransport(),
  endpoints: [endpoint!],
  identity: await identityOf(world),
});
await runTeacher({
  hosts: [host],
  leaseRows: 32,
  leases: {
    vocabulary: leases.vocabulary,
    positions: leases.positions,
    next: (most) => leases.next(most),
    giveBack: (lease) => leases.giveBack(lease),
    close: () => leases.close(),
    async deliver(lease, records) {
      await leases.deliver(lease, records);
      writeSync(log, `${lease.rows.join('\n')}\n`);
    },
  },
});

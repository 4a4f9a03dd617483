import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import { Scope } from '../../src/base/scope.ts';
import { joinRun, endpointOf, reportFailure, type Gathering } from '../../src/control/control-client.ts';
import type { RoleId } from '../../src/control/messages.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import type { CoordinatorEvent } from '../../src/control/coordinator-events.ts';
import type { CoordinatorOptions } from '../../src/coordinator/coordinator-options.ts';
import { askStatus } from '../../src/control/status.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { encodeFromRole } from '../../src/control/message-codec.ts';
import { ownProcess } from '../../src/base/process/process-identity.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';

const CACHE: RoleId = { role: 'cache', rank: 0 };
const STUDENTS: RoleId[] = [
  { role: 'student', rank: 0 },
  { role: 'student', rank: 1 },
];
const nothing = { numbers: {}, words: {} };
let scope = new Scope();
afterEach(async () => {
  await scope.close();
  scope = new Scope();
});

async function begin(
  expected: RoleId[],
  settings: Pick<Partial<CoordinatorOptions>, 'joinWithinMs' | 'kill' | 'replace'> = {},
) {
  const transport = memoryTransport(memoryNetwork());
  scope.defer(() => transport.close());
  const events: CoordinatorEvent[] = [];
  const coordinator = scope.use(
    await Coordinator.open({
      transport,
      endpoint: 'memory://coordinator',
      run: 'run-1',
      expected,
      joinWithinMs: 10_000,
      generation: 3,
      ...settings,
      observe: (event) => events.push(event),
    }),
  );
  const join = async (id: RoleId, run = 'run-1'): Promise<Gathering> => {
    const endpoint = `memory://${id.role}-${id.rank}`;
    const gathering = await joinRun({
      transport,
      coordinator: coordinator.endpoint,
      id,
      run,
      endpoint,
      state: `memory://state-${id.rank}`,
      withinMs: 10_000,
    });
    scope.use(gathering.link);
    return gathering;
  };
  return { coordinator, join, events, transport };
}

/** Resolves once the coordinator has heard everything that was said before: it answers in order. */
async function heardAll(transport: Transport, coordinator: string): Promise<void> {
  await askStatus(transport, coordinator);
}

function reasonOf({ link }: Gathering): Promise<BrineError> {
  if (link.signal.aborted) return Promise.resolve(link.signal.reason as BrineError);
  return new Promise((resolve) =>
    link.signal.addEventListener('abort', () => resolve(link.signal.reason as BrineError)),
  );
}

test('every role gets the endpoints of the others once all have joined, and the run ends when all are done', async () => {
  const { coordinator, join, events } = await begin([CACHE, ...STUDENTS]);
  const [cache, first, second] = await Promise.all([CACHE, ...STUDENTS].map((id) => join(id)));
  assert.ok(cache && first && second);
  assert.equal(first.generation, 3);
  assert.equal(endpointOf(second.peers, 'cache', 0), 'memory://cache-0');
  assert.equal(endpointOf(cache.peers, 'student', 1), 'memory://student-1');

  await first.link.progress({ numbers: { step: 4 }, words: { phase: 'plain' } });
  await first.link.done({ numbers: { steps: 9 }, words: { labels: 'abc' } });
  await second.link.done(nothing);
  await cache.link.finished;
  await cache.link.done(nothing);
  const results = await coordinator.finished;
  assert.deepEqual(results.get('student-0'), { numbers: { steps: 9 }, words: { labels: 'abc' } });
  assert.deepEqual(
    events.filter(({ kind }) => kind === 'progress'),
    [{ kind: 'progress', name: 'student-0', figures: { numbers: { step: 4 }, words: { phase: 'plain' } } }],
  );
});

test('the join deadline names missing and joined roles, and stops the waiting ones', async () => {
  const { coordinator, join } = await begin([CACHE, ...STUDENTS], { joinWithinMs: 200 });
  const waiting = join(STUDENTS[1]!);
  await assert.rejects(waiting, /cache, student-0 did not join within 0\.2 s; joined: student-1/);
  await assert.rejects(coordinator.finished, (error: BrineError) => {
    assert.equal(error.code, 'JOIN_TIMEOUT');
    assert.match(error.message, /^cache, student-0 did not join within 0\.2 s; joined: student-1$/);
    return true;
  });
});

test('a role that fails stops the others, and the run ends with its error', async () => {
  const { coordinator, join } = await begin(STUDENTS);
  const [first, second] = await Promise.all(STUDENTS.map((id) => join(id)));
  await second!.link.failed(
    new BrineError('FILE_DAMAGED', 'the shard is cut short', { hint: 'Prepare again.' }),
  );
  const reason = await reasonOf(first!);
  assert.equal(reason.code, 'CANCELLED');
  assert.match(reason.message, /student-0 was stopped: student-1: the shard is cut short/);
  await assert.rejects(coordinator.finished, {
    code: 'FILE_DAMAGED',
    message: 'student-1: the shard is cut short',
    hint: 'Prepare again.',
  });
});

test('the failure of a role that has not joined ends the run with the name of the role', async () => {
  const { coordinator, join, transport } = await begin([CACHE, ...STUDENTS]);
  const waiting = join(STUDENTS[0]!);
  const error = new BrineError('ADDRESS_IN_USE', 'somebody listens there', { hint: 'Name another port.' });
  const from = { transport, coordinator: coordinator.endpoint, id: CACHE };
  await reportFailure({ ...from, run: 'run-2' }, error);
  await reportFailure({ ...from, run: 'run-1' }, error);
  await assert.rejects(waiting, /cache: somebody listens there/);
  await assert.rejects(coordinator.finished, {
    code: 'ADDRESS_IN_USE',
    message: 'cache: somebody listens there',
  });
});

test('a process exit is the root cause of an earlier report of a neighbour', async () => {
  const { coordinator, join } = await begin(STUDENTS);
  const [first] = await Promise.all(STUDENTS.map((id) => join(id)));
  await first!.link.failed(new BrineError('DEADLINE', 'no frame from rank 1', { hint: 'x' }));
  await reasonOf(first!);
  coordinator.lost(STUDENTS[0]!, { how: 'exited with code 1', obeyed: false, hint: '' });
  coordinator.lost(STUDENTS[1]!, { how: 'died of SIGKILL', obeyed: false, hint: 'See its log.' });
  await assert.rejects(coordinator.finished, { code: 'ROLE_FAILED', message: 'student-1 died of SIGKILL' });
});

test('a process that exits after it was done is not a failure', async () => {
  const { coordinator, join } = await begin(STUDENTS);
  const [first, second] = await Promise.all(STUDENTS.map((id) => join(id)));
  await first!.link.done(nothing);
  await second!.link.progress(nothing);
  await second!.link.done(nothing);
  await coordinator.finished;
  coordinator.lost(STUDENTS[0]!, { how: 'exited with code 0', obeyed: false, hint: '' });
  await coordinator.finished;
});

test('roles of another run, unknown roles and duplicates are refused with a reason', async () => {
  const { join } = await begin(STUDENTS);
  await assert.rejects(join(STUDENTS[0]!, 'run-2'), /student-0 belongs to the run run-2, this one is run-1/);
  await assert.rejects(join({ role: 'teacher', rank: 0 }), /teacher-0 is no role of this run/);
  const waiting = join(STUDENTS[0]!);
  await assert.rejects(join(STUDENTS[0]!), /student-0 has already joined/);
  const other = await join(STUDENTS[1]!);
  assert.equal(other.peers.length, 2);
  await waiting;
});

test('an interrupted run stops all roles', async () => {
  const { coordinator, join } = await begin(STUDENTS);
  const [first] = await Promise.all(STUDENTS.map((id) => join(id)));
  coordinator.stop(new BrineError('CANCELLED', 'the run was interrupted', { hint: 'Resume it.' }));
  assert.match((await reasonOf(first!)).message, /the run was interrupted/);
  await assert.rejects(coordinator.finished, { code: 'CANCELLED' });
});

test('a role that disconnects while the run closes is killed, and the run succeeds without its report', async () => {
  let heard: (id: RoleId) => void = () => undefined;
  const killed = new Promise<RoleId>((resolve) => (heard = resolve));
  const { coordinator, join } = await begin([CACHE, ...STUDENTS], { kill: (id) => heard(id) });
  const [cache, ...students] = await Promise.all([CACHE, ...STUDENTS].map((id) => join(id)));
  for (const { link } of students) await link.done(nothing);
  await cache!.link.finished;
  await cache!.link.close();
  assert.deepEqual(await killed, CACHE);
  coordinator.lost(CACHE, { how: 'died of SIGKILL', obeyed: false, hint: '' });
  assert.deepEqual([...(await coordinator.finished).keys()].toSorted(), ['student-0', 'student-1']);
});

test('a student may exit when it is done; if another one then fails, both are replaced', async () => {
  const replaced: string[] = [];
  const { transport, coordinator, join } = await begin(STUDENTS, {
    replace: (id) => replaced.push(`${id.role}-${id.rank}`) > 0,
  });
  const [first] = await Promise.all(STUDENTS.map((id) => join(id)));
  await first!.link.done(nothing);
  await heardAll(transport, coordinator.endpoint);
  coordinator.lost(STUDENTS[0]!, { how: 'exited with code 0', obeyed: false, hint: '' });
  assert.deepEqual(replaced, []);
  coordinator.lost(STUDENTS[1]!, { how: 'died of SIGKILL', obeyed: false, hint: '' });
  assert.deepEqual(replaced, ['student-1', 'student-0']);
  const again = await Promise.all(STUDENTS.map((id) => join(id)));
  for (const { link } of again) await link.done(nothing);
  assert.deepEqual([...(await coordinator.finished).keys()].toSorted(), ['student-0', 'student-1']);
});

test('a ring failure reported before the process exit that caused it does not count as unexplained', async () => {
  const replaced: string[] = [];
  const { coordinator, join, events, transport } = await begin(STUDENTS, {
    replace: (id) => replaced.push(`${id.role}-${id.rank}`) > 0,
  });
  const [first] = await Promise.all(STUDENTS.map((id) => join(id)));
  const awaitingRendezvous = {
    generation: 3,
    step: 5,
    evaluated: true,
    summed: false,
    blank: false,
    endpoint: 'memory://student-0-again',
    why: 'rank 0 lost rank 1',
  };
  await first!.link.awaitingRendezvous(awaitingRendezvous);
  await heardAll(transport, coordinator.endpoint);
  coordinator.lost(STUDENTS[1]!, { how: 'died of SIGKILL', obeyed: false, hint: '' });
  const second = await join(STUDENTS[1]!);
  assert.deepEqual(replaced, ['student-1']);
  assert.equal(second.generation, 4);
  assert.ok(events.some(({ kind }) => kind === 'ringFormed'));
});

test('a ring that breaks too often without a process exit ends the run with the first report', async () => {
  const { coordinator, join, transport } = await begin(STUDENTS);
  const both = await Promise.all(STUDENTS.map((id) => join(id)));
  const where = { generation: 3, step: 5, evaluated: true, summed: false, blank: false };
  await both[1]!.link.awaitingRendezvous({ ...where, endpoint: 'memory://b', why: 'the sums differ' });
  await heardAll(transport, coordinator.endpoint);
  await both[0]!.link.awaitingRendezvous({ ...where, endpoint: 'memory://a', why: 'another rank was lost' });
  await assert.rejects(coordinator.finished, { code: 'ROLE_FAILED', message: /the sums differ/ });
});

/** Says the Hello of a student that was on the ring, over a connection of its own. */
async function helloAgain(transport: Transport, { id, coordinator }: { id: RoleId; coordinator: string }) {
  const client = scope.use(await transport.dial(coordinator, { expect: 'coordinator' }));
  const stands = { endpoint: 'memory://student-0', state: 'memory://state-0', again: true, returns: true };
  await client.send([encodeFromRole({ kind: 'hello', id, run: 'run-1', ...ownProcess(), ...stands })]);
  return client;
}

for (const isStopped of [true, false]) {
  const title = isStopped
    ? 'a coordinator that was itself stopped does not kill the roles that have hung up on it meanwhile'
    : 'a role that comes back over a new connection counts as lost, and is killed';
  test(title, async () => {
    const killed: RoleId[] = [];
    const { transport, coordinator, join } = await begin(STUDENTS, { kill: (id) => killed.push(id) });
    const [first, second] = await Promise.all(STUDENTS.map((id) => join(id)));
    await heardAll(transport, coordinator.endpoint);
    if (isStopped) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200);
    await first!.link.close();
    const back = await helloAgain(transport, { id: STUDENTS[0]!, coordinator: coordinator.endpoint });
    await heardAll(transport, coordinator.endpoint);
    assert.deepEqual([...new Set(killed.map(({ rank }) => rank))], isStopped ? [] : [0]);
    if (!isStopped) return;
    await back.send([encodeFromRole({ kind: 'done', figures: nothing })]);
    await second!.link.done(nothing);
    assert.deepEqual([...(await coordinator.finished).keys()].toSorted(), ['student-0', 'student-1']);
  });
}

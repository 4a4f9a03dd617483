import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, test } from 'node:test';
import { formatSnapshot, formatStatus } from '../../src/cli/screen/snapshot-text.ts';
import { Scope } from '../../src/base/scope.ts';
import { joinRun } from '../../src/control/control-client.ts';
import type { RoleId, RunStatus } from '../../src/control/messages.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import { serveMetrics } from '../../src/launch/metrics-server.ts';
import { cacheFigures, studentFigures } from '../../src/control/snapshot.ts';
import { askStatus, hitRateOf, snapshotOf } from '../../src/control/status.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';

const scope = new Scope();
after(() => scope.close());

const CACHE: RoleId = { role: 'cache', rank: 0 };
const STUDENT: RoleId = { role: 'student', rank: 0 };

async function runningRun() {
  const transport = memoryTransport(memoryNetwork());
  scope.defer(() => transport.close());
  const reported = new Map<string, () => void>();
  const reportOf = (name: string) => new Promise<void>((resolve) => reported.set(name, resolve));
  const coordinator = scope.use(
    await Coordinator.open({
      transport,
      endpoint: 'memory://coordinator',
      run: 'run-1',
      expected: [CACHE, STUDENT],
      joinWithinMs: 10_000,
      generation: 7,
      observe: (event) => {
        if (event.kind === 'progress') reported.get(event.name)?.();
      },
    }),
  );
  const join = async (id: RoleId) => {
    const where = { transport, coordinator: coordinator.endpoint, run: 'run-1', withinMs: 10_000 };
    const { link } = await joinRun({ ...where, id, endpoint: `memory://${id.role}` });
    return scope.use(link);
  };
  return { transport, coordinator, join, reportOf };
}

test('the status lists missing roles, then the figures of all roles', async () => {
  const { transport, coordinator, join, reportOf } = await runningRun();
  const before = await askStatus(transport, coordinator.endpoint);
  assert.deepEqual([before.state, before.missing], ['joining', ['cache', 'student-0']]);
  assert.match(
    formatStatus(before, undefined).join('\n'),
    /^run +joining · ring 7 · missing: cache, student-0$/,
  );

  const [cache, student] = await Promise.all([join(CACHE), join(STUDENT)]);
  const both = Promise.all([reportOf('cache'), reportOf('student-0')]);
  const counts = { stored: 40, rowsAhead: 8, teachersAlive: 2, tokensPerSecond: 900, hits: 30, misses: 10 };
  await cache.progress(cacheFigures({ endpoint: 'memory://cache', identity: 'abcdef123', ...counts }));
  const speeds = { tokensPerSecond: 1200, ringShare: 0, waitShare: 0.25, secondsLeft: 60 };
  const rules = {
    teacherShare: 0.25,
    teacherKl: 0.5,
    teacherParts: 8,
    teacherPartsLeft: 2,
    teacherLeftStep: 4,
  };
  const figures = { step: 5, steps: 10, phase: 'distil', loss: 3.5, labelLoss: 3.25, ...speeds, ...rules };
  await student.progress(studentFigures(figures));
  await both;
  const status = await askStatus(transport, coordinator.endpoint);
  assert.equal(hitRateOf(status), 0.75);
  assert.deepEqual(formatSnapshot(snapshotOf(status)), [
    'cache     memory://cache · labels abcdef… · 40 rows stored',
    'teachers  2 alive · 900 tokens/s · 8 rows ahead',
    'students  1:00 left · step 5/10 · distil · 1 rank · loss 3.500 · teacher share 25% · teacher KL 0.500 · left the teacher in 2 of 8 entropy buckets · 1.20k tokens/s · wait 25%',
  ]);

  const metrics = scope.use(await serveMetrics(0, () => coordinator.status()));
  const text = await (await fetch(metrics.address)).text();
  for (const line of [
    'brine_ring_generation 7',
    'brine_ranks 1',
    'brine_roles_missing 0',
    'brine_tokens_per_second{role="cache"} 900',
    'brine_tokens_per_second{role="student-0"} 1200',
    'brine_wait_share{role="student-0"} 0.25',
    'brine_hits{role="cache"} 30',
    'brine_label_loss{role="student-0"} 3.25',
    'brine_teacher_share{role="student-0"} 0.25',
    'brine_teacher_kl{role="student-0"} 0.5',
    'brine_teacher_parts_left{role="student-0"} 2',
    'brine_teacher_left_step{role="student-0"} 4',
    '# HELP brine_teacher_left_step Step after which the run left the latest part of its teacher',
    '# TYPE brine_teacher_left_step gauge',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
  }
  assert.doesNotMatch(text, /as the role reports it/, 'every figure has its own help text');
  assert.equal((await fetch(metrics.address.replace('/metrics', '/'))).status, 404);
});

test('a silent address is DEADLINE, and a used metrics port is ADDRESS_IN_USE', async () => {
  const transport = memoryTransport(memoryNetwork());
  scope.defer(() => transport.close());
  await assert.rejects(askStatus(transport, 'memory://nobody', 50), {
    code: 'DEADLINE',
    message: /memory:\/\/nobody/,
  });
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  scope.defer(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const status = () => assert.fail('nothing may ask for the status');
  await assert.rejects(serveMetrics(port, status), { code: 'ADDRESS_IN_USE', hint: /roles\.metrics/ });
});

test('metrics are served on loopback by default, and on other addresses on request', async () => {
  const status = (): RunStatus => ({
    kind: 'status',
    state: '',
    generation: 1,
    ranks: 1,
    reports: [],
    missing: [],
  });
  const lone = scope.use(await serveMetrics(0, status));
  assert.match(lone.address, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const own = Object.values(networkInterfaces())
    .flatMap((device) => device ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  const open = scope.use(await serveMetrics(0, status, '0.0.0.0'));
  const port = new URL(open.address).port;
  const reached = await fetch(`http://${own?.address ?? '127.0.0.2'}:${port}/metrics`);
  assert.match(await reached.text(), /^brine_ranks 1$/m);
  const device = scope.use(await serveMetrics(0, status, 'lo'));
  assert.match(device.address, /^http:\/\/127\.0\.0\.1:/);
  await assert.rejects(serveMetrics(0, status, '192.0.2.1'), {
    code: 'ADDRESS_INVALID',
    hint: /roles\.metricsBind/,
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { NetworkInterfaceInfo } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { scoped } from '../../src/base/scope.ts';
import { connectLeases } from '../../src/labels/client/leases.ts';
import { joinCache } from '../../src/labels/protocol/link.ts';
import { memoryStore } from '../../src/labels/store/memory.ts';
import { openLabelServer } from '../../src/labels/server/server.ts';
import { addressOf, cacheAddressOf, checkAccess } from '../../src/recipe/addresses.ts';
import { joinRun } from '../../src/control/control-client.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import { bindFor, ownAddress, reachable } from '../../src/transport/own-address.ts';
import { recipeIdentity, resolveRecipe } from '../../src/recipe/recipe.ts';
import { sourceOf } from '../../src/recipe/recipe-source.ts';
import { askStatus } from '../../src/control/status.ts';
import { readSecurity, writeKeys } from '../../src/security/folder.ts';
import type { KeyRole } from '../../src/security/roles.ts';
import type { Security } from '../../src/security/security.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { IDENTITY } from '../labels/fixtures.ts';
import { TOKENS } from '../labels/served.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-access-'));
after(() => rm(folder, { recursive: true, force: true }));
await writeKeys(folder);
const recipeWith = (roles: Record<string, unknown>) =>
  resolveRecipe(sourceOf({ roles }, { assignments: [] }));

const device = (address: string, internal = false): NetworkInterfaceInfo[] => [
  { address, internal, family: 'IPv4', netmask: '', mac: '', cidr: null },
];

test('a wildcard address is advertised as one that peers can reach', () => {
  const devices = { lo: device('127.0.0.1', true), docker0: device('172.17.0.1'), eth0: device('10.0.0.7') };
  const own = '10.0.0.7';
  assert.equal(reachable('tcp://0.0.0.0:41873', own, devices), 'tcp://10.0.0.7:41873');
  assert.equal(reachable('tcp://10.0.0.9:41873', own, devices), 'tcp://10.0.0.9:41873');
  assert.equal(reachable('tcp://[::]:41873', 'fd00::7', devices), 'tcp://[fd00::7]:41873');
  assert.equal(reachable('tcp://0.0.0.0:41873', undefined, devices), 'tcp://172.17.0.1:41873');
  const alone = { lo: device('127.0.0.1', true) };
  assert.equal(reachable('tcp://0.0.0.0:41873', undefined, alone), 'tcp://127.0.0.1:41873');
  assert.equal(reachable('memory://x', own, devices), 'memory://x');
  assert.equal(cacheAddressOf(recipeWith({ bind: 'eth0' }), 1), 'tcp://eth0:*');
});

test('the own address of a machine is that of its route to the head, never loopback', async () => {
  for (const host of [undefined, '127.0.0.1', 'localhost', '::1', 'no-such-host.invalid']) {
    const own = await ownAddress(host);
    assert.ok(own === undefined || !/^(127\.|::1$|fe80:)/.test(own), `${host}: ${own}`);
  }
});

test('a device is bound by its address in the address family of the head', () => {
  const v6 = { ...device('fd00::7')[0]!, family: 'IPv6', scopeid: 0 } as NetworkInterfaceInfo;
  const devices = { eth0: [...device('10.0.0.7'), v6] };
  assert.equal(bindFor('eth0', '10.0.0.7', devices), 'eth0');
  assert.equal(bindFor('eth0', 'fd00::7', devices), 'fd00::7');
  assert.equal(bindFor('0.0.0.0', 'fd00::7', devices), '::');
  assert.equal(bindFor('0.0.0.0', '10.0.0.7', devices), '0.0.0.0');
  assert.equal(bindFor('10.0.0.7', 'fd00::7', devices), '10.0.0.7');
  assert.equal(bindFor('0.0.0.0', undefined, devices), '0.0.0.0');
});

test('an IPv6 address is accepted with and without brackets', () => {
  for (const bind of ['fd00::1', '[fd00::1]']) {
    assert.equal(addressOf(recipeWith({ bind })), 'tcp://[fd00::1]:*');
    const recipe = recipeWith({ cache: `tcp://${bind}:41873` });
    assert.equal(cacheAddressOf(recipe, 2), 'tcp://[fd00::1]:41875');
  }
  const written = (assignment: string) =>
    resolveRecipe(sourceOf({}, { assignments: [assignment] })).roles.bind;
  assert.equal(written('roles.bind=[fd00::1]'), 'fd00::1', 'YAML parses it as a list');
  assert.equal(written('roles.bind=fd00::1'), 'fd00::1');
  assert.equal(written('roles.bind="::"'), '::');
  assert.throws(() => written('roles.bind=::'), {
    code: 'CONFIG_INVALID',
    message: /IPv6 address in quotes/,
  });
  for (const roles of [{ bind: 'fd00::1::2' }, { cache: 'tcp://fd00::1' }])
    assert.throws(() => recipeWith(roles), { code: 'CONFIG_INVALID', message: /fd00::1/ });
});

test('addresses and keys are not part of the identity of a run', () => {
  const identity = recipeIdentity(recipeWith({}));
  assert.equal(recipeIdentity(recipeWith({ bind: 'eth0', keys: folder })), identity);
  assert.notEqual(recipeIdentity(recipeWith({ ranks: 2 })), identity);
});

test('serving other machines requires keys or --insecure', async () => {
  const roles: KeyRole[] = ['coordinator', 'student'];
  await checkAccess(recipeWith({}), roles);
  const exposed = recipeWith({ bind: 'eth0' });
  await assert.rejects(checkAccess(exposed, roles), { code: 'ADDRESS_EXPOSED' });
  await checkAccess(exposed, roles, true);
  await checkAccess(recipeWith({ bind: 'eth0', keys: folder }), roles);
  const without = join(folder, 'none');
  await assert.rejects(checkAccess(recipeWith({ keys: without }), roles), { code: 'FILE_MISSING' });
});

test('coordinator and label cache refuse a role with the key of another role', () =>
  scoped(async (scope) => {
    const network = memoryNetwork();
    for (const { address, open } of [
      { address: 'tcp://127.0.0.1:*', open: (security: Security) => zmqTransport({ security }) },
      { address: 'memory://*', open: (security: Security) => memoryTransport(network, { security }) },
    ]) {
      const transport = async (role: KeyRole) => {
        const opened = open(await readSecurity(folder, role));
        scope.defer(() => opened.close());
        return opened;
      };
      const coordinator = scope.use(
        await Coordinator.open({
          transport: await transport('coordinator'),
          endpoint: address,
          run: 'run-1',
          expected: [{ role: 'student', rank: 0 }],
          joinWithinMs: 20_000,
          generation: 1,
        }),
      );
      const joinAsStudent = async (keyRole: KeyRole) =>
        joinRun({
          transport: await transport(keyRole),
          coordinator: coordinator.endpoint,
          id: { role: 'student', rank: 0 },
          run: 'run-1',
          withinMs: 10_000,
        });
      await assert.rejects(joinAsStudent('teacher'), { code: 'CANCELLED', message: /key of a teacher/ });
      await assert.rejects(joinAsStudent('observer'), { code: 'CANCELLED', message: /key of an observer/ });
      const { state } = await askStatus(await transport('observer'), coordinator.endpoint);
      assert.equal(state, 'joining', 'an observer may read the status');
      const { link } = await joinAsStudent('student');
      scope.use(link);

      const cache = scope.use(
        await openLabelServer({
          transport: await transport('cache'),
          endpoint: address,
          store: memoryStore(),
          identity: IDENTITY,
          tokens: TOKENS,
        }),
      );
      const { endpoint } = cache;
      const teacher = await transport('teacher');
      const asStudent = joinCache({ transport: teacher, endpoint, role: 'student', identity: IDENTITY });
      await assert.rejects(asStudent, { code: 'NOT_ADMITTED', message: /key of a teacher/ });
      const student = await transport('student');
      const asTeacher = connectLeases({ transport: student, endpoints: [endpoint], identity: IDENTITY });
      await assert.rejects(asTeacher, { code: 'NOT_ADMITTED', message: /key of a student/ });
      scope.use(await joinCache({ transport: teacher, endpoint, role: 'observer' }));
      scope.use(await connectLeases({ transport: teacher, endpoints: [endpoint], identity: IDENTITY }));
    }
  }));

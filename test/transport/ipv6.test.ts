import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import {
  checkEndpoint,
  hostOf,
  normalEndpoint,
  staysHere,
  tcpEndpoint,
} from '../../src/transport/endpoint.ts';
import { needsIpv6 } from '../../src/transport/endpoint.ts';

test('an IPv6 address with a port is written in brackets', () => {
  assert.equal(normalEndpoint('tcp://fd00::1:41873'), 'tcp://[fd00::1]:41873');
  assert.equal(normalEndpoint('tcp://[fd00::1]:41873'), 'tcp://[fd00::1]:41873');
  assert.equal(normalEndpoint('tcp://:::*'), 'tcp://[::]:*');
  assert.equal(normalEndpoint('tcp://gpu1:5'), 'tcp://gpu1:5');
  assert.equal(normalEndpoint('memory://x'), 'memory://x');
  assert.equal(tcpEndpoint('::', '*'), 'tcp://[::]:*');
  assert.equal(hostOf('tcp://fe80::1%eth0:5'), 'fe80::1%eth0');
  assert.ok(staysHere('tcp://[::1]:5') && staysHere('tcp://::1:5') && !staysHere('tcp://[fd00::1]:5'));
});

test('an IPv6 address without a port is refused with an error that names IPv6', () => {
  for (const endpoint of ['tcp://fd00::1', 'tcp://fd00:1:2', 'tcp://[gpu1]:5'])
    assert.throws(() => checkEndpoint(normalEndpoint(endpoint)), {
      code: 'ADDRESS_INVALID',
      message: /IPv6/,
    });
  checkEndpoint('tcp://[fd00::1]:5');
});

test('a socket uses IPv6 only if IPv4 is not possible', async () => {
  const as = (family: 'IPv4' | 'IPv6', address: string, internal = false) =>
    ({ address, internal, family, netmask: '', mac: '', cidr: null, scopeid: 0 }) as NetworkInterfaceInfo;
  const lo = [as('IPv4', '127.0.0.1', true), as('IPv6', '::1', true)];
  const both = { lo, eth0: [as('IPv4', '10.0.0.7'), as('IPv6', 'fd00::7')] };
  const one = { lo, eth0: [as('IPv6', 'fd00::7')] };
  const cases: [string, typeof both, boolean][] = [
    ['tcp://[fd00::1]:5', both, true],
    ['tcp://10.0.0.9:5', one, false],
    ['tcp://*:5', one, false],
    ['tcp://eth0:*', both, false],
    ['tcp://eth0:*', one, true],
    ['tcp://localhost:5', both, false],
    ['tcp://no-such-host.invalid:5', both, false],
    ['tcp://no-such-host.invalid:5', one, true],
    ['ipc:///x', one, false],
  ];
  for (const [endpoint, devices, expected] of cases)
    assert.equal(await needsIpv6(endpoint, devices), expected, endpoint);
});

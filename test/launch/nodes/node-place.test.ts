import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodePlace } from '../../../src/launch/nodes/node-place.ts';

const cases = [
  [
    'nothing: one machine',
    {},
    {
      rank: 0,
      nodes: 1,
      leastNodes: 1,
      head: { host: '127.0.0.1', port: 29400 },
      ranksEach: undefined,
      source: 'flags',
    },
  ],
  [
    'flags',
    { nnodes: '4', nodeRank: 1, head: 'a:7', nprocPerNode: 8 },
    { rank: 1, nodes: 4, leastNodes: 4, head: { host: 'a', port: 7 }, ranksEach: 8, source: 'flags' },
  ],
  [
    'flags, with a range of machines',
    { nnodes: '2:4', nodeRank: 3, head: 'a' },
    {
      rank: 3,
      nodes: 4,
      leastNodes: 2,
      head: { host: 'a', port: 29400 },
      ranksEach: undefined,
      source: 'flags',
    },
  ],
] as const;

for (const [name, flags, place] of cases) {
  test(`reads the place of a machine from ${name}`, () => {
    assert.deepEqual(nodePlace(flags, {}), place);
  });
}

test('a flag overrides the environment', () => {
  const { rank, head } = nodePlace(
    { nodeRank: 1, head: '[::1]:5' },
    { SLURM_NODEID: '0', SLURM_NNODES: '2' },
  );
  assert.deepEqual([rank, head], [1, { host: '::1', port: 5 }]);
});

test('the IPv6 address of the head may be bare, or in brackets with a port', () => {
  const flags = { nnodes: '2', nodeRank: 1 };
  const headBy = (head: string | undefined, environment: Record<string, string> = {}) =>
    nodePlace({ ...flags, ...(head !== undefined && { head }) }, environment).head;
  assert.deepEqual(headBy('fd00:1::a'), { host: 'fd00:1::a', port: 29_400 });
  assert.deepEqual(headBy('[fd00:1::a]'), { host: 'fd00:1::a', port: 29_400 });
  assert.deepEqual(headBy('[fd00:1::a]:5'), { host: 'fd00:1::a', port: 5 });
  assert.deepEqual(headBy('tcp://[fd00:1::a]:5'), { host: 'fd00:1::a', port: 5 });
  const torchrun = { MASTER_ADDR: 'fd00:1::a', MASTER_PORT: '5', NODE_RANK: '1', NNODES: '2' };
  assert.deepEqual(headBy(undefined, torchrun), { host: 'fd00:1::a', port: 5 });
  const skypilot = {
    SKYPILOT_NODE_RANK: '1',
    SKYPILOT_NUM_NODES: '2',
    SKYPILOT_NODE_IPS: 'fd00:1::a\nfd00:1::b',
  };
  assert.deepEqual(headBy(undefined, skypilot), { host: 'fd00:1::a', port: 29_400 });
  assert.deepEqual(headBy('gpu_0.cluster.local.:5'), { host: 'gpu_0.cluster.local.', port: 5 });
  assert.throws(() => headBy('fd00:1:::5'), { code: 'BAD_ARGUMENT', hint: /\[IPV6-ADDRESS\]:PORT/ });
});

test('an invalid place is refused with the value that is wrong', () => {
  for (const [flags, environment, message] of [
    [{ nnodes: '2', nodeRank: 2, head: 'a' }, {}, /node rank 2 is out of range for 2 machines/],
    [{ nnodes: '2', nodeRank: 1 }, {}, /needs the address of its head/],
    [{ nnodes: '1:2' }, {}, /needs the address of its head/],
    [{ nnodes: '2:4', nodeRank: 4, head: 'a' }, {}, /node rank 4 is out of range for 4 machines/],
    [{ nnodes: '4:2', head: 'a' }, {}, /the number of machines is "4:2"/],
    [{ nnodes: '0:3', head: 'a' }, {}, /machines is "0:3"/],
    [{ nnodes: '0', head: 'a' }, {}, /machines is "0"/],
    [{ nnodes: 'a', head: 'a' }, {}, /machines is "a"/],
    [{ nnodes: '1:2:3', head: 'a' }, {}, /machines is "1:2:3"/],
    [{ nnodes: '2:', head: 'a' }, {}, /machines is "2:"/],
    [{ nnodes: '-1:2', head: 'a' }, {}, /machines is "-1:2"/],
    [{}, { SLURM_NODEID: 'x', SLURM_NNODES: '2' }, /"x" is not a whole number/],
    [{ head: 'a:70000' }, {}, /the head is "a:70000"/],
    [{ head: 'a b:c' }, {}, /the head/],
    [{ head: '[fd00::zz]:5' }, {}, /the head/],
    [{ head: 'fd00::1:29400:7:8:9:a:b:c' }, {}, /the head/],
    [{}, { WORLD_SIZE: '7', LOCAL_WORLD_SIZE: '2', RANK: '0' }, /machines is "3.5"/],
    [{}, { JOB_COMPLETION_INDEX: '3' }, /node rank 3 is out of range for 1 machine \(from Kubernetes\)/],
  ] as const) {
    assert.throws(() => nodePlace(flags, environment), { code: 'BAD_ARGUMENT', message });
  }
});

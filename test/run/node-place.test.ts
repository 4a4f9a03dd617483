import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstHost, nodePlace } from '../../src/run/node-place.ts';

const cases = [
  [
    'nothing: one machine',
    {},
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
    {},
    { rank: 1, nodes: 4, leastNodes: 4, head: { host: 'a', port: 7 }, ranksEach: 8, source: 'flags' },
  ],
  [
    'flags, with a range of machines',
    { nnodes: '2:4', nodeRank: 3, head: 'a' },
    {},
    {
      rank: 3,
      nodes: 4,
      leastNodes: 2,
      head: { host: 'a', port: 29400 },
      ranksEach: undefined,
      source: 'flags',
    },
  ],
  [
    'torchrun',
    {},
    { GROUP_RANK: '2', WORLD_SIZE: '24', LOCAL_WORLD_SIZE: '8', MASTER_ADDR: 'm', MASTER_PORT: '29500' },
    { rank: 2, nodes: 3, leastNodes: 3, head: { host: 'm', port: 29500 }, ranksEach: 8, source: 'torchrun' },
  ],
  [
    'Kubeflow, whose number of machines may be a range',
    {},
    { PET_NNODES: '2:4', PET_NODE_RANK: '3', PET_RDZV_ENDPOINT: 'head-0:23456', PET_NPROC_PER_NODE: '2' },
    {
      rank: 3,
      nodes: 4,
      leastNodes: 2,
      head: { host: 'head-0', port: 23456 },
      ranksEach: 2,
      source: 'Kubeflow',
    },
  ],
  [
    'Slurm',
    {},
    { SLURM_NODEID: '1', SLURM_NNODES: '2', SLURM_JOB_NODELIST: 'gpu[03-05,9]', SLURM_GPUS_ON_NODE: '4' },
    { rank: 1, nodes: 2, leastNodes: 2, head: { host: 'gpu03', port: 29400 }, ranksEach: 4, source: 'Slurm' },
  ],
  [
    'SkyPilot on machines without GPUs',
    {},
    {
      SKYPILOT_NODE_RANK: '0',
      SKYPILOT_NUM_NODES: '2',
      SKYPILOT_NODE_IPS: '10.0.0.1\n10.0.0.2',
      SKYPILOT_NUM_GPUS_PER_NODE: '0',
    },
    {
      rank: 0,
      nodes: 2,
      leastNodes: 2,
      head: { host: '10.0.0.1', port: 29400 },
      ranksEach: undefined,
      source: 'SkyPilot',
    },
  ],
  [
    'an indexed Kubernetes job that names its head',
    { head: 'job-0.job:29400' },
    { JOB_COMPLETION_INDEX: '1', NNODES: '2' },
    {
      rank: 1,
      nodes: 2,
      leastNodes: 2,
      head: { host: 'job-0.job', port: 29400 },
      ranksEach: undefined,
      source: 'Kubernetes',
    },
  ],
] as const;

for (const [name, flags, environment, place] of cases) {
  test(`the place of a machine by ${name}`, () => {
    assert.deepEqual(nodePlace(flags, environment), place);
  });
}

test('a flag outweighs the environment', () => {
  const { rank, head } = nodePlace({ nodeRank: 1, head: 'gpu1:5' }, { SLURM_NODEID: '0', SLURM_NNODES: '2' });
  assert.deepEqual([rank, head], [1, { host: 'gpu1', port: 5 }]);
});

test('an IPv6 address of the head may be bare, or in brackets with a port', () => {
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
  assert.throws(() => headBy('fd00:1:::5'), { code: 'BAD_ARGUMENT', hint: /\[ADDRESS\]:PORT/ });
});

test('places that make no sense say which', () => {
  for (const [flags, environment, message] of [
    [{ nnodes: '2', nodeRank: 2, head: 'a' }, {}, /node 2 of 2/],
    [{ nnodes: '2' }, {}, /without the address of its head/],
    [{ nnodes: '1:2' }, {}, /without the address of its head/],
    [{ nnodes: '2:4', nodeRank: 4, head: 'a' }, {}, /node 4 of 4/],
    [{ nnodes: '4:2', head: 'a' }, {}, /"4:2" machines/],
    [{ nnodes: '0:3', head: 'a' }, {}, /"0:3" machines/],
    [{ nnodes: '0', head: 'a' }, {}, /"0" machines/],
    [{ nnodes: 'a', head: 'a' }, {}, /"a" machines/],
    [{ nnodes: '1:2:3', head: 'a' }, {}, /"1:2:3" machines/],
    [{ nnodes: '2:', head: 'a' }, {}, /"2:" machines/],
    [{ nnodes: '-1:2', head: 'a' }, {}, /"-1:2" machines/],
    [{}, { SLURM_NODEID: 'x', SLURM_NNODES: '2' }, /"x" where a whole number belongs/],
    [{ head: 'a:70000' }, {}, /the head "a:70000"/],
    [{ head: 'a b:c' }, {}, /the head/],
  ] as const) {
    assert.throws(() => nodePlace(flags, environment), { code: 'BAD_ARGUMENT', message });
  }
});

test("the first of Slurm's hosts", () => {
  const hosts = [undefined, '', 'a', 'a,b', 'n[1-3]', 'n[01,03-04]x,z', 'n-[7]'].map(firstHost);
  assert.deepEqual(hosts, [undefined, undefined, 'a', 'a', 'n1', 'n01x', 'n-7']);
});

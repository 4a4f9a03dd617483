import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodePlace } from '../../../src/launch/nodes/node-place.ts';

const cases = [
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
    {
      rank: 1,
      nodes: 2,
      leastNodes: 2,
      head: { host: 'gpu03', port: 29400 },
      ranksEach: 4,
      countsGpus: true,
      source: 'Slurm',
    },
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
  test(`reads the place of a machine from ${name}`, () => {
    assert.deepEqual(nodePlace(flags, environment), place);
  });
}

const PET = { PET_NNODES: '2', PET_MASTER_ADDR: 'h', PET_MASTER_PORT: '29500' };

test('reads every form of the variables of launchers', () => {
  for (const [name, environment, wanted] of [
    ['trainer v2', { ...PET, PET_NODE_RANK: '1', PET_NPROC_PER_NODE: '4' }, [1, 2, 'h:29500', 4]],
    ['auto', { ...PET, PET_NODE_RANK: '1', PET_NPROC_PER_NODE: 'auto' }, [1, 2, 'h:29500', undefined]],
    ['gpu', { ...PET, PET_NODE_RANK: '0', PET_NPROC_PER_NODE: 'gpu' }, [0, 2, 'h:29500', undefined]],
    ['cpu', { ...PET, PET_NODE_RANK: '0', PET_NPROC_PER_NODE: 'cpu' }, [0, 2, 'h:29500', undefined]],
    [
      'an index beside PET',
      { ...PET, PET_NNODES: '2:4', JOB_COMPLETION_INDEX: '3' },
      [3, 4, 'h:29500', undefined],
    ],
    ['a rank beside PET', { ...PET, WORLD_SIZE: '2', RANK: '1' }, [1, 2, 'h:29500', undefined]],
    [
      'an operator without PET',
      { MASTER_ADDR: 'h', WORLD_SIZE: '3', RANK: '2' },
      [2, 3, 'h:29400', undefined],
    ],
    [
      'torchrun, one worker a machine',
      {
        MASTER_ADDR: 'h',
        GROUP_RANK: '1',
        GROUP_WORLD_SIZE: '2',
        LOCAL_RANK: '0',
        LOCAL_WORLD_SIZE: '1',
        RANK: '1',
      },
      [1, 2, 'h:29400', 1],
    ],
    [
      'NPROC_PER_NODE=gpu',
      { MASTER_ADDR: 'h', NNODES: '2', NODE_RANK: '1', NPROC_PER_NODE: 'gpu' },
      [1, 2, 'h:29400', undefined],
    ],
    [
      'a step of fewer machines than its Slurm job',
      {
        SLURM_NODEID: '1',
        SLURM_NNODES: '4',
        SLURM_JOB_NODELIST: 'n[1-4]',
        SLURM_STEP_NUM_NODES: '2',
        SLURM_STEP_NODELIST: 'n[3-4]',
      },
      [1, 2, 'n3:29400', undefined],
    ],
    [
      'Slurm without GPUs',
      { SLURM_NODEID: '0', SLURM_NNODES: '2', SLURM_JOB_NODELIST: 'n[1-2]', SLURM_GPUS_ON_NODE: '0' },
      [0, 2, 'n1:29400', undefined],
    ],
    [
      'a job of one Slurm node whose list is (null)',
      { SLURM_NODEID: '0', SLURM_NNODES: '1', SLURM_JOB_NODELIST: '(null)', SLURM_GPUS_ON_NODE: '(null)' },
      [0, 1, '127.0.0.1:29400', undefined],
    ],
    [
      'mpirun in a Slurm job, which numbers machines otherwise',
      {
        OMPI_COMM_WORLD_RANK: '1',
        OMPI_COMM_WORLD_SIZE: '2',
        OMPI_COMM_WORLD_LOCAL_RANK: '0',
        SLURM_NODEID: '0',
        SLURM_NNODES: '2',
        SLURM_JOB_NODELIST: 'n[1-2]',
      },
      [1, 2, 'n1:29400', undefined],
    ],
    [
      'mpiexec by Hydra',
      { PMI_RANK: '2', PMI_SIZE: '3', MPI_LOCALRANKID: '0', MASTER_ADDR: 'h', MASTER_PORT: '5' },
      [2, 3, 'h:5', undefined],
    ],
    [
      'SkyPilot with IPv6',
      {
        SKYPILOT_NODE_RANK: '1',
        SKYPILOT_NUM_NODES: '2',
        SKYPILOT_NODE_IPS: 'fd00:1::a\nfd00:1::b',
        SKYPILOT_NUM_GPUS_PER_NODE: '8',
      },
      [1, 2, 'fd00:1::a:29400', 8],
    ],
    [
      'a bare IPv6 address',
      { MASTER_ADDR: 'fd00:1::a', MASTER_PORT: '7', NNODES: '2', NODE_RANK: '1' },
      [1, 2, 'fd00:1::a:7', undefined],
    ],
    [
      'an empty variable',
      { MASTER_ADDR: 'h', NNODES: '2', NODE_RANK: '1', GROUP_RANK: '', NPROC_PER_NODE: '' },
      [1, 2, 'h:29400', undefined],
    ],
  ] as const) {
    const { rank, nodes, head, ranksEach } = nodePlace({}, environment);
    assert.deepEqual([rank, nodes, `${head.host}:${head.port}`, ranksEach], wanted, name);
  }
});

test('a machine without a rank is refused in a run of several machines', () => {
  for (const [name, flags, environment] of [
    ['flags', { nnodes: '2', head: 'h' }, {}],
    [
      'an elastic PyTorchJob',
      {},
      { PET_NNODES: '2:4', PET_RDZV_ENDPOINT: 'w-0:23456', PET_NPROC_PER_NODE: '1' },
    ],
    ['an elastic PyTorchJob of 1 to 2', {}, { PET_NNODES: '1:2', PET_RDZV_ENDPOINT: 'w-0:23456' }],
    ['torchrun without a rank', {}, { MASTER_ADDR: 'h', NNODES: '2', NPROC_PER_NODE: '1' }],
    ['a rank that is empty', {}, { ...PET, PET_NODE_RANK: '' }],
    ['a Slurm allocation without a step', {}, { SLURM_NNODES: '4', SLURM_JOB_NODELIST: 'n[1-4]' }],
    ['SkyPilot without a rank', {}, { SKYPILOT_NUM_NODES: '2', SKYPILOT_NODE_IPS: '10.0.0.1\n10.0.0.2' }],
  ] as const) {
    assert.throws(() => nodePlace(flags, environment), { code: 'BAD_ARGUMENT', hint: /--node-rank/ }, name);
  }
  assert.equal(nodePlace({ nodeRank: 1 }, { PET_NNODES: '2', PET_MASTER_ADDR: 'h' }).rank, 1);
  assert.equal(nodePlace({}, { SLURM_NNODES: '1', SLURM_JOB_NODELIST: 'n1' }).rank, 0);
});

test('a second process on a machine is refused without --node-rank', () => {
  for (const [name, environment] of [
    [
      'LOCAL_RANK',
      {
        MASTER_ADDR: 'h',
        GROUP_RANK: '0',
        GROUP_WORLD_SIZE: '2',
        LOCAL_WORLD_SIZE: '2',
        RANK: '1',
        WORLD_SIZE: '4',
      },
    ],
    ['LOCAL_RANK', {}],
    ['SLURM_LOCALID', { SLURM_NODEID: '0', SLURM_NNODES: '1', SLURM_JOB_NODELIST: 'n1', SLURM_PROCID: '1' }],
    [
      'OMPI_COMM_WORLD_LOCAL_RANK',
      { OMPI_COMM_WORLD_RANK: '1', OMPI_COMM_WORLD_SIZE: '2', MASTER_ADDR: 'h' },
    ],
    ['MPI_LOCALRANKID', { PMI_RANK: '1', PMI_SIZE: '2', MASTER_ADDR: 'h' }],
  ] as const) {
    const further = { ...environment, [name]: '1' };
    assert.throws(() => nodePlace({}, further), {
      code: 'BAD_ARGUMENT',
      message: new RegExp(`${name} is 1`),
    });
    const { rank, nodes } = nodePlace({ nnodes: '4', nodeRank: 3, head: 'h' }, further);
    assert.deepEqual([rank, nodes], [3, 4]);
  }
});

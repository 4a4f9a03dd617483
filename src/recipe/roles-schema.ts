import { z } from '../base/zod.ts';
import { WIRES } from '../ring/wire.ts';
import { isHost, isTcpEndpoint, normalEndpoint, withoutBrackets } from '../transport/endpoint.ts';
import { count, path, seconds } from './units.ts';

/** YAML reads an IPv6 address in brackets as a list. */
const unlisted = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' ? value[0] : value;

/** The keys of `roles`: processes, devices, addresses and timeouts. */
export const roles = z.strictObject({
  ranks: count().max(1024).default(1).describe('Student processes.'),
  ranksAtLeast: count()
    .max(1024)
    .optional()
    .describe(
      'Minimum number of students: the run starts and continues with fewer than roles.ranks, and admits more when they join. The batches stay the same; sums are rounded differently.',
    ),
  teachers: z.number().int().min(0).max(1024).default(1).describe('Teacher processes.'),
  engines: count()
    .max(256)
    .default(1)
    .describe('Engines in each teacher process: threads, or GPUs with roles.device: cuda.'),
  caches: count().max(256).default(1).describe('Label cache servers; each stores one partition.'),
  device: z.enum(['cpu', 'cuda']).default('cpu').describe('Device that students and teachers compute on.'),
  threads: count()
    .max(256)
    .default(1)
    .describe('Intra-operator threads of each student rank and each teacher.'),
  affinity: z
    .enum(['none', 'cores'])
    .default('none')
    .describe('Pin each student rank to its own cores (docs/cluster.md), or let the system place them.'),
  bind: z
    .preprocess(
      unlisted,
      z.string({ error: 'expected an address or a network device; an IPv6 address in quotes' }),
    )
    .refine(isHost, 'expected an address or a network device, such as 127.0.0.1, fd00::1 or eth0')
    .transform(withoutBrackets)
    .default('127.0.0.1')
    .meta({
      title: 'address',
      description:
        'Address or network device (such as eth0) at which the processes of the run serve; 0.0.0.0 for all.',
    }),
  cache: z
    .string()
    .transform(normalEndpoint)
    .refine(isTcpEndpoint, 'expected an address such as tcp://127.0.0.1:* or tcp://[fd00::1]:41873')
    .optional()
    .meta({
      title: 'endpoint',
      description:
        'Endpoint of the label cache. Default: a free port at roles.bind. Further servers use the following ports.',
    }),
  keys: path()
    .optional()
    .describe(
      'Key folder made by brine keys: connections are encrypted, and only admitted keys can connect (docs/security.md).',
    ),
  metrics: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe('Port of the Prometheus metrics of the coordinator; 0 for a free one.'),
  metricsBind: z
    .string()
    .regex(/^[^\s/*[\]]+$/, 'expected an address or a network device, such as 0.0.0.0 or eth0')
    .default('127.0.0.1')
    .meta({
      title: 'address',
      description: 'Address or network device of the metrics; 0.0.0.0 for all. The metrics need no key.',
    }),
  wire: z
    .enum(WIRES)
    .default('float32')
    .describe(
      'Wire format of gradients between ranks (docs/ring.md). It changes results. Only float32 and bf16 resume bit for bit: checkpoints do not contain the error feedback of int8.',
    ),
  overlap: count()
    .max(1024)
    .default(1)
    .describe(
      'Stages of the backward pass: the gradients of a stage are reduced while the next is computed (docs/ring.md). 1 for no overlap; at most the layers of the student + 1.',
    ),
  shardOptimizer: z
    .boolean()
    .default(false)
    .describe(
      'Shard the state of AdamW: each rank stores one share and updates that share of the parameters (docs/ring.md). Losing a rank restarts all ranks from the latest checkpoint.',
    ),
  joinWithin: seconds().default(60).describe('How long processes may take to join the run.'),
  returnWithin: seconds()
    .default(10)
    .describe(
      'With roles.ranksAtLeast: how long students wait for a lost one before they continue without it.',
    ),
  restarts: z.number().int().nonnegative().default(3).describe('Maximum restarts of each process in a run.'),
  waitAtMost: seconds().default(120).describe('How long a process waits for a ring neighbour or for labels.'),
  headless: seconds()
    .default(120)
    .describe('Coordinator timeout: how long processes run without a coordinator before they save and exit.'),
});

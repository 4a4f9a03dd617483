/**
 * Where among the machines of a run this one stands, from what launchers put into the environment. Pure: flags first, then the
 * names of torchrun and Kubeflow (PET_*), Slurm, SkyPilot, and an indexed Kubernetes job.
 */
import { isIPv6 } from 'node:net';
import { BrineError } from '../base/errors.ts';
import { isHost, withoutBrackets } from '../transport/endpoint.ts';

export interface NodePlace {
  /** Of this machine, from 0: the head, where coordinator and caches run. */
  readonly rank: number;
  /** At most. */
  readonly nodes: number;
  /** The fewest machines that the run begins and goes on with: `nodes`, unless they were given as MIN:MAX. */
  readonly leastNodes: number;
  /** Where the head's coordinator serves. */
  readonly head: { readonly host: string; readonly port: number };
  /** Student ranks a machine; undefined when nobody says. */
  readonly ranksEach: number | undefined;
  /** Who said so, for people. */
  readonly source: string;
}

export interface NodeFlags {
  /** N or MIN:MAX. */
  readonly nnodes?: string | undefined;
  readonly nodeRank?: number | undefined;
  readonly nprocPerNode?: number | undefined;
  /** HOST or HOST:PORT. */
  readonly head?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** torchrun's own port. */
const PORT = 29_400;

/** Throws BAD_ARGUMENT when a run of several machines has no head, or a number makes no sense. */
export function nodePlace(flags: NodeFlags, environment: Environment): NodePlace {
  const launcher = LAUNCHERS.find(({ marks }) => marks.some((name) => environment[name] !== undefined));
  const said = launcher?.read(environment) ?? {};
  const { nodes, leastNodes } = nodesOf(flags.nnodes ?? said.nodes ?? '1');
  const rank = flags.nodeRank ?? number(said.rank) ?? 0;
  const head = flags.head ?? said.head;
  const source = launcher?.name ?? 'flags';
  if (!(nodes >= 1 && rank >= 0 && rank < nodes)) {
    throw wrong(
      `node ${rank} of ${nodes} (by ${source})`,
      'Node ranks count from 0: --node-rank 0 … --nnodes - 1.',
    );
  }
  if (nodes > 1 && !head) {
    throw wrong(
      `a run of ${nodes} machines without the address of its head`,
      'Add --head HOST:PORT: where node 0 runs.',
    );
  }
  return {
    rank,
    nodes,
    leastNodes,
    head: address(head ?? '127.0.0.1', said.port),
    ranksEach: flags.nprocPerNode ?? number(said.each),
    source,
  };
}

interface Said {
  readonly rank?: string | undefined;
  readonly nodes?: string | undefined;
  readonly head?: string | undefined;
  readonly port?: string | undefined;
  readonly each?: string | undefined;
}

interface Launcher {
  readonly name: string;
  /** Variables any of which says that this launcher is at work. */
  readonly marks: readonly string[];
  readonly read: (environment: Environment) => Said;
}

const LAUNCHERS: readonly Launcher[] = [
  {
    name: 'Kubeflow',
    marks: ['PET_NNODES', 'PET_NODE_RANK'],
    read: (is) => ({
      rank: is['PET_NODE_RANK'],
      nodes: is['PET_NNODES'],
      head: is['PET_RDZV_ENDPOINT'] ?? is['PET_MASTER_ADDR'] ?? is['MASTER_ADDR'],
      port: is['PET_MASTER_PORT'] ?? is['MASTER_PORT'],
      each: is['PET_NPROC_PER_NODE'],
    }),
  },
  {
    name: 'SkyPilot',
    marks: ['SKYPILOT_NODE_RANK'],
    read: (is) => ({
      rank: is['SKYPILOT_NODE_RANK'],
      nodes: is['SKYPILOT_NUM_NODES'],
      head: is['SKYPILOT_NODE_IPS']?.trim().split('\n')[0],
      each: positive(is['SKYPILOT_NUM_GPUS_PER_NODE']),
    }),
  },
  {
    name: 'Slurm',
    marks: ['SLURM_NODEID', 'SLURM_JOB_NODELIST'],
    read: (is) => ({
      rank: is['SLURM_NODEID'],
      nodes: is['SLURM_NNODES'] ?? is['SLURM_JOB_NUM_NODES'],
      head: is['MASTER_ADDR'] ?? firstHost(is['SLURM_JOB_NODELIST'] ?? is['SLURM_NODELIST']),
      port: is['MASTER_PORT'],
      each: is['SLURM_GPUS_ON_NODE'],
    }),
  },
  {
    name: 'torchrun',
    marks: ['GROUP_RANK', 'NODE_RANK', 'MASTER_ADDR'],
    read: (is) => ({
      rank: is['GROUP_RANK'] ?? is['NODE_RANK'] ?? is['JOB_COMPLETION_INDEX'],
      nodes: is['GROUP_WORLD_SIZE'] ?? is['NNODES'] ?? perNode(is['WORLD_SIZE'], is['LOCAL_WORLD_SIZE']),
      head: is['MASTER_ADDR'],
      port: is['MASTER_PORT'],
      each: is['LOCAL_WORLD_SIZE'] ?? is['NPROC_PER_NODE'],
    }),
  },
  {
    name: 'Kubernetes',
    marks: ['JOB_COMPLETION_INDEX'],
    read: (is) => ({ rank: is['JOB_COMPLETION_INDEX'], nodes: is['NNODES'] }),
  },
];

/** The first host of a Slurm list, such as gpu[03-05,9],login1: "gpu03". */
export function firstHost(list: string | undefined): string | undefined {
  const match = /^([^,[]+)(?:\[([^\],-]+)[^\]]*\]([^,]*))?/.exec(list?.trim() ?? '');
  if (!match) return undefined;
  const [, prefix = '', first = '', suffix = ''] = match;
  return `${prefix}${first}${suffix}`;
}

/** N or MIN:MAX, as torchrun has it. Throws BAD_ARGUMENT. */
function nodesOf(text: string): { nodes: number; leastNodes: number } {
  const [, min, max] = /^(\d+)(?::(\d+))?$/.exec(text.trim()) ?? [];
  const [leastNodes, nodes] = [Number(min), Number(max ?? min)];
  if (Number.isSafeInteger(nodes) && leastNodes >= 1 && leastNodes <= nodes) return { nodes, leastNodes };
  throw wrong(
    `${JSON.stringify(text)} machines`,
    'Give --nnodes N, or MIN:MAX with 1 <= MIN <= MAX, such as 2:4.',
  );
}

function perNode(all: string | undefined, each: string | undefined): string | undefined {
  return all === undefined || each === undefined ? undefined : String(Number(all) / Number(each));
}

/** GPUs: none is no number of ranks. */
function positive(text: string | undefined): string | undefined {
  return text === undefined || Number(text) === 0 ? undefined : text;
}

/** HOST, HOST:PORT, an IPv6 address, or one in brackets with a port. */
function address(head: string, port: string | undefined): { host: string; port: number } {
  const whole = head.trim().replace(/^tcp:\/\//, '');
  const match = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d+))?$/.exec(whole);
  const host = isIPv6(whole) ? whole : withoutBrackets(match?.[1] ?? '');
  const given = Number(match?.[2] ?? port ?? PORT);
  if (!isHost(host) || !(given >= 1 && given <= 65_535))
    throw wrong(
      `the head ${JSON.stringify(head)}`,
      'Give HOST or HOST:PORT; of an IPv6 address [ADDRESS]:PORT.',
    );
  return { host, port: given };
}

function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw wrong(
    `${JSON.stringify(text)} where a whole number belongs`,
    'Look at the variables of the launcher.',
  );
}

function wrong(what: string, hint: string): BrineError {
  return new BrineError('BAD_ARGUMENT', `this machine's place in the run makes no sense: ${what}`, { hint });
}

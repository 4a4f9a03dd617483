/**
 * Determines the place of this machine in a run: from the flags, and otherwise from the environment
 * variables of a launcher (launchers.ts). Pure. In a run of several machines, a machine without a
 * rank is refused, because each of them would be the head.
 */
import { isIPv6 } from 'node:net';
import { BrineError } from '../../base/errors.ts';
import { isHost, withoutBrackets } from '../../transport/endpoint.ts';
import {
  LAUNCHERS,
  LOCAL_RANKS,
  definedVariables,
  type Environment,
  type LauncherValues,
} from './launchers.ts';

export interface NodePlace {
  /** Rank of this machine. Rank 0 is the head, which runs the coordinator and the caches. */
  readonly rank: number;
  /** Maximum number of machines. */
  readonly nodes: number;
  /** Minimum number of machines: `nodes`, unless given as MIN:MAX. */
  readonly leastNodes: number;
  /** Address of the coordinator. */
  readonly head: { readonly host: string; readonly port: number };
  /** Student ranks on each machine. Undefined when neither flags nor launcher set it. */
  readonly ranksEach: number | undefined;
  /** `ranksEach` is a number of GPUs. Teachers may need some of them. */
  readonly countsGpus?: true;
  /** Name of the launcher, or "flags", for messages. */
  readonly source: string;
}

export interface NodeFlags {
  /** N or MIN:MAX. */
  readonly nnodes?: string | undefined;
  readonly nodeRank?: number | undefined;
  readonly nprocPerNode?: number | undefined;
  /** HOST, HOST:PORT or a bare IPv6 address. */
  readonly head?: string | undefined;
}

/** torchrun's default port. */
const PORT = 29_400;

/** torchrun's values for one process per device. Brine then uses the number in the recipe. */
const BY_RECIPE = new Set(['auto', 'gpu', 'cpu', 'xpu']);

/**
 * Determines this machine's place. Throws BAD_ARGUMENT when a run of several machines has no head,
 * when this machine has no rank, when it already runs another process of the run, or when a value
 * is invalid.
 */
export function nodePlace(flags: NodeFlags, environment: Environment): NodePlace {
  const is = definedVariables(environment);
  const launcher = LAUNCHERS.find(({ marks }) => marks.some((name) => is[name] !== undefined));
  const values = launcher?.read(is) ?? {};
  const source = launcher?.name ?? 'flags';
  const { nodes, leastNodes } = nodesOf(flags.nnodes ?? values.nodes ?? '1');
  if (flags.nodeRank === undefined) refuseFurtherProcess(is);
  const rank = flags.nodeRank ?? number(values.rank) ?? (nodes === 1 ? 0 : undefined);
  if (rank !== undefined && rank >= nodes) {
    throw wrong(
      `node rank ${rank} is out of range for ${nodes} ${nodes === 1 ? 'machine' : 'machines'} (from ${source})`,
      'Node ranks are 0 to --nnodes minus 1. Set both --node-rank and --nnodes.',
    );
  }
  const head = flags.head ?? values.head;
  if (nodes > 1 && !head) {
    throw wrong(
      `a run of ${nodes} machines needs the address of its head`,
      `Add --head HOST:PORT, the address of node 0${rank === undefined ? ', and --node-rank R, the rank of this machine' : ''}.`,
    );
  }
  if (rank === undefined) throw noRank(nodes, source);
  return {
    rank,
    nodes,
    leastNodes,
    head: address(head ?? '127.0.0.1', values.port),
    ...ranksOf(flags, values),
    source,
  };
}

/**
 * Refuses a second `brine launch` on one machine, unless the user numbers the processes with
 * --node-rank.
 */
function refuseFurtherProcess(is: Environment): void {
  for (const name of LOCAL_RANKS) {
    if ((number(is[name]) ?? 0) === 0) continue;
    throw wrong(
      `${name} is ${is[name]}, so this is not the first process on this machine`,
      'Start brine launch once on each machine (srun --ntasks-per-node=1, torchrun --nproc-per-node 1, mpirun --map-by ppr:1:node). It starts --nproc-per-node ranks. To treat each process as a machine, set --nnodes and --node-rank.',
    );
  }
}

function noRank(nodes: number, source: string): BrineError {
  const batch = source === 'Slurm' ? ', or start it with srun --ntasks-per-node=1, which sets the rank' : '';
  return wrong(
    `a run of ${nodes} machines (from ${source}) needs the rank of this machine`,
    `Add --node-rank R: 0 on the head, ${nodes === 2 ? '1 on the other' : `1 to ${nodes - 1} on the others`}${batch}.`,
  );
}

function ranksOf(
  { nprocPerNode }: NodeFlags,
  { each, gpus }: LauncherValues,
): Pick<NodePlace, 'ranksEach' | 'countsGpus'> {
  const ranks = each !== undefined && BY_RECIPE.has(each.trim().toLowerCase()) ? undefined : number(each);
  const counted = number(gpus) || undefined; // 0 GPUs count as not set
  const ranksEach = nprocPerNode ?? (ranks || counted);
  const countsGpus = nprocPerNode === undefined && !ranks && counted !== undefined;
  return { ranksEach, ...(countsGpus && { countsGpus }) };
}

/** Parses N or MIN:MAX, as in torchrun. Throws BAD_ARGUMENT. */
function nodesOf(text: string): { nodes: number; leastNodes: number } {
  const [, min, max] = /^(\d+)(?::(\d+))?$/.exec(text.trim()) ?? [];
  const [leastNodes, nodes] = [Number(min), Number(max ?? min)];
  if (Number.isSafeInteger(nodes) && leastNodes >= 1 && leastNodes <= nodes) return { nodes, leastNodes };
  throw wrong(
    `the number of machines is ${JSON.stringify(text)}`,
    'Set --nnodes to N or to MIN:MAX with 1 <= MIN <= MAX, such as 2:4.',
  );
}

/** Parses HOST, HOST:PORT, an IPv6 address, or [IPv6 address]:PORT. Throws BAD_ARGUMENT. */
function address(head: string, port: string | undefined): { host: string; port: number } {
  const whole = head.trim().replace(/^tcp:\/\//, '');
  const [, name, own] = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d+))?$/.exec(whole) ?? [];
  const host = isIPv6(whole) ? whole : withoutBrackets(name ?? '');
  const given = Number(own ?? port ?? PORT);
  if (isHost(host) && Number.isInteger(given) && given >= 1 && given <= 65_535) return { host, port: given };
  throw wrong(
    `the address of the head is ${JSON.stringify(head)}${own === undefined && port !== undefined ? ` with port ${JSON.stringify(port)}` : ''}`,
    'Use HOST, HOST:PORT or [IPV6-ADDRESS]:PORT, with a port from 1 to 65535.',
  );
}

function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  throw wrong(
    `${JSON.stringify(text)} is not a whole number`,
    'Check the variables of the launcher, or override them with --nnodes, --node-rank, --nproc-per-node and --head.',
  );
}

function wrong(what: string, hint: string): BrineError {
  return new BrineError('BAD_ARGUMENT', `cannot place this machine in the run: ${what}`, { hint });
}

/**
 * Where among the machines of a run this one stands: what the flags say, and then what a launcher has put into the environment
 * (launchers.ts). Pure. A machine that nobody has numbered is refused in a run of several: each of them would be the head.
 */
import { isIPv6 } from 'node:net';
import { BrineError } from '../../base/errors.ts';
import { isHost, withoutBrackets } from '../../transport/endpoint.ts';
import { LAUNCHERS, LOCAL_RANKS, saidBy, type Environment, type Said } from './launchers.ts';

export { firstHost } from './slurm-hosts.ts';

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
  /** `ranksEach` is a number of GPUs, of which teachers of the run take some. */
  readonly countsGpus?: true;
  /** Who said so, for people. */
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

/** torchrun's own port. */
const PORT = 29_400;

/** torchrun's words for as many processes as the machine has devices: Brine's recipe says how many. */
const BY_RECIPE = new Set(['auto', 'gpu', 'cpu', 'xpu']);

/**
 * Throws BAD_ARGUMENT when a run of several machines has no head, when this machine or process has no place of its own in it, or when a
 * number makes no sense.
 */
export function nodePlace(flags: NodeFlags, environment: Environment): NodePlace {
  const is = saidBy(environment);
  const launcher = LAUNCHERS.find(({ marks }) => marks.some((name) => is[name] !== undefined));
  const said = launcher?.read(is) ?? {};
  const source = launcher?.name ?? 'flags';
  const { nodes, leastNodes } = nodesOf(flags.nnodes ?? said.nodes ?? '1');
  if (flags.nodeRank === undefined) refuseFurtherProcess(is);
  const rank = flags.nodeRank ?? number(said.rank) ?? (nodes === 1 ? 0 : undefined);
  if (rank !== undefined && rank >= nodes) {
    throw wrong(
      `node ${rank} of ${nodes} (by ${source})`,
      'Node ranks count from 0 to one less than --nnodes: say both, by --node-rank and --nnodes.',
    );
  }
  const head = flags.head ?? said.head;
  if (nodes > 1 && !head) {
    throw wrong(
      `a run of ${nodes} machines without the address of its head`,
      `Add --head HOST:PORT: where node 0 runs${rank === undefined ? '; and --node-rank R: which machine this is' : ''}.`,
    );
  }
  if (rank === undefined) throw noRank(nodes, source);
  return {
    rank,
    nodes,
    leastNodes,
    head: address(head ?? '127.0.0.1', said.port),
    ...ranksOf(flags, said),
    source,
  };
}

/** Whoever numbers processes by hand says which place each has; else a machine is one process, which starts the others. */
function refuseFurtherProcess(is: Environment): void {
  for (const name of LOCAL_RANKS) {
    if ((number(is[name]) ?? 0) === 0) continue;
    throw wrong(
      `${name} is ${is[name]}: a further process of this machine`,
      'Start brine launch once on each machine (srun --ntasks-per-node=1, torchrun --nproc-per-node 1, mpirun --map-by ppr:1:node): it starts the ranks, --nproc-per-node of them. Where processes are to stand for machines, number each with --nnodes and --node-rank.',
    );
  }
}

function noRank(nodes: number, source: string): BrineError {
  const batch = source === 'Slurm' ? ', or start it by srun --ntasks-per-node=1, which numbers machines' : '';
  return wrong(
    `a run of ${nodes} machines (by ${source}), and nobody says which of them this one is`,
    `Add --node-rank R: 0 on the head, ${nodes === 2 ? '1 on the other' : `1 to ${nodes - 1} on the others`}${batch}.`,
  );
}

function ranksOf(
  { nprocPerNode }: NodeFlags,
  { each, gpus }: Said,
): Pick<NodePlace, 'ranksEach' | 'countsGpus'> {
  const said = each !== undefined && BY_RECIPE.has(each.trim().toLowerCase()) ? undefined : number(each);
  const counted = number(gpus) || undefined; // none is no number of ranks
  const ranksEach = nprocPerNode ?? (said || counted);
  const countsGpus = nprocPerNode === undefined && !said && counted !== undefined;
  return { ranksEach, ...(countsGpus && { countsGpus }) };
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

/** HOST, HOST:PORT, an IPv6 address, or one in brackets with a port. */
function address(head: string, port: string | undefined): { host: string; port: number } {
  const whole = head.trim().replace(/^tcp:\/\//, '');
  const [, name, own] = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d+))?$/.exec(whole) ?? [];
  const host = isIPv6(whole) ? whole : withoutBrackets(name ?? '');
  const given = Number(own ?? port ?? PORT);
  if (isHost(host) && Number.isInteger(given) && given >= 1 && given <= 65_535) return { host, port: given };
  throw wrong(
    `the head ${JSON.stringify(head)}${own === undefined && port !== undefined ? ` at port ${JSON.stringify(port)}` : ''}`,
    'Give HOST or HOST:PORT, with a port from 1 to 65535; of an IPv6 address [ADDRESS]:PORT.',
  );
}

function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  throw wrong(
    `${JSON.stringify(text)} where a whole number belongs`,
    'Look at the variables of the launcher, or outweigh them with --nnodes, --node-rank, --nproc-per-node and --head.',
  );
}

function wrong(what: string, hint: string): BrineError {
  return new BrineError('BAD_ARGUMENT', `this machine's place in the run makes no sense: ${what}`, { hint });
}

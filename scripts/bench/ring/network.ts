/**
 * The network between the ranks of the ring benchmark: loopback, a Unix socket, or network
 * namespaces with a slow link. Inside the namespaces, the addresses are 127.77.0.RANK, routed over
 * the link (net.ipv4.conf.all.route_localnet), because sockets without keys bind only to loopback
 * addresses. Their traffic cannot leave the namespaces.
 */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/base/files/files.ts';
import type { Scope } from '../../../src/base/scope.ts';
import { allowedCores, boundWords } from '../../../src/launch/processes/cores.ts';
import type { BenchOptions } from '../bench.ts';

export const LINKS = ['ipc', 'tcp', '1gbit', '1gbit-5ms'] as const;
export type Link = (typeof LINKS)[number];
/**
 * Source of the 5 ms delay: the kernel's netem queue, or scripts/bench/ring/delay_line.py where the
 * kernel has none.
 */
export type DelayBy = 'netem' | 'line';

/** Further options of the ranks' placement. */
export interface Places {
  readonly delayBy: DelayBy;
  /** Like roles.affinity: whether each rank has its own cores. */
  readonly affinity: 'none' | 'cores';
}

/** Settings: delay=netem|line affinity=none|cores */
export function placesFrom({ delay, affinity }: BenchOptions['settings']): Places {
  return { delayBy: (delay ?? 'netem') as DelayBy, affinity: (affinity ?? 'none') as Places['affinity'] };
}

export interface Network {
  /** The address that a rank binds. */
  address(what: string, rank: number): string;
  /** Command prefix that starts a rank in its namespace and on its cores. */
  inside(rank: number): readonly string[];
  /** The network device between ranks. */
  readonly device: string;
}

export interface NetworkOptions extends Places {
  readonly link: Link;
  readonly ranks: number;
  /** Folder for Unix sockets. */
  readonly folder: string;
  readonly scope: Scope;
}

/** One-way delay, in milliseconds. */
const DELAY = 5;
const BURST = '256kb';
/** Frame size of the delay line: large, because the program handles each packet separately. */
const JUMBO = 9000;

/**
 * Opens a network. Throws an error that names the missing requirement when this machine cannot
 * provide the link.
 */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const { link, folder, affinity } = options;
  const cores = affinity === 'cores' ? allowedCores() : undefined;
  if (affinity === 'cores' && !cores) throw new Error('affinity=cores: this system does not list its cores');
  const onCores = (rank: number) => (cores ? boundWords(cores, rank, options.ranks) : []);
  if (link === 'tcp' || link === 'ipc') {
    return {
      address: (what, rank) =>
        link === 'tcp' ? 'tcp://127.0.0.1:*' : `ipc://${join(folder, `${what}-${rank}`)}`,
      inside: onCores,
      device: 'lo',
    };
  }
  const names = Array.from({ length: options.ranks }, (_, rank) => `brine-bench-${process.pid}-${rank}`);
  for (const name of names) await addNamespace(name, options.scope);
  const byLine = link === '1gbit-5ms' && options.delayBy === 'line';
  if (byLine) await startDelayLine(names, options.scope);
  else await joinByBridge(names, options.scope);
  for (const [rank, name] of names.entries()) {
    await giveAddress(name, rank);
    await within(name, ['tc', 'qdisc', 'add', 'dev', 'eth0', 'root', ...queueOf(link, byLine)]);
  }
  return {
    address: (_, rank) => `tcp://127.77.0.${rank + 1}:*`,
    inside: (rank) => ['ip', 'netns', 'exec', names[rank]!, ...onCores(rank)],
    device: 'eth0',
  };
}

function queueOf(link: Link, byLine: boolean): string[] {
  if (link === '1gbit' || byLine) return ['tbf', 'rate', '1gbit', 'burst', BURST, 'latency', '50ms'];
  return ['netem', 'delay', `${DELAY}ms`, 'rate', '1gbit', 'limit', '10000'];
}

async function addNamespace(name: string, scope: Scope): Promise<void> {
  await command(['ip', 'netns', 'add', name]);
  scope.defer(() => command(['ip', 'netns', 'del', name]));
}

/** A device pair from each namespace to a bridge in its own namespace. */
async function joinByBridge(names: readonly string[], scope: Scope): Promise<void> {
  const hub = `brine-bench-${process.pid}-hub`;
  await addNamespace(hub, scope);
  await within(hub, ['ip', 'link', 'add', 'bridge', 'type', 'bridge']);
  await within(hub, ['ip', 'link', 'set', 'bridge', 'up']);
  for (const [rank, name] of names.entries()) {
    const port = `port${rank}`;
    const peer = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', name];
    await within(hub, ['ip', 'link', 'add', port, ...peer]);
    await within(hub, ['ip', 'link', 'set', port, 'master', 'bridge', 'up']);
  }
}

async function startDelayLine(names: readonly string[], scope: Scope): Promise<void> {
  const program = join(packageRoot(), 'scripts', 'bench', 'ring', 'delay_line.py');
  const line = spawn('python3', [program, `${DELAY}`, `${JUMBO}`, ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => line.once('close', () => resolve()));
  scope.defer(() => {
    line.kill();
    return ended;
  });
  const firstLine = await createInterface({ input: line.stdout })[Symbol.asyncIterator]().next();
  if (firstLine.value !== 'ready')
    throw new Error('the delay line did not start: it needs root, python3 and /dev/net/tun');
  for (const name of names) await within(name, ['ip', 'link', 'set', 'eth0', 'mtu', `${JUMBO}`]);
}

async function giveAddress(name: string, rank: number): Promise<void> {
  await within(name, ['ip', 'link', 'set', 'lo', 'up']);
  await within(name, ['ip', 'addr', 'del', '127.0.0.1/8', 'dev', 'lo']);
  await within(name, ['sysctl', '-qw', 'net.ipv4.conf.all.route_localnet=1']);
  await within(name, ['ip', 'addr', 'add', `127.77.0.${rank + 1}/24`, 'dev', 'eth0']);
  await within(name, ['ip', 'link', 'set', 'eth0', 'up']);
}

const within = (name: string, words: readonly string[]) => command(['ip', 'netns', 'exec', name, ...words]);

async function command([file, ...words]: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(file!, words);
  } catch (cause) {
    const output = (cause as { stderr?: string }).stderr?.trim() ?? String(cause);
    throw new Error(
      `cannot create this link: "${[file, ...words].join(' ')}" failed with "${output}". Links of 1gbit need root, iproute2 ` +
        'and network namespaces; 1gbit-5ms needs the netem queue (CONFIG_NET_SCH_NETEM) as well, or delay=line.',
      { cause },
    );
  }
}

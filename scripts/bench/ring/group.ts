/** Groups of processes of the ring benchmark: the ring, the raw stream, Gloo, Open MPI. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/base/files/files.ts';
import type { Scope } from '../../../src/base/scope.ts';
import { RANK_ENVIRONMENT, RANK_FLAGS } from '../../../src/ring/place.ts';
import type { Wire } from '../../../src/ring/wire.ts';
import { startProcess } from '../lines.ts';
import type { Network } from './network.ts';

/** The answer of a process after its repeats. */
export interface Answer {
  readonly seconds: readonly number[];
  /** Processor seconds of each repeat. */
  readonly cpuSeconds: number;
  readonly beforeMiB: number;
  readonly peakMiB: number;
}

export interface Group {
  /** Runs `repeats` times; returns the answers by rank. */
  run(repeats: number): Promise<Answer[]>;
}

export interface GroupOptions {
  readonly ranks: number;
  readonly mib: number;
  readonly network: Network;
  readonly folder: string;
  readonly scope: Scope;
}

export interface ZmqOptions extends GroupOptions {
  readonly what: 'ring' | 'raw';
  readonly chunkBytes: number;
  readonly wire: Wire;
  /** Lanes of the raw stream; the ring has one. */
  readonly lanes: number;
}

export function startZmq({
  what,
  ranks,
  mib,
  network,
  chunkBytes,
  wire,
  lanes,
  scope,
}: ZmqOptions): Promise<Group> {
  const program = fileURLToPath(new URL('./rank-process.js', import.meta.url));
  const commands = Array.from({ length: ranks }, (_, rank) => {
    const address = network.address(what, rank);
    const sizes = [`${rank}`, `${ranks}`, `${mib}`, address, `${chunkBytes}`, wire, `${lanes}`];
    return [...network.inside(rank), process.execPath, ...RANK_FLAGS, program, what, ...sizes];
  });
  return startGroup(commands, scope);
}

/** Gloo over the same link. */
export function startGloo(
  python: string,
  { ranks, mib, network, folder, scope }: GroupOptions,
): Promise<Group> {
  const program = join(packageRoot(), 'scripts', 'bench', 'ring', 'gloo.py');
  const store = join(folder, 'gloo');
  const commands = Array.from({ length: ranks }, (_, rank) => {
    return [...network.inside(rank), python, program, `${rank}`, `${ranks}`, `${mib}`, store];
  });
  return startGroup(commands, scope, { GLOO_SOCKET_IFNAME: network.device });
}

/** Open MPI over TCP on loopback, without shared memory. mpirun is not one of the ranks. */
export async function startMpi(mpirun: string, python: string, options: GroupOptions): Promise<Group> {
  const program = join(packageRoot(), 'scripts', 'bench', 'ring', 'openmpi.py');
  const tcp = ['--mca', 'pml', 'ob1', '--mca', 'btl', 'tcp,self', '--mca', 'btl_tcp_if_include', 'lo'];
  const many = ['--allow-run-as-root', '--oversubscribe', '-n', `${options.ranks}`];
  const { receive, send } = startProcess(
    [mpirun, ...many, ...tcp, python, program, `${options.mib}`],
    options.scope,
    RANK_ENVIRONMENT,
  );
  await receive();
  return {
    run(repeats) {
      send({ repeats });
      return receive<Answer[]>();
    },
  };
}

async function startGroup(
  commands: readonly (readonly string[])[],
  scope: Scope,
  environment: Readonly<Record<string, string>> = {},
): Promise<Group> {
  const ask = await startProcesses(commands, scope, environment);
  return { run: (repeats) => ask({ repeats }) as Promise<Answer[]> };
}

/**
 * Starts one process for each command, sends each the endpoint of the next, and ends them with the
 * scope. Returns a function that queries all of them.
 */
export async function startProcesses(
  commands: readonly (readonly string[])[],
  scope: Scope,
  environment: Readonly<Record<string, string>> = {},
): Promise<(question: object) => Promise<unknown[]>> {
  const processes = commands.map((command) =>
    startProcess(command, scope, { ...RANK_ENVIRONMENT, ...environment }),
  );
  const endpoints = await Promise.all(processes.map(({ receive }) => receive<{ endpoint: string }>()));
  for (const [rank, { send }] of processes.entries()) {
    send({ next: endpoints[(rank + 1) % endpoints.length]!.endpoint });
  }
  return (question) => {
    for (const { send } of processes) send(question);
    return Promise.all(processes.map(({ receive }) => receive()));
  };
}

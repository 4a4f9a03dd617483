/**
 * The ring all-reduce between processes on this machine: bus bandwidth 2(n-1)/n · float32 bytes / time
 * (as defined by nccl-tests) for every wire format, and the memory beyond the buckets. Alternating with
 * it in the same run:
 *   rawStream  as many bytes of float32 in ZeroMQ frames, in both directions between two processes over
 *              the same link. With fewer bytes on the wire, the ratio may exceed 1
 *   gloo       torch.distributed's gloo with float32, when BRINE_PYTHON names a Python with PyTorch
 *   openmpi    Open MPI's MPI_Allreduce over TCP on loopback (only link=tcp), when BRINE_MPI_PYTHON
 *              names a Python with mpi4py and BRINE_MPIRUN an mpirun
 * Medians over rounds. The time of a sum is that of its slowest rank.
 *
 *     npm run -s bench -- ring --json
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { CHUNK_BYTES } from '../../../src/ring/place.ts';
import type { Wire } from '../../../src/ring/wire.ts';
import { median, threeDigits } from '../figures.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';
import { startGloo, startMpi, startZmq, type Answer } from './group.ts';
import { openNetwork, placesFrom, type Link, type Places } from './network.ts';

export interface RingFigures {
  readonly bench: 'ring';
  readonly n: number;
  readonly mib: number;
  readonly wire: Wire;
  readonly link: Link;
  /** Source of the 5 ms delay, for links with one. */
  readonly delayBy?: Places['delayBy'];
  /** Set when ranks and the compared programs have their own cores. */
  readonly affinity?: 'cores';
  readonly busGBps: number;
  /** Bytes of the raw stream in one direction over its time, in GB/s. */
  readonly rawGBps: number;
  /** Largest memory growth of any rank, relative to its buckets before the first sum. */
  readonly extraMiB: number;
  /** Processor time of one sum in user and kernel mode, in milliseconds; the mean over ranks. */
  readonly cpuMs: Figures;
  /** The ring's bus bandwidth divided by theirs. */
  readonly versus: Omit<Figures, 'ring'>;
}

interface Figures {
  readonly ring: number;
  readonly rawStream: number;
  readonly gloo?: number;
  readonly openmpi?: number;
}

interface Case extends Places {
  readonly n: number;
  readonly mib: number;
  readonly wire: Wire;
  readonly link: Link;
  readonly rounds: number;
  readonly repeats: number;
  /** Warm-up sums: a run sums thousands of times, with compiled code. */
  readonly warm: number;
  readonly chunkBytes: number;
  /** Lanes of the raw stream. */
  readonly lanes: number;
}

const MEBI = 1024 * 1024;

/**
 * Settings: mib=64 rounds=7 repeats=5 warm=20 n=2,4 wire=float32 link=ipc,tcp|1gbit|1gbit-5ms
 * chunk=524288, lanes=1 (of the raw stream), and those of placesFrom. Open MPI uses its own
 * binding.
 */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<RingFigures> {
  for (const plan of casesOf(settings)) yield await scoped((scope) => measure(plan, scope));
}

function casesOf(settings: BenchOptions['settings']): Case[] {
  const list = (name: string, fallback: string) => (settings[name] ?? fallback).split(',');
  const number = numbersOf(settings);
  const turns = { rounds: number('rounds', 7), repeats: number('repeats', 5), warm: number('warm', 20) };
  const lanes = { chunkBytes: number('chunk', CHUNK_BYTES), lanes: number('lanes', 1) };
  const places = placesFrom(settings);
  return list('n', '2,4').flatMap((n) =>
    (list('link', 'ipc,tcp') as Link[]).flatMap((link) =>
      list('mib', '64').flatMap((mib) =>
        (list('wire', 'float32') as Wire[]).map((wire) => {
          return { n: Number(n), link, mib: Number(mib), wire, ...places, ...turns, ...lanes };
        }),
      ),
    ),
  );
}

async function measure(plan: Case, scope: Scope): Promise<RingFigures> {
  const { n, mib, wire, link, delayBy, affinity, rounds, repeats, warm } = plan;
  const groups = await startGroups(plan, scope);
  const bytes = mib * MEBI;
  const bus = ((2 * (n - 1)) / n) * bytes;
  const first = await groups.ring.run(warm);
  const names = Object.keys(groups) as (keyof Figures)[];
  for (const name of names.filter((other) => other !== 'ring')) await groups[name]?.run(warm);
  const times = new Map(names.map((name) => [name, [] as number[]]));
  const cpu = new Map(names.map((name) => [name, [] as number[]]));
  let peakMiB = Math.max(...growths(first, first));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const answers = await groups[name]!.run(repeats);
      if (name === 'ring') peakMiB = Math.max(peakMiB, ...growths(first, answers));
      times.get(name)!.push(...slowest(answers));
      cpu.get(name)!.push(answers.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / answers.length);
    }
  }
  const timeOf = (name: keyof Figures) => median(times.get(name)!);
  const others = names.filter((name) => name === 'gloo' || name === 'openmpi');
  return {
    bench: 'ring',
    n,
    mib,
    wire,
    link,
    ...(link === '1gbit-5ms' ? { delayBy } : {}),
    ...(affinity === 'cores' && { affinity }),
    busGBps: threeDigits(bus / timeOf('ring') / 1e9),
    rawGBps: threeDigits(bytes / timeOf('rawStream') / 1e9),
    extraMiB: Math.round(peakMiB),
    cpuMs: Object.fromEntries(
      names.map((name) => [name, threeDigits(median(cpu.get(name)!) * 1000)]),
    ) as unknown as Figures,
    versus: {
      rawStream: threeDigits(((bus / bytes) * timeOf('rawStream')) / timeOf('ring')),
      ...Object.fromEntries(others.map((name) => [name, threeDigits(timeOf(name) / timeOf('ring'))])),
    },
  };
}

/** The ring, and the available programs that it is compared with. */
async function startGroups(plan: Case, scope: Scope) {
  const { n, mib, wire, chunkBytes, lanes } = plan;
  const folder = mkdtempSync(join(tmpdir(), 'brine-bench-'));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const network = await openNetwork({ ...plan, ranks: n, folder, scope });
  const options = { ranks: n, mib, network, folder, scope };
  const { BRINE_PYTHON: python, BRINE_MPIRUN: mpirun, BRINE_MPI_PYTHON: mpiPython } = process.env;
  return {
    ring: await startZmq({ ...options, what: 'ring', chunkBytes, wire, lanes: 1 }),
    rawStream: await startZmq({ ...options, what: 'raw', ranks: 2, chunkBytes, wire: 'float32', lanes }),
    ...(python && { gloo: await startGloo(python, options) }),
    ...(mpirun &&
      mpiPython &&
      plan.link === 'tcp' && { openmpi: await startMpi(mpirun, mpiPython, options) }),
  };
}

const growths = (first: readonly Answer[], later: readonly Answer[]) =>
  later.map(({ peakMiB }, rank) => peakMiB - first[rank]!.beforeMiB);

const slowest = (answers: readonly Answer[]) =>
  answers[0]!.seconds.map((_, i) => Math.max(...answers.map(({ seconds }) => seconds[i]!)));

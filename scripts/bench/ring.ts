/**
 * The ring all-reduce of 64 MiB between processes on this machine: bus bandwidth 2(n-1)/n · bytes / time (as nccl-tests
 * define it), the memory it takes beside the buckets, and in turns with it in the same run
 *   rawStream  ZeroMQ frames both ways at once between two processes over the same link, nothing else done
 *   gloo       torch.distributed's gloo over loopback TCP, when BRINE_PYTHON names a Python with PyTorch
 * Medians over rounds; a sum takes as long as its slowest rank.
 *
 *     npm run -s bench -- ring --json
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/base/files.ts';
import { scoped, type Scope } from '../../src/base/scope.ts';
import { CHUNK_BYTES, RANK_ENVIRONMENT } from '../../src/ring/membership.ts';
import { median } from './bench-figures.ts';
import type { BenchOptions } from './main.ts';

export interface RingFigures {
  readonly bench: 'ring';
  readonly n: number;
  readonly mib: number;
  readonly link: Link;
  readonly busGBps: number;
  /** The most that any rank's memory grew over what it held with its buckets before the first sum. */
  readonly extraMiB: number;
  /** Processor time of one sum, in user and kernel mode, in milliseconds: the mean over the ranks. */
  readonly cpuMs: { readonly ring: number; readonly rawStream: number; readonly gloo?: number };
  readonly versus: { readonly rawStream: number; readonly gloo?: number };
}

type Link = 'ipc' | 'tcp';

/** What a process says after some repeats. */
interface Answer {
  readonly seconds: readonly number[];
  /** Processor seconds a repeat. */
  readonly cpuSeconds: number;
  readonly beforeMiB: number;
  readonly peakMiB: number;
}

/** Several processes that do one thing together when asked. */
interface Group {
  /** Runs so many times; the answers by rank. */
  run(repeats: number): Promise<Answer[]>;
}

interface Case {
  readonly n: number;
  readonly mib: number;
  readonly link: Link;
  readonly rounds: number;
  readonly chunkBytes: number;
}

const MEBI = 1024 * 1024;
const REPEATS = 5;

/** Settings: mib=64 rounds=7 n=2,4 link=ipc,tcp chunk=524288 */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<RingFigures> {
  const { n = '2,4', link = 'ipc,tcp', mib = '64', rounds = '7', chunk = `${CHUNK_BYTES}` } = settings;
  for (const size of n.split(',').map(Number)) {
    for (const by of link.split(',') as Link[]) {
      const plan = { n: size, link: by, mib: Number(mib), rounds: Number(rounds), chunkBytes: Number(chunk) };
      yield await scoped((scope) => measure(plan, scope));
    }
  }
}

async function measure(plan: Case, scope: Scope): Promise<RingFigures> {
  const { n, mib, link, rounds } = plan;
  const folder = mkdtempSync(join(tmpdir(), 'brine-bench-'));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const python = process.env['BRINE_PYTHON'];
  const ring = await startZmq(plan, { what: 'ring', size: n, folder, scope });
  const raw = await startZmq(plan, { what: 'raw', size: 2, folder, scope });
  const gloo = python ? await startGloo(plan, { python, folder, scope }) : undefined;

  const bytes = mib * MEBI;
  const bus = ((2 * (n - 1)) / n) * bytes;
  const first = await ring.run(1);
  await raw.run(1);
  await gloo?.run(1);
  const cpu = { ring: [] as number[], raw: [] as number[], gloo: [] as number[] };
  const times = { ring: [] as number[], raw: [] as number[], gloo: [] as number[] };
  const note = (who: keyof typeof times, answers: readonly Answer[]): void => {
    times[who].push(...slowest(answers));
    cpu[who].push(answers.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / answers.length);
  };
  let peakMiB = Math.max(...growths(first, first));
  for (let round = 0; round < rounds; round++) {
    const answers = await ring.run(REPEATS);
    peakMiB = Math.max(peakMiB, ...growths(first, answers));
    note('ring', answers);
    note('raw', await raw.run(REPEATS));
    if (gloo) note('gloo', await gloo.run(REPEATS));
  }
  const busGBps = bus / median(times.ring) / 1e9;
  return {
    bench: 'ring',
    n,
    mib,
    link,
    busGBps: rounded(busGBps),
    extraMiB: Math.round(peakMiB),
    cpuMs: {
      ring: milliseconds(cpu.ring),
      rawStream: milliseconds(cpu.raw),
      ...(gloo ? { gloo: milliseconds(cpu.gloo) } : {}),
    },
    versus: {
      rawStream: rounded(busGBps / (bytes / median(times.raw) / 1e9)),
      ...(gloo ? { gloo: rounded(median(times.gloo) / median(times.ring)) } : {}),
    },
  };
}

const growths = (first: readonly Answer[], later: readonly Answer[]) =>
  later.map(({ peakMiB }, rank) => peakMiB - first[rank]!.beforeMiB);

const slowest = (answers: readonly Answer[]) =>
  answers[0]!.seconds.map((_, i) => Math.max(...answers.map(({ seconds }) => seconds[i]!)));

const milliseconds = (seconds: readonly number[]) => rounded(median(seconds) * 1000);
const rounded = (value: number) => Number(value.toPrecision(3));

function startZmq(
  { link, mib, chunkBytes }: Case,
  { what, size, folder, scope }: { what: 'ring' | 'raw'; size: number; folder: string; scope: Scope },
): Promise<Group> {
  const program = fileURLToPath(new URL('./ring-process.js', import.meta.url));
  const commands = Array.from({ length: size }, (_, rank) => {
    const address = link === 'tcp' ? 'tcp://127.0.0.1:*' : `ipc://${join(folder, `${what}-${rank}`)}`;
    return [process.execPath, program, what, `${rank}`, `${size}`, `${mib}`, address, `${chunkBytes}`];
  });
  return startGroup(commands, scope);
}

function startGloo(
  { n, mib }: Case,
  { python, folder, scope }: { python: string; folder: string; scope: Scope },
): Promise<Group> {
  const program = join(packageRoot(), 'scripts', 'bench', 'ring_gloo.py');
  const store = join(folder, 'gloo');
  return startGroup(
    Array.from({ length: n }, (_, rank) => [python, program, `${rank}`, `${n}`, `${mib}`, store]),
    scope,
  );
}

/** Starts a process a command, tells each the endpoint of the next, and ends them with the scope. */
async function startGroup(commands: readonly (readonly string[])[], scope: Scope): Promise<Group> {
  const processes = commands.map(([command, ...rest]) => {
    const child = spawn(command!, rest, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...RANK_ENVIRONMENT },
    });
    scope.defer(() => void child.kill());
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const hear = async (): Promise<unknown> => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ${rest.join(' ')} ended`);
      return JSON.parse(value);
    };
    return { hear, say: (line: object) => void child.stdin.write(`${JSON.stringify(line)}\n`) };
  });
  const endpoints = await Promise.all(processes.map(({ hear }) => hear() as Promise<{ endpoint: string }>));
  for (const [rank, { say }] of processes.entries()) {
    say({ next: endpoints[(rank + 1) % endpoints.length]!.endpoint });
  }
  return {
    async run(repeats) {
      for (const { say } of processes) say({ repeats });
      return Promise.all(processes.map(({ hear }) => hear() as Promise<Answer>));
    },
  };
}

import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { within } from '../base/deadline.ts';
import { BrineError } from '../base/errors.ts';
import { bytesText } from '../base/quantities.ts';
import { scoped } from '../base/scope.ts';
import { descriptors, temporaryFiles, type Finding } from './doctor-environment.ts';

/** Bytes needed for the check of the label store, with a margin. */
const MIN_STORE = 4e6;
const REINSTALL = 'Install the packages again on this machine: npm ci in a clone, npm install elsewhere.';
const LOOPBACK_WITHIN_MS = 5_000;
const MIN_MEMORY = 2e9; // bytes
const MIN_DISK = 1e9;

export interface DoctorOptions {
  /** Device that runs will use. Default cpu. */
  readonly device?: 'cpu' | 'cuda' | undefined;
  /** LD_LIBRARY_PATH. */
  readonly libraryPath?: string | undefined;
}

/** Runs all checks of this machine. */
export async function examine(options: DoctorOptions = {}): Promise<Finding[]> {
  return [
    nodeVersion(),
    await tried('onnxruntime', 'ran a small graph', REINSTALL, runTinyGraph),
    await tried('zeromq', 'sent and received a message over tcp', REINSTALL, pingOverTcp),
    await labelStore(),
    await tried('tokenizers', 'encoded a text', REINSTALL, loadTokenizers),
    cores(),
    memory(),
    await disk(),
    await temporaryFiles(),
    await descriptors(),
    ...(await cuda(options)),
  ];
}

async function tried(
  name: string,
  detail: string,
  hint: string,
  work: () => Promise<void>,
): Promise<Finding> {
  try {
    await work();
    return { name, state: 'good', detail, hint: '' };
  } catch (error) {
    return { name, state: 'broken', detail: messageOf(error), hint };
  }
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 15);
  return {
    name: 'node',
    state: good ? 'good' : 'broken',
    detail: `${process.version} on ${process.platform} ${process.arch}`,
    hint: good ? '' : 'Install Node 20.15 or newer.',
  };
}

async function runTinyGraph(): Promise<void> {
  const { Graph, matmul, serialize } = await import('../graph/index.ts');
  const { openSession } = await import('../engine/session.ts');
  const graph = new Graph('doctor');
  const x = graph.input('x', 'float32', [1, 2]);
  const y = graph.input('y', 'float32', [2, 1]);
  graph.output('z', matmul(x, y));
  const session = await openSession(serialize(graph), { threads: 1, device: 'cpu' });
  try {
    const { z } = await session.run(
      {
        x: { dtype: 'float32', shape: [1, 2], data: new Float32Array([2, 3]) },
        y: { dtype: 'float32', shape: [2, 1], data: new Float32Array([5, 7]) },
      },
      { z: null },
    );
    if (z?.data[0] !== 31) throw new Error(`2·5 + 3·7 gave ${z?.data[0]}`);
  } finally {
    await session.close();
  }
}

async function pingOverTcp(): Promise<void> {
  const { zmqTransport } = await import('../transport/zmq.ts');
  const transport = zmqTransport();
  try {
    const server = await transport.serve('tcp://127.0.0.1:*');
    const client = await transport.dial(server.endpoint);
    await client.send([new Uint8Array([7])]);
    const { peer, frames } = await onTime(server.receive());
    await server.send(peer, frames);
    const [answer] = await onTime(client.receive());
    if (answer?.[0] !== 7) throw new Error('the received message differs from the sent one');
  } finally {
    await transport.close();
  }
}

function onTime<T>(promise: Promise<T>): Promise<T> {
  return within(
    promise,
    LOOPBACK_WITHIN_MS,
    () => new BrineError('DEADLINE', 'no message arrived over loopback', { hint: REINSTALL }),
  );
}

/** Tries the label store in a writable folder; an unwritable folder is not a fault of the store. */
async function labelStore(): Promise<Finding> {
  const folder =
    (await folderWithRoom(tmpdir(), 'brine-doctor-')) ?? (await folderWithRoom('.', '.brine-doctor-'));
  if (folder === undefined) {
    const detail = 'not checked: TMPDIR and the working folder are unwritable or full';
    return { name: 'lmdb', state: 'absent', detail, hint: '' };
  }
  try {
    return await tried('lmdb', 'wrote and read a record', REINSTALL, () => writeAndReadLabel(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Creates a folder. Undefined if it cannot be created or has too little space: on a full disk, a
 * memory-mapped store would crash the process.
 */
async function folderWithRoom(at: string, prefix: string): Promise<string | undefined> {
  try {
    const { bavail, bsize } = await statfs(at);
    return bavail * bsize < MIN_STORE ? undefined : await mkdtemp(join(resolve(at), prefix));
  } catch {
    return undefined;
  }
}

function writeAndReadLabel(folder: string): Promise<void> {
  return scoped(async (scope) => {
    const { openLmdbStore } = await import('../labels/store/lmdb.ts');
    const rule = { kind: 'dense', temperature: 1 } as const;
    const store = scope.use(
      await openLmdbStore(join(folder, 'labels'), {
        identity: { tokenizer: 'a', data: 'b', teacher: 'c', rule },
      }),
    );
    await store.put(3, new Uint8Array([1, 2]));
    if (store.get(3)?.[1] !== 2) throw new Error('the record read differs from the one written');
  });
}

async function loadTokenizers(): Promise<void> {
  await import('../data/tokenizer/tokenizer.ts');
}

function cores(): Finding {
  const count = availableParallelism();
  return {
    name: 'cores',
    state: count >= 2 ? 'good' : 'broken',
    detail: `${count}`,
    hint: count >= 2 ? '' : 'Use a machine with at least two cores: a run has several processes.',
  };
}

function memory(): Finding {
  const free = freemem();
  return {
    name: 'memory',
    state: free >= MIN_MEMORY ? 'good' : 'broken',
    detail: `${bytesText(free)} free of ${bytesText(totalmem())}`,
    hint: free >= MIN_MEMORY ? '' : 'Free 2 GB for the demo.',
  };
}

async function disk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(process.cwd());
  const free = bavail * bsize;
  return {
    name: 'disk',
    state: free >= MIN_DISK ? 'good' : 'broken',
    detail: `${bytesText(free)} free in the working folder`,
    hint: free >= MIN_DISK ? '' : 'Free 1 GB for the demo.',
  };
}

/** Checks CUDA. A missing part is `broken` if runs will use CUDA, and `absent` otherwise. */
async function cuda({ device, libraryPath }: DoctorOptions): Promise<Finding[]> {
  const { examineCuda } = await import('../engine/cuda.ts');
  const parts = await examineCuda({ libraryPath }).catch((error: unknown) => [
    { part: 'libraries', good: false, detail: messageOf(error), hint: 'Run scripts/setup-cuda.sh again.' },
  ]);
  return parts.map(({ part, good, detail, hint }) => ({
    name: `cuda ${part}`,
    state: good ? 'good' : device === 'cuda' ? 'broken' : 'absent',
    detail,
    hint: good || device === 'cuda' ? hint : `Only runs with roles.device: cuda need it. ${hint}`,
  }));
}

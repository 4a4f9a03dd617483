/**
 * Two machines of one run, simulated on one: each has its own agent, which starts its own
 * processes.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { BrineError } from '../../../src/base/errors.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import { launchDryRun, launchNode, readClusterRecipe } from '../../../src/launch/launch-node.ts';
import { nodePlace, type NodeFlags } from '../../../src/launch/nodes/node-place.ts';
import type { RunEvent, TrainResult } from '../../../src/launch/train.ts';
import { writeKeys } from '../../../src/security/folder.ts';

const brine = [process.execPath, fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url))];
const folder = await mkdtemp(join(tmpdir(), 'brine-nodes-'));
const inFolder = (name: string) => join(folder, name);
after(() => rm(folder, { recursive: true, force: true }));

before(async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(inFolder('text.txt'), lines.join(''));
  await writeFile(
    inFolder('plain.yaml'),
    `data: { corpus: ${inFolder('text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${inFolder('data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: 4 }
evaluate: { every: 50 steps, rows: 6 }
plan: [{ plain: 400 steps }]
`,
  );
});

interface Node {
  readonly rank: number;
  readonly nodes: number;
  readonly port: number;
}

async function optionsOf({ rank, nodes, port }: Node, name: string, sets: readonly string[] = []) {
  const place = nodePlace(
    { nnodes: String(nodes), nodeRank: rank, nprocPerNode: 2 / nodes, head: `127.0.0.1:${port}` },
    {},
  );
  const recipe = await readClusterRecipe(inFolder('plain.yaml'), [`run=${inFolder(name)}`, ...sets], place);
  return { place, recipe, brine, environment: process.env, resume: false };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Trouble {
  /** Ranks to kill after the given number of steps. */
  readonly victims: readonly string[];
  readonly afterStep?: number;
  readonly sets?: readonly string[];
}

/** Runs both machines, each with its own run folder, and kills ranks during the run. */
async function onTwo(
  name: string,
  { victims, afterStep = 1, sets = [] }: Trouble,
): Promise<{ result: TrainResult; rings: number[] }> {
  const port = await freePort();
  const pids = new Map<string, number>();
  const rings: number[] = [];
  let killed = false;
  const observe = (event: RunEvent) => {
    if (event.kind === 'event' && event.event.kind === 'joined') pids.set(event.event.name, event.event.pid);
    if (event.kind === 'event' && event.event.kind === 'ringFormed') rings.push(event.event.step);
    if (killed || event.kind !== 'snapshot' || (event.snapshot.students?.step ?? 0) < afterStep) return;
    killed = true;
    for (const victim of victims) process.kill(pids.get(victim)!, 'SIGKILL');
  };
  const [result] = await Promise.all([
    launchNode({ ...(await optionsOf({ rank: 0, nodes: 2, port }, name, sets)), observe }),
    launchNode(await optionsOf({ rank: 1, nodes: 2, port }, `${name}-1`, sets)),
  ]);
  return { result: result!, rings };
}

test('two machines give the result of one, although a rank of the second is killed', async () => {
  const alone = await launchNode(await optionsOf({ rank: 0, nodes: 1, port: 1 }, 'alone'));
  const { result, rings } = await onTwo('two', { victims: ['student-1'] });
  assert.equal(rings.length, 1);
  assert.equal(result.parameters, alone!.parameters);
  assert.deepEqual(new Set(result.parameterHashes), new Set([alone!.parameters]));
});

for (const sets of [
  [],
  ['roles.wire=int8', 'roles.overlap=2'],
  ['roles.wire=bf16', 'roles.overlap=2', 'roles.shardOptimizer=true'],
]) {
  test(`two machines with keys train a model with several chunks a segment: ${sets.join(' ')}`, async () => {
    const keys = inFolder('keys');
    if (!existsSync(keys)) await writeKeys(keys);
    const real = [
      `student.model=${join(packageRoot(), 'models', 'nano-llm')}`,
      'plan=[{ plain: 4 steps }]',
      'evaluate.every=4 steps',
      `roles.keys=${keys}`,
      ...sets,
    ];
    const { result } = await onTwo(`keys-${sets.length}`, { victims: [], sets: real });
    assert.equal(result.steps, 4);
    assert.equal(new Set(result.parameterHashes).size, 1);
  });
}

test('when all ranks die, both machines resume from a checkpoint that only the first one has', async () => {
  const sets = ['plan=[{ plain: 400 steps }]', 'checkpoint.every=100 steps', 'evaluate.every=400 steps'];
  const alone = await launchNode(await optionsOf({ rank: 0, nodes: 1, port: 1 }, 'alone-saved', sets));
  const victims = ['student-0', 'student-1'];
  const { result, rings } = await onTwo('saved', { victims, afterStep: 150, sets });
  assert.ok(rings.length === 1 && rings[0]! >= 100 && rings[0]! % 100 === 0, String(rings));
  assert.deepEqual(new Set(result.parameterHashes), new Set([alone!.parameters]));
});

test('a stopped run resumes, although only the first machine has its checkpoint', async () => {
  const sets = ['plan=[{ plain: 400 steps }]', 'evaluate.every=400 steps'];
  const alone = await launchNode(await optionsOf({ rank: 0, nodes: 1, port: 1 }, 'alone-stopped', sets));
  const port = await freePort();
  const stops = new AbortController();
  const observe = (event: RunEvent) => {
    if (event.kind === 'snapshot' && (event.snapshot.students?.step ?? 0) > 20) stops.abort();
  };
  const both = async (resume: boolean, signal?: AbortSignal) =>
    Promise.allSettled([
      launchNode({
        ...(await optionsOf({ rank: 0, nodes: 2, port }, 'stopped', sets)),
        resume,
        signal,
        observe,
      }),
      launchNode({ ...(await optionsOf({ rank: 1, nodes: 2, port }, 'stopped-1', sets)), resume }),
    ]);
  const [stopped] = await both(false, stops.signal);
  assert.ok(stopped.status === 'rejected' && (stopped.reason as BrineError).code === 'CANCELLED');
  const [resumed] = await both(true);
  assert.ok(resumed.status === 'fulfilled', String(resumed.status === 'rejected' && resumed.reason));
  assert.deepEqual(new Set(resumed.value!.parameterHashes), new Set([alone!.parameters]));
});

test('a machine that does not join is named', async () => {
  const options = await optionsOf({ rank: 0, nodes: 2, port: await freePort() }, 'half');
  const recipe = { ...options.recipe, roles: { ...options.recipe.roles, joinWithin: 6 } };
  await assert.rejects(launchNode({ ...options, recipe }), {
    code: 'JOIN_TIMEOUT',
    message: /^student-1, node-1 did not join within 6 s; joined: student-0/,
  });
});

test('the dry run shows the processes of this machine', async () => {
  const { text, roles } = launchDryRun(await optionsOf({ rank: 1, nodes: 2, port: 29400 }, 'dry'));
  assert.deepEqual(
    roles.map(({ name }) => name),
    ['student-1'],
  );
  assert.match(text, /^node 1 of 2 \(from flags\) · joins tcp:\/\/127\.0\.0\.1:29400\n/);
});

test('ranks that cannot be divided evenly are refused', async () => {
  const read = (sets: string[], flags: NodeFlags) =>
    readClusterRecipe(inFolder('plain.yaml'), sets, nodePlace({ head: 'a', nodeRank: 0, ...flags }, {}));
  await assert.rejects(read(['roles.ranks=4'], { nnodes: '3' }), {
    code: 'CONFIG_INVALID',
    message: /4 ranks cannot be divided evenly among 3 machines/,
  });
  await assert.rejects(read([], { nnodes: '3', nprocPerNode: 1 }), {
    code: 'CONFIG_INVALID',
    message: /4 rows do not divide among 3 ranks/,
  });
});

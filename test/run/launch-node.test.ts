/** Two machines of one run, as far as one machine allows: each has an agent of its own, and processes that only it starts. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/base/files.ts';
import { launchDryRun, launchNode, readClusterRecipe } from '../../src/run/launch-node.ts';
import { nodePlace, type NodeFlags } from '../../src/run/node-place.ts';
import type { RunEvent, TrainResult } from '../../src/run/train.ts';

const brine = [process.execPath, fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))];
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

async function optionsOf(node: { rank: number; nodes: number; port: number }, name: string) {
  const { rank, nodes, port } = node;
  const place = nodePlace(
    { nnodes: String(nodes), nodeRank: rank, nprocPerNode: 2 / nodes, head: `127.0.0.1:${port}` },
    {},
  );
  const recipe = await readClusterRecipe(inFolder('plain.yaml'), [`run=${inFolder(name)}`], place);
  return { place, recipe, brine, environment: process.env, resume: false };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Both machines; one's rank is killed on the way. */
async function onTwo(name: string, victim: string): Promise<{ result: TrainResult; rings: number }> {
  const port = await freePort();
  const pids = new Map<string, number>();
  let [rings, killed] = [0, false];
  const observe = (event: RunEvent) => {
    if (event.kind === 'event' && event.event.kind === 'joined') pids.set(event.event.name, event.event.pid);
    if (event.kind === 'event' && event.event.kind === 'reformed') rings += 1;
    if (killed || event.kind !== 'snapshot' || (event.snapshot.students?.step ?? 0) < 1) return;
    killed = true;
    process.kill(pids.get(victim)!, 'SIGKILL');
  };
  const [result] = await Promise.all([
    launchNode({ ...(await optionsOf({ rank: 0, nodes: 2, port }, name)), observe }),
    launchNode(await optionsOf({ rank: 1, nodes: 2, port }, `${name}-1`)),
  ]);
  return { result: result!, rings };
}

test('two machines train what one trains, though a rank of the second is killed on the way', async () => {
  const alone = await launchNode(await optionsOf({ rank: 0, nodes: 1, port: 1 }, 'alone'));
  const { result, rings } = await onTwo('two', 'student-1');
  assert.equal(rings, 1);
  assert.equal(result.parameters, alone!.parameters);
  assert.deepEqual(new Set(result.parameterHashes), new Set([alone!.parameters]));
});

test('a machine that never comes is named', async () => {
  const options = await optionsOf({ rank: 0, nodes: 2, port: await freePort() }, 'half');
  const recipe = { ...options.recipe, roles: { ...options.recipe.roles, joinWithin: 6 } };
  await assert.rejects(launchNode({ ...options, recipe }), {
    code: 'JOIN_TIMEOUT',
    message: /^student-1, node-1 did not join within 6 s; joined: student-0/,
  });
});

test('the dry run shows what this machine would start', async () => {
  const { text, roles } = launchDryRun(await optionsOf({ rank: 1, nodes: 2, port: 29400 }, 'dry'));
  assert.deepEqual(
    roles.map(({ name }) => name),
    ['student-1'],
  );
  assert.match(text, /^node 1 of 2 \(by flags\) · joins tcp:\/\/127\.0\.0\.1:29400\n/);
});

test('ranks that cannot be shared out are refused', async () => {
  const read = (sets: string[], flags: NodeFlags) =>
    readClusterRecipe(inFolder('plain.yaml'), sets, nodePlace({ head: 'a', ...flags }, {}));
  await assert.rejects(read(['roles.ranks=4'], { nnodes: '3' }), {
    code: 'CONFIG_INVALID',
    message: /4 ranks do not divide into 3 machines/,
  });
  await assert.rejects(read([], { nnodes: '3', nprocPerNode: 1 }), {
    code: 'CONFIG_INVALID',
    message: /4 rows do not divide among 3 ranks/,
  });
});

/**
 * Two machines of one run, simulated on one: each has its own agent, which starts its own
 * processes.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { BrineError } from '../../../src/base/errors.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import { launchDryRun, launchNode, readClusterRecipe } from '../../../src/launch/launch-node.ts';
import { nodePlace, type NodeFlags } from '../../../src/launch/nodes/node-place.ts';
import type { RunEvent } from '../../../src/launch/train.ts';
import { writeKeys } from '../../../src/security/folder.ts';
import { RunProcesses } from '../../../scripts/soak/run-processes.ts';
import { BRINE, freePort, smallRuns } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
after(() => runs.remove());
await runs.recipe(
  'nodes.yaml',
  `evaluate: { every: 240 steps, rows: 6 }
checkpoint: { every: 60 steps }
plan: [{ plain: 240 steps }]
`,
);
const path = runs.in('nodes.yaml');

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
  const recipe = await readClusterRecipe(path, [`run=${runs.in(name)}`, ...sets], place);
  return { place, recipe, brine: BRINE, environment: process.env, resume: false };
}

/** Both machines of a run, each with its own run folder. */
async function onTwo(name: string, sets: readonly string[] = []) {
  const port = await freePort();
  const head = await optionsOf({ rank: 0, nodes: 2, port }, name, sets);
  const other = await optionsOf({ rank: 1, nodes: 2, port }, `${name}-1`, sets);
  return ({ resume = false, signal, observe }: Pick<Parameters<typeof launchNode>[0], 'signal' | 'observe'> & { resume?: boolean }) =>
    Promise.allSettled([launchNode({ ...head, resume, signal, observe }), launchNode({ ...other, resume })]);
}

test('two machines give the result of one, although the run stops, resumes, and loses all ranks and then one', async () => {
  const alone = await launchNode(await optionsOf({ rank: 0, nodes: 1, port: 1 }, 'alone'));
  const both = await onTwo('two');
  const stops = new AbortController();
  const before = new RunProcesses();
  const [stopped] = await both({
    signal: stops.signal,
    observe: (event) => {
      before.see(event);
      if (before.step > 20) stops.abort();
    },
  });
  assert.ok(stopped.status === 'rejected' && (stopped.reason as BrineError).code === 'CANCELLED');

  const processes = new RunProcesses();
  const victims = [['student-0', 'student-1'], ['student-1']];
  const observe = (event: RunEvent) => {
    processes.see(event);
    const lost = 2 - victims.length;
    if (processes.rings.length < lost || processes.step < 90) return;
    for (const victim of victims.shift() ?? []) processes.signal(victim, 'SIGKILL');
  };
  const [resumed] = await both({ resume: true, observe });
  assert.ok(resumed.status === 'fulfilled', String(resumed.status === 'rejected' && resumed.reason));
  const [first, ...others] = processes.rings.map(({ step }) => step);
  assert.ok(first! >= 60, 'only the first machine has this checkpoint');
  assert.equal(others.length, 1);
  assert.equal(resumed.value!.parameters, alone!.parameters);
  assert.deepEqual(new Set(resumed.value!.parameterHashes), new Set([alone!.parameters]));
});

test('two machines with keys train a model with several chunks a segment', async () => {
  const keys = runs.in('keys');
  await writeKeys(keys);
  const both = await onTwo('keys', [
    `student.model=${join(packageRoot(), 'models', 'nano-llm')}`,
    'plan=[{ plain: 4 steps }]',
    'evaluate.every=4 steps',
    `roles.keys=${keys}`,
    'roles.wire=bf16',
    'roles.overlap=2',
    'roles.shardOptimizer=true',
  ]);
  const [outcome] = await both({});
  assert.ok(outcome.status === 'fulfilled', String(outcome.status === 'rejected' && outcome.reason));
  assert.equal(outcome.value!.steps, 4);
  assert.equal(new Set(outcome.value!.parameterHashes).size, 1);
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
    readClusterRecipe(path, sets, nodePlace({ head: 'a', nodeRank: 0, ...flags }, {}));
  await assert.rejects(read(['roles.ranks=4'], { nnodes: '3' }), {
    code: 'CONFIG_INVALID',
    message: /4 ranks cannot be divided evenly among 3 machines/,
  });
  await assert.rejects(read([], { nnodes: '3', nprocPerNode: 1 }), {
    code: 'CONFIG_INVALID',
    message: /4 rows do not divide among 3 ranks/,
  });
});

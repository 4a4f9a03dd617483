/** Elastic runs: the number of ranks changes during the run. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, test } from 'node:test';
import { launchDryRun, launchNode, readClusterRecipe } from '../../../src/launch/launch-node.ts';
import { nodePlace } from '../../../src/launch/nodes/node-place.ts';
import { handledLater } from '../../../src/base/promises.ts';
import { readRecipe, recipeIdentity } from '../../../src/recipe/recipe.ts';
import type { RunEvent } from '../../../src/launch/train.ts';
import { readSettledSteps, stepFault, type StepReport } from '../../../src/report/elastic-steps.ts';
import { listCheckpoints } from '../../../src/student/checkpoint/checkpoint.ts';
import { RunProcesses } from '../../../scripts/soak/run-processes.ts';
import { BRINE, freePort, smallRuns } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
after(() => runs.remove());
await runs.recipe(
  'elastic.yaml',
  `batch: { rows: 12 }
evaluate: { every: 60 steps, rows: 6 }
checkpoint: { every: 60 steps }
plan: [{ plain: 240 steps }]
`,
);
const recipe = runs.in('elastic.yaml');

/**
 * Checks that every step is reported, that ranks agree on it, and that each row of its batch is
 * trained once.
 */
function checkRows(steps: Map<number, StepReport[]>, { count, batch }: { count: number; batch: number }): void {
  for (let step = 1; step <= count; step += 1) {
    const reports = steps.get(step) ?? [];
    assert.ok(reports.length > 0, `step ${step}`);
    assert.equal(stepFault(reports, batch), undefined, `step ${step}: ${JSON.stringify(reports)}`);
  }
}

test('without the first rank, the others continue, save, report and finish', async () => {
  const sets = ['roles.ranks=3', 'roles.ranksAtLeast=2', 'roles.restarts=0'];
  const processes = new RunProcesses();
  let killed = false;
  const observe = (event: RunEvent) => {
    processes.see(event);
    if (!killed && processes.step > 0) killed = processes.signal('student-0', 'SIGKILL');
  };
  const result = await runs.run('less', { recipe: 'elastic.yaml', sets, observe });
  assert.deepEqual(processes.dropped, ['student-0 was killed by SIGKILL']);
  assert.deepEqual(
    processes.rings.map(({ ranks }) => ranks),
    [2],
  );
  assert.equal(new Set(result.parameterHashes).size, 1);
  assert.equal(result.parameterHashes.length, 2);
  assert.deepEqual(
    result.evaluations.map(({ step }) => step),
    [0, 60, 120, 180, 240],
  );
  assert.ok(result.validationLoss! < 0.5 * result.evaluations[0]!.loss, 'it learns');
  assert.deepEqual((await readdir(runs.in('less/checkpoints'))).toSorted(), [
    'step-120',
    'step-180',
    'step-240',
  ]);
  checkRows(await readSettledSteps([runs.in('less')]), { count: 240, batch: 12 });
});

async function nodeOf(
  rank: number,
  { port, name, sets }: { port: number; name: string; sets: readonly string[] },
) {
  const place = nodePlace({ nnodes: '1:2', nodeRank: rank, nprocPerNode: 1, head: `127.0.0.1:${port}` }, {});
  const read = await readClusterRecipe(recipe, [`run=${runs.in(name)}`, ...sets], place);
  return { place, recipe: read, brine: BRINE, environment: process.env, resume: false };
}

test('a machine leaves the run and rejoins it, and no step is lost', async () => {
  const port = await freePort();
  const sets = ['plan=[{ plain: 100000 steps }]', 'evaluate.every=100000 steps'];
  const leaves = new AbortController();
  const stops = new AbortController();
  const launched = (signal?: AbortSignal) =>
    nodeOf(1, { port, name: 'nodes-1', sets }).then((own) => launchNode({ ...own, signal }));
  const again = handledLater(
    launched(leaves.signal).then(
      () => assert.fail('it has not left'),
      async (error: unknown) => {
        assert.match(String(error), /node 1 has left the run, which continues without it/);
        await assert.rejects(launched(), { code: 'CANCELLED' });
      },
    ),
  );
  const processes = new RunProcesses();
  const observe = (event: RunEvent) => {
    processes.see(event);
    if (processes.step > 20) leaves.abort();
    if (processes.rings.length === 2 && processes.step > processes.rings[1]!.step + 20) stops.abort();
  };
  const head = await nodeOf(0, { port, name: 'nodes', sets });
  await assert.rejects(launchNode({ ...head, observe, signal: stops.signal }), { code: 'CANCELLED' });
  await again;
  assert.deepEqual(
    processes.rings.map(({ ranks }) => ranks),
    [1, 2],
  );
  const steps = await readSettledSteps([runs.in('nodes'), runs.in('nodes-1')]);
  const last = (await listCheckpoints(runs.in('nodes/checkpoints'))).at(-1)!.step;
  checkRows(steps, { count: last, batch: 12 });
  const sizes = [...steps.values()].map((reports) => reports[0]!.ranks);
  assert.deepEqual(new Set(sizes), new Set([1, 2]), 'steps were trained by one and by two');
});

test('an elastic run shows its sizes in the dry run and excludes the number of ranks from its identity', async () => {
  const { text } = launchDryRun(await nodeOf(1, { port: 29400, name: 'dry', sets: [] }));
  assert.match(text, /^node 1 of 1 to 2 \(from flags\)/);
  const read = async (...sets: string[]) => recipeIdentity(await readRecipe(recipe, sets));
  const elastic = await read('roles.ranks=4', 'roles.ranksAtLeast=1');
  assert.equal(await read('roles.ranks=4', 'roles.ranksAtLeast=3'), elastic);
  assert.equal(await read('roles.ranks=2', 'batch.microBatches=2', 'roles.ranksAtLeast=1'), elastic);
  assert.notEqual(await read('roles.ranks=2', 'roles.ranksAtLeast=1'), elastic);
  assert.notEqual(await read('roles.ranks=4'), elastic);
  assert.notEqual(await read('roles.ranks=4'), await read('roles.ranks=2'));
});

test('keys that contradict each other or have no effect are refused', async () => {
  const read = (...sets: string[]) => readRecipe(recipe, sets);
  const refused = (message: RegExp) => ({ code: 'CONFIG_INVALID', message });
  await assert.rejects(
    read('roles.ranks=2', 'roles.ranksAtLeast=3'),
    refused(/roles\.ranksAtLeast \(3\) is greater than roles\.ranks \(2\)/),
  );
  await assert.rejects(read('roles.returnWithin=3 s'), refused(/returnWithin has no effect/));
});

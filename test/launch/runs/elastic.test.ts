/** Elastic runs: the number of ranks changes during the run. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/base/files/files.ts';
import { launchDryRun, launchNode, readClusterRecipe } from '../../../src/launch/launch-node.ts';
import { nodePlace } from '../../../src/launch/nodes/node-place.ts';
import { readRecipe, recipeIdentity } from '../../../src/recipe/recipe.ts';
import { train, type RunEvent } from '../../../src/launch/train.ts';
import { readSettledSteps, stepFault, type StepReport } from '../../../src/report/elastic-steps.ts';

const brine = [process.execPath, fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url))];
const folder = await mkdtemp(join(tmpdir(), 'brine-elastic-'));
const inFolder = (name: string) => join(folder, name);
after(() => rm(folder, { recursive: true, force: true }));

before(async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(inFolder('text.txt'), lines.join(''));
  await writeFile(
    inFolder('plain.yaml'),
    `data: { corpus: ${inFolder('text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${inFolder('data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: 12 }
evaluate: { every: 100 steps, rows: 6 }
checkpoint: { every: 100 steps }
plan: [{ plain: 400 steps }]
`,
  );
});

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
  const whole = await train({
    recipe: await readRecipe(inFolder('plain.yaml'), [`run=${inFolder('whole')}`, ...sets]),
    brine,
    environment: process.env,
    resume: false,
  });
  const pids = new Map<string, number>();
  const words: string[] = [];
  let killed = false;
  const observe = (event: RunEvent) => {
    if (event.kind === 'event') {
      const own = event.event;
      if (own.kind === 'joined') pids.set(own.name, own.pid);
      if (own.kind === 'dropped') words.push(`${own.name} ${own.why}`);
      if (own.kind === 'ringFormed') words.push(`ring of ${own.ranks}`);
    }
    if (killed || event.kind !== 'snapshot' || (event.snapshot.students?.step ?? 0) < 1) return;
    killed = true;
    process.kill(pids.get('student-0')!, 'SIGKILL');
  };
  const result = await train({
    recipe: await readRecipe(inFolder('plain.yaml'), [`run=${inFolder('less')}`, ...sets]),
    brine,
    environment: process.env,
    resume: false,
    observe,
  });
  assert.deepEqual(words, ['student-0 was killed by SIGKILL', 'ring of 2']);
  assert.equal(new Set(result.parameterHashes).size, 1);
  assert.equal(result.parameterHashes.length, 2);
  const of = (run: typeof result) => run.evaluations.map(({ step }) => step);
  assert.deepEqual(of(result), [0, 100, 200, 300, 400]);
  assert.ok(Math.abs(result.validationLoss! - whole.validationLoss!) < 0.02 * whole.validationLoss!);
  assert.deepEqual((await readdir(inFolder('less/checkpoints'))).toSorted(), [
    'step-200',
    'step-300',
    'step-400',
  ]);
  checkRows(await readSettledSteps([inFolder('less')]), { count: 400, batch: 12 });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function nodeOf(
  rank: number,
  { port, name, sets }: { port: number; name: string; sets: readonly string[] },
) {
  const place = nodePlace({ nnodes: '1:2', nodeRank: rank, nprocPerNode: 1, head: `127.0.0.1:${port}` }, {});
  const recipe = await readClusterRecipe(inFolder('plain.yaml'), [`run=${inFolder(name)}`, ...sets], place);
  return { place, recipe, brine, environment: process.env, resume: false };
}

test('a machine leaves the run and rejoins it, and no step is lost', async () => {
  const port = await freePort();
  const sets = ['plan=[{ plain: 3000 steps }]', 'evaluate.every=2000 steps'];
  const leaves = new AbortController();
  const rings: number[] = [];
  const launched = (signal?: AbortSignal) =>
    nodeOf(1, { port, name: 'nodes-1', sets }).then((own) => launchNode({ ...own, signal }));
  const first = launched(leaves.signal);
  const again = first.then(
    () => assert.fail('it has not left'),
    async (error: unknown) => {
      assert.match(String(error), /node 1 has left the run, which continues without it/);
      await launched();
    },
  );
  again.catch(() => undefined); // awaited below
  const observe = (event: RunEvent) => {
    if (event.kind === 'event' && (event.event.kind === 'started' || event.event.kind === 'ringFormed'))
      rings.push(event.event.ranks);
    if (event.kind === 'snapshot' && (event.snapshot.students?.step ?? 0) > 100) leaves.abort();
  };
  const head = await nodeOf(0, { port, name: 'nodes', sets });
  const result = await launchNode({ ...head, observe });
  await again;
  assert.deepEqual(rings, [2, 1, 2]);
  assert.equal(result!.steps, 3000);
  const steps = await readSettledSteps([inFolder('nodes'), inFolder('nodes-1')]);
  checkRows(steps, { count: 3000, batch: 12 });
  const sizes = [...steps.values()].map((reports) => reports[0]!.ranks);
  assert.ok(
    [1, 2].every((size) => sizes.includes(size)),
    'steps were trained by one and by two',
  );
});

test('an elastic run shows its sizes in the dry run and excludes the number of ranks from its identity', async () => {
  const { text } = launchDryRun(await nodeOf(1, { port: 29400, name: 'dry', sets: [] }));
  assert.match(text, /^node 1 of 1 to 2 \(from flags\)/);
  const read = async (...sets: string[]) => recipeIdentity(await readRecipe(inFolder('plain.yaml'), sets));
  const elastic = await read('roles.ranks=4', 'roles.ranksAtLeast=1');
  assert.equal(await read('roles.ranks=4', 'roles.ranksAtLeast=3'), elastic);
  assert.equal(await read('roles.ranks=2', 'batch.microBatches=2', 'roles.ranksAtLeast=1'), elastic);
  assert.notEqual(await read('roles.ranks=2', 'roles.ranksAtLeast=1'), elastic);
  assert.notEqual(await read('roles.ranks=4'), elastic);
  assert.notEqual(await read('roles.ranks=4'), await read('roles.ranks=2'));
});

test('keys that contradict each other or have no effect are refused', async () => {
  const read = (...sets: string[]) => readRecipe(inFolder('plain.yaml'), sets);
  const refused = (message: RegExp) => ({ code: 'CONFIG_INVALID', message });
  await assert.rejects(
    read('roles.ranks=2', 'roles.ranksAtLeast=3'),
    refused(/roles\.ranksAtLeast \(3\) is greater than roles\.ranks \(2\)/),
  );
  await assert.rejects(read('roles.returnWithin=3 s'), refused(/returnWithin has no effect/));
});

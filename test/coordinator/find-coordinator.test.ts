/** Finding the coordinator of a run by its folder. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findCoordinator } from '../../src/coordinator/find-coordinator.ts';
import { ownProcess } from '../../src/base/process/process-identity.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-find-'));
after(() => rm(folder, { recursive: true, force: true }));

const DISTILS = 'plan: [{ distil: 3 }]\nroles: { keys: secrets }\n';

interface Parts {
  readonly recipe?: string;
  readonly endpoint?: string;
  readonly head?: { pid: number; began: string };
  readonly cache?: string;
}

async function runWith(name: string, { recipe = DISTILS, endpoint, head = ownProcess(), cache = '' }: Parts) {
  const run = join(folder, name);
  await mkdir(run);
  await writeFile(join(run, 'recipe.yaml'), `run: ${run}\n${recipe}`);
  const roles = [{ role: 'cache', rank: 0, ...head, endpoint: cache, state: '' }];
  const common = {
    format: 'brine-coordinator-1',
    run: 'r',
    generation: 1,
    ringOrder: [],
    excused: [],
    expected: [],
  };
  if (endpoint !== undefined)
    await writeFile(
      join(run, 'coordinator.json'),
      JSON.stringify({ ...common, endpoint, head, roles, restarts: {} }),
    );
  return run;
}

test('finds an active run on this machine, also at a wildcard address', async () => {
  const run = await runWith('here', { endpoint: 'tcp://0.0.0.0:29400', cache: 'tcp://10.0.0.7:41873' });
  const found = await findCoordinator(run, { labels: true });
  assert.deepEqual(found, {
    coordinator: 'tcp://127.0.0.1:29400',
    caches: ['tcp://10.0.0.7:41873'],
    keys: 'secrets',
  });
});

test('finds a run on another machine if its address has a host name, and otherwise asks for one', async () => {
  const head = { pid: 1, began: 'another-boot:17' };
  const open = await runWith('elsewhere', { endpoint: 'tcp://head:29400', head });
  assert.equal((await findCoordinator(open)).coordinator, 'tcp://head:29400');
  for (const [name, endpoint] of [
    ['loopback', 'tcp://127.0.0.1:29400'],
    ['wildcard', 'tcp://0.0.0.0:29400'],
  ] as const) {
    const run = await runWith(name, { endpoint, head });
    await assert.rejects(findCoordinator(run), { code: 'CLOSED', message: /is on another machine/ });
  }
});

test('reports a run that has ended, died or never existed, with a hint', async () => {
  await assert.rejects(findCoordinator(join(folder, 'none')), {
    code: 'FILE_MISSING',
    message: /no run folder/,
  });
  await mkdir(join(folder, 'other'));
  await assert.rejects(findCoordinator(join(folder, 'other')), {
    message: /is not a run folder: it has no recipe/,
  });
  const begun = await runWith('begun', {});
  await assert.rejects(findCoordinator(begun), { code: 'CLOSED', message: /it has no checkpoint yet/ });
  const ended = await runWith('ended', {});
  await mkdir(join(ended, 'checkpoints', 'step-800'), { recursive: true });
  await assert.rejects(findCoordinator(ended), {
    code: 'CLOSED',
    message: /of step 800/,
    hint: /brine eval .*ended/,
  });
  const { began } = ownProcess();
  const died = await runWith('died', { endpoint: 'tcp://127.0.0.1:1', head: { pid: 1, began: `${began}0` } });
  await assert.rejects(findCoordinator(died), { code: 'CLOSED', message: /has died/, hint: /--resume/ });
});

test('finds labels only of a run that distils and serves its cache', async () => {
  const plain = await runWith('plain', { recipe: 'plan: [{ plain: 3 }]\n', endpoint: 'tcp://127.0.0.1:1' });
  await assert.rejects(findCoordinator(plain, { labels: true }), { code: 'BAD_ARGUMENT' });
  const early = await runWith('early', { endpoint: 'tcp://127.0.0.1:1' });
  await assert.rejects(findCoordinator(early, { labels: true }), { code: 'CACHE_GONE' });
});

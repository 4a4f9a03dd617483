import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../../src/base/files/files.ts';
import { allowedCores, checkCores, withCores, type Core } from '../../../src/launch/processes/cores.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { rolesOf } from '../../../src/launch/processes/roles.ts';
import { spawnRole } from '../../../src/launch/processes/spawn.ts';
import { dryRun } from '../../../src/launch/train.ts';

const FILE = join(packageRoot(), 'cluster', 'nano-salt.yaml');
const BOUND = 'roles.affinity=cores';

const folder = await mkdtemp(join(tmpdir(), 'brine-cores-'));
after(() => rm(folder, { recursive: true }));

/** The taskset command of each role, after its name. */
async function bindings(
  ranks: number,
  cores: readonly Core[] | undefined,
  sets: readonly string[] = [BOUND],
) {
  const recipe = await readRecipe(FILE, ['batch.rows=12', `roles.ranks=${ranks}`, ...sets]);
  const specs = rolesOf(recipe, { brine: ['brine', 'cli.js'], coordinator: 'tcp://127.0.0.1:*' });
  return withCores(specs, recipe, () => cores).map(({ name, command }) => {
    const at = command.indexOf('brine');
    return at === 0 ? name : `${name} ${command.slice(0, at).join(' ')}`;
  });
}

/** Writes the files in which Linux describes a machine: `topology` is [socket, core] by processor. */
async function machine(allowed: string, topology: readonly (readonly [number, number])[]) {
  const topologyFolder = await mkdtemp(join(folder, 'machine-'));
  const statusFile = join(topologyFolder, 'status');
  await writeFile(statusFile, `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${allowed}\n`);
  for (const [processor, [socket, core]] of topology.entries()) {
    const place = join(topologyFolder, `cpu${processor}`, 'topology');
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'physical_package_id'), `${socket}\n`);
    await writeFile(join(place, 'core_id'), `${core}\n`);
  }
  return { statusFile, topologyFolder };
}

test('lists the cores that the launcher may use, with their processors, ordered by socket', async () => {
  const topology = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const;
  assert.deepEqual(allowedCores(await machine('0-7', topology)), [
    [0, 4],
    [2, 6],
    [1, 5],
    [3, 7],
  ]);
  assert.deepEqual(allowedCores(await machine('2-4,7', topology)), [[4], [2], [3, 7]]);
  assert.deepEqual(allowedCores(await machine('1,3', [])), [[1], [3]], 'a system without topology files');
  assert.equal(allowedCores({ statusFile: '/nowhere', topologyFolder: '/nowhere' }), undefined);
});

test('cores are divided evenly among the ranks in contiguous blocks; other roles are not bound', async () => {
  const others = ['cache', 'teacher-0'];
  assert.deepEqual(
    await bindings(2, [
      [0, 4],
      [1, 5],
      [2, 6],
      [3, 7],
    ]),
    [...others, 'student-0 taskset -c 0,1,4,5', 'student-1 taskset -c 2,3,6,7'],
  );
  assert.deepEqual(await bindings(2, [[0], [1], [2]]), [
    ...others,
    'student-0 taskset -c 0',
    'student-1 taskset -c 1,2',
  ]);
});

test('with more ranks than cores, processors are divided, then assigned round-robin', async () => {
  const students = async (cores: readonly Core[]) =>
    (await bindings(3, cores)).slice(2).map((line) => line.split(' ').at(-1));
  assert.deepEqual(
    await students([
      [0, 2],
      [1, 3],
    ]),
    ['0', '2', '1,3'],
  );
  assert.deepEqual(await students([[0], [1]]), ['0', '1', '0']);
});

test('ranks are bound only if the recipe requires it', async () => {
  const free = ['cache', 'teacher-0', 'student-0', 'student-1'];
  assert.deepEqual(await bindings(2, [[0], [1]], []), free);
  assert.deepEqual(await bindings(2, undefined), free);
});

test('a machine that cannot bind ranks is refused before the start', async () => {
  const recipe = await readRecipe(FILE, [BOUND]);
  const broken = (message: RegExp) => ({ code: 'ENVIRONMENT_BROKEN', message });
  assert.throws(
    () => checkCores(recipe, { PATH: folder }, () => [[0]]),
    broken(/taskset is not on the PATH/),
  );
  assert.throws(() => checkCores(recipe, process.env, () => undefined), broken(/does not report its cores/));
  await writeFile(join(folder, 'taskset'), '');
  await chmod(join(folder, 'taskset'), 0o755);
  checkCores(recipe, { PATH: `/nowhere:${folder}` }, () => [[0]]);
  checkCores(await readRecipe(FILE), {}, () => undefined);
});

test('the dry run shows the cores of this machine', async () => {
  const recipe = await readRecipe(FILE, [BOUND]);
  const { text } = dryRun({ recipe, brine: ['brine'], environment: {}, resume: false });
  assert.match(text, /^student-1 .* taskset -c [\d,]+ brine /m);
});

test('a bound process may use only its cores', async () => {
  const recipe = await readRecipe(FILE, [BOUND, 'roles.ranks=1', 'batch.rows=8']);
  const [last] = allowedCores()!.slice(-1);
  const show = ['grep', 'Cpus_allowed_list', '/proc/self/status'];
  const student = {
    id: { role: 'student', rank: 0 },
    name: 'student-0',
    command: show,
    environment: {},
  } as const;
  const [spec] = withCores([student], recipe, () => [last!]);
  const log = join(folder, 'student-0.log');
  const { gone } = await spawnRole(spec!, { log, environment: process.env });
  assert.equal((await gone).how, 'exited with code 0');
  const list = (await readFile(log, 'utf8')).trim().split(/\s+/).at(-1)!;
  assert.deepEqual(
    allowedCores(await machine(list, []))!.flat(),
    [...last!].toSorted((a, b) => a - b),
  );
});

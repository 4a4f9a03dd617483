import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../src/base/files/files.ts';
import { examineCuda } from '../../../src/engine/cuda.ts';
import { visibleDevices, withDevices } from '../../../src/launch/processes/devices.ts';
import { launchDryRun, readClusterRecipe } from '../../../src/launch/launch-node.ts';
import { nodePlace } from '../../../src/launch/nodes/node-place.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { rolesOf } from '../../../src/launch/processes/roles.ts';
import { dryRun, train } from '../../../src/launch/train.ts';

const FILE = join(packageRoot(), 'cluster', 'nano-salt.yaml');
const CUDA = 'roles.device=cuda';

/** CUDA_VISIBLE_DEVICES of each role. */
async function shown(sets: readonly string[], devices: readonly string[] | undefined) {
  const recipe = await readRecipe(FILE, [CUDA, ...sets]);
  const specs = rolesOf(recipe, { brine: ['brine'], coordinator: 'tcp://127.0.0.1:*' });
  const pinned = withDevices(specs, { recipe, devices });
  return Object.fromEntries(
    pinned.map(({ name, environment }) => [name, environment['CUDA_VISIBLE_DEVICES']]),
  );
}

test('rank r gets device r, teachers get the next devices, and caches get none', async () => {
  assert.deepEqual(await shown(['roles.teachers=3'], ['0', '1', '2', '3']), {
    cache: undefined,
    'teacher-0': '2',
    'teacher-1': '3',
    'teacher-2': '2',
    'student-0': '0',
    'student-1': '1',
  });
});

test('a teacher gets a device for each engine; if none is left, teachers share those of the ranks round-robin', async () => {
  const engines = await shown(['roles.engines=2'], ['0', '1', '2', '3']);
  assert.equal(engines['teacher-0'], '2,3');
  const shared = await shown(['roles.teachers=3'], ['GPU-a', 'GPU-b']);
  assert.deepEqual(
    [shared['teacher-0'], shared['teacher-1'], shared['teacher-2'], shared['student-1']],
    ['GPU-a', 'GPU-b', 'GPU-a', 'GPU-b'],
  );
});

test('devices are those visible to the launcher, else those of the driver, else unknown', async () => {
  assert.deepEqual(visibleDevices({ CUDA_VISIBLE_DEVICES: '4, 6' }), ['4', '6']);
  assert.deepEqual(visibleDevices({ CUDA_VISIBLE_DEVICES: '' }), []);
  assert.equal(visibleDevices({}, '/nowhere'), undefined);
  const folder = await mkdtemp(join(tmpdir(), 'brine-gpus-'));
  await mkdir(join(folder, '0000:01:00.0'));
  await mkdir(join(folder, '0000:02:00.0'));
  assert.deepEqual(visibleDevices({}, folder), ['0', '1']);
  await rm(folder, { recursive: true });
  const unknown = await shown([], undefined);
  assert.deepEqual([unknown['student-1'], unknown['teacher-0']], ['1', '2']);
});

test('more ranks than devices are refused', async () => {
  await assert.rejects(shown([], ['7']), {
    code: 'CONFIG_INVALID',
    message: '2 student ranks on this machine need one GPU each, but 1 is visible (7)',
  });
});

test('the dry run shows devices, counted from the first rank of the machine', async () => {
  const environment = { CUDA_VISIBLE_DEVICES: '2,3,5' };
  const common = { brine: ['brine'], environment, resume: false };
  const { text } = dryRun({ ...common, recipe: await readRecipe(FILE, [CUDA]) });
  assert.match(text, /^student-1 .*CUDA_VISIBLE_DEVICES=3 /m);
  const place = nodePlace({ nnodes: '2', nodeRank: 1, nprocPerNode: 2, head: '127.0.0.1:29400' }, {});
  const recipe = await readClusterRecipe(FILE, [CUDA], place);
  const { roles } = launchDryRun({ ...common, recipe, place });
  const students = roles.filter(({ id }) => id.role === 'student');
  assert.deepEqual(
    students.map(({ name, environment: own }) => [name, own['CUDA_VISIBLE_DEVICES']]),
    [
      ['student-2', '2'],
      ['student-3', '3'],
    ],
  );
});

test('a run on missing devices ends before any preparation and names what is missing', async (t) => {
  const parts = await examineCuda();
  if (parts.every(({ good }) => good)) return t.skip('this machine has what CUDA needs');
  const folder = await mkdtemp(join(tmpdir(), 'brine-device-'));
  try {
    const recipe = await readRecipe(join(packageRoot(), 'cluster', 'nano-plain.yaml'), [
      CUDA,
      `run=${folder}/run`,
      'roles.ranks=1',
    ]);
    const options = { recipe, brine: ['brine'], environment: { CUDA_VISIBLE_DEVICES: '0' }, resume: false };
    await assert.rejects(train(options), {
      code: 'DEVICE_MISSING',
      message: /device cuda cannot be used here: /,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

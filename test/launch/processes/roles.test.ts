import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../src/base/files/files.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { formatRoles, rolesOf } from '../../../src/launch/processes/roles.ts';

const cluster = join(packageRoot(), 'cluster');
const brine = ['node', 'main.js'];
const coordinator = 'tcp://127.0.0.1:*';

async function namesOf(file: string, sets: string[] = [], replay?: string): Promise<string[]> {
  const recipe = await readRecipe(join(cluster, file), sets);
  return rolesOf(recipe, { brine, coordinator, replay }).map(({ name }) => name);
}

test('a plan that distils has a cache and teachers; a plain plan has only students', async () => {
  assert.deepEqual(await namesOf('nano-salt.yaml', ['roles.teachers=2']), [
    'cache',
    'teacher-0',
    'teacher-1',
    'student-0',
    'student-1',
  ]);
  assert.deepEqual(await namesOf('nano-plain.yaml', ['roles.ranks=4']), [
    'student-0',
    'student-1',
    'student-2',
    'student-3',
  ]);
});

test('a replay starts no teacher', async () => {
  assert.deepEqual(await namesOf('nano-rkd.yaml', [], 'runs/a/labels'), ['cache', 'student-0', 'student-1']);
});

test('bind and keys of a machine are passed on the command line, since a shared run folder has one recipe.yaml', async () => {
  const given = await readRecipe(join(cluster, 'nano-plain.yaml'), [
    'roles.bind=va',
    'roles.keys=/local/keys',
  ]);
  for (const { command } of rolesOf(given, { brine, coordinator })) {
    assert.equal(command[command.indexOf('--bind') + 1], 'va');
    assert.equal(command[command.indexOf('--keys') + 1], '/local/keys');
  }
});

test('the dry run prints shell commands', async () => {
  const recipe = await readRecipe(join(cluster, 'nano-rkd.yaml'), ['run=runs/my run', 'roles.ranks=1']);
  const ranks = { rankEnvironment: { MALLOC_X: '1' }, rankFlags: ['--x'] };
  const roles = rolesOf(recipe, { brine, coordinator, replay: 'old', ...ranks });
  assert.equal(
    formatRoles(roles),
    [
      'coordinator  (this process)',
      `cache        node main.js role cache --rank 0 --run 'runs/my run' --coordinator tcp://127.0.0.1:* --replay old`,
      `student-0    MALLOC_X=1 node --x main.js role student --rank 0 --run 'runs/my run' --coordinator tcp://127.0.0.1:*`,
    ].join('\n'),
  );
});

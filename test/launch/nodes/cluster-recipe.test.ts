import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readClusterRecipe } from '../../../src/launch/nodes/cluster-recipe.ts';
import { nodePlace } from '../../../src/launch/nodes/node-place.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-cluster-recipe-'));
const file = join(folder, 'recipe.yaml');
after(() => rm(folder, { recursive: true, force: true }));
before(() =>
  writeFile(
    file,
    'batch: { rows: 48 }\nteacher: { checkpoint: runs/slm }\nplan: [{ distil: 10 steps }]\nroles: { device: cuda, teachers: 4, ranks: 6 }\n',
  ),
);

const SLURM = { SLURM_NODEID: '0', SLURM_NNODES: '2', SLURM_JOB_NODELIST: 'n[1-2]', SLURM_GPUS_ON_NODE: '8' };
const ranksOf = async (
  sets: readonly string[],
  environment = {},
  more: { nproc?: number; replay?: string } = {},
) => {
  const place = nodePlace({ nprocPerNode: more.nproc }, { ...SLURM, ...environment });
  return (await readClusterRecipe(file, sets, { ...place, replay: more.replay })).roles.ranks;
};

test('teachers get GPUs of their own out of those that a launcher counts', async () => {
  assert.equal(await ranksOf([]), 12); // 2 machines of 8 GPUs, 2 teachers on each
  assert.equal(await ranksOf(['roles.engines=2']), 8);
  assert.equal(await ranksOf(['roles.teachers=0']), 16);
  assert.equal(await ranksOf([], {}, { replay: 'labels' }), 16);
  assert.equal(await ranksOf(['roles.device=cpu']), 16);
});

test('a machine with one GPU shares it between rank and teacher', async () => {
  assert.equal(await ranksOf([], { SLURM_GPUS_ON_NODE: '1' }), 2);
});

test('flags and --set override the count of a launcher; without GPUs the number of ranks comes from the recipe', async () => {
  assert.equal(await ranksOf([], {}, { nproc: 4 }), 8);
  assert.equal(await ranksOf(['roles.ranks=2']), 2);
  assert.equal(await ranksOf([], { SLURM_GPUS_ON_NODE: '0' }), 6);
});

test('an error about a number of ranks from a launcher names the launcher', async () => {
  await assert.rejects(ranksOf(['batch.rows=8', 'roles.device=cpu']), {
    code: 'CONFIG_INVALID',
    message: /^the ranks of 2 machines \(from Slurm\): 16 ranks are more than the 8 rows of a batch/,
    hint: /--nproc-per-node/,
  });
  await assert.rejects(ranksOf(['batch.rows=8', 'roles.ranks=16']), {
    message: /^--set roles\.ranks: 16 ranks/,
  });
});

/**
 * Complete runs on one machine with real processes: small model, selection, teacher, cache, two
 * student ranks.
 */
import assert from 'node:assert/strict';
import { cp, readFile, readdir, stat, truncate } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageRoot } from '../../../src/base/files/files.ts';
import { writeKeys } from '../../../src/security/folder.ts';
import { cacheStats } from '../../../src/cache-tools/stats.ts';
import { verifyCache } from '../../../src/cache-tools/verify.ts';
import { sameLabels } from '../../../src/demo/demo-replay.ts';
import { openData } from '../../../src/inputs/prepared-data.ts';
import { readResolved } from '../../../src/recipe/run-folder.ts';
import { readSelection } from '../../../src/select/manifest.ts';
import { readScores } from '../../../src/select/scores-file.ts';
import { smallRuns, type More } from '../../support/runs/small-runs.ts';

const runs = await smallRuns();
const inFolder = runs.in;
after(() => runs.remove());

before(() =>
  runs.recipe(
    'salt.yaml',
    `teacher: { checkpoint: ${inFolder('slm')} }
labels: { draws: 8, folder: ${inFolder('labels')} }
roles: { ranks: 2 }
selection: { scorer: ${inFolder('slm')}@4, later: ${inFolder('slm')}, topK: all, strata: source, keep: 50% }
plan: [{ distil: 6 steps, rows: selected }, { plain: 2 steps }]
`,
  ),
);

const slm = (name: string, { sets = [], ...more }: More = {}) =>
  runs.run(name, { sets: ['plan=[{ plain: 8 steps }]', ...sets], ...more });
const salt = (name: string, more: More = {}) => runs.run(name, { recipe: 'salt.yaml', ...more });

test('the small model trains and writes the files of a run', async () => {
  const result = await slm('slm');
  assert.equal(result.steps, 8);
  assert.deepEqual(
    result.evaluations.map(({ step }) => step),
    [0, 4, 8],
  );
  assert.ok(result.validationLoss! < result.evaluations[0]!.loss, 'it learns');
  assert.deepEqual((await readdir(inFolder('slm'))).toSorted(), [
    'checkpoints',
    'logs',
    'metrics',
    'recipe.yaml',
    'tensorboard',
  ]);
  assert.deepEqual((await readdir(inFolder('slm/checkpoints'))).toSorted(), ['step-4', 'step-8']);
});

test('an existing run is not overwritten, and resuming a finished run changes nothing', async () => {
  await assert.rejects(slm('slm'), { code: 'FILE_EXISTS', hint: /--resume/ });
  const { mtimeMs } = await stat(inFolder('slm/checkpoints/step-8'));
  await slm('slm', { resume: true });
  assert.equal((await stat(inFolder('slm/checkpoints/step-8'))).mtimeMs, mtimeMs);
  await assert.rejects(slm('slm', { sets: ['student.seed=9'], resume: true }), {
    code: 'CONFIG_INVALID',
    message: /was started with another recipe: student\.seed: 1, now 9/,
  });
});

/** The rule, the models and the scores of the rows that a run selected. */
async function selectionOf(run: string) {
  const data = await openData(inFolder('data'));
  const { train } = data;
  const [manifest, scores, { selection }] = [
    await readSelection(inFolder(`${run}/selection.json`), { data: train.identity, rows: train.rows }),
    await readScores(inFolder(`${run}/scores.safetensors`), { data: train.identity }),
    await readResolved(inFolder(run)),
  ];
  await data.close();
  return { manifest, scores, selection: selection! };
}

test('with selection, teacher and cache, two ranks end with the same parameters', async () => {
  const seen = new Set<string>();
  const result = await salt('salt', {
    observe: (event) => {
      if (event.kind === 'snapshot') for (const key of Object.keys(event.snapshot)) seen.add(key);
    },
  });
  assert.equal(result.labels.rowsUsed, 6 * 4, 'only stage 1 uses labels');
  assert.ok(result.labels.rowsDrawn >= 4 && result.cost.selecting > 0);
  assert.match(result.parameters, /^[0-9a-f]{64}$/);
  assert.deepEqual(new Set(result.parameterHashes).size, 1);
  assert.ok(seen.has('students') && seen.has('cache') && seen.has('teachers'), [...seen].join());
  const stats = await cacheStats({ folders: [inFolder('labels')] });
  const { rows, faults } = await verifyCache({ folders: [inFolder('labels')] });
  assert.deepEqual([rows, faults], [stats.rows, 0]);
  const { manifest, scores, selection } = await selectionOf('salt');
  assert.deepEqual([selection.scorer, selection.later], [inFolder('slm@4'), inFolder('slm@8')]);
  assert.deepEqual([manifest.scorer, manifest.later], [scores.scorer, scores.later]);
  const { topK, keep, strata } = manifest.rule;
  assert.deepEqual([topK, keep, strata], ['all', { fraction: 0.5 }, 'source']);
  const total = scores.score.reduce((sum, fall) => sum + fall, 0);
  assert.ok(total > 0, 'from step 4 to step 8, the small model learns');
  const lowest = Math.min(...manifest.rows.map((row) => scores.score[row]!));
  const higher = scores.score.filter((fall) => fall > lowest).length;
  assert.ok(higher < manifest.rows.length && manifest.rows.length === Math.round(manifest.of / 2));
  await assert.rejects(salt('salt', { sets: ['selection.statistic=mean'], resume: true }), {
    code: 'CONFIG_INVALID',
    message: /selection\.statistic: none, now mean/,
  });
});

test('a replay without a teacher uses the same label bytes and ends with the same parameters', async () => {
  const names: string[] = [];
  const result = await salt('replay', { replay: inFolder('labels') });
  for (const name of await readdir(inFolder('replay/metrics'))) names.push(name);
  assert.deepEqual(names.toSorted(), ['cache.jsonl', 'student-0.jsonl', 'student-1.jsonl']);
  assert.deepEqual(await sameLabels(inFolder('salt'), inFolder('replay'), 2), {
    sameLabelBytes: true,
    steps: 12,
  });
  assert.equal(result.labels.rowsDrawn, 0);
  const first = JSON.parse(await readFile(inFolder('salt/checkpoints/step-8/trainer.json'), 'utf8')) as {
    files: Record<string, { sha256: string }>;
  };
  const again = JSON.parse(
    await readFile(inFolder('replay/checkpoints/step-8/trainer.json'), 'utf8'),
  ) as typeof first;
  assert.equal(again.files['model.safetensors']?.sha256, first.files['model.safetensors']?.sha256);
});

test('a copied cache trains a larger model on another number of ranks without a teacher', async () => {
  await cp(inFolder('labels'), inFolder('copied'), { recursive: true });
  const larger = `student.model=${join(packageRoot(), 'models', 'micro-untied')}`;
  const sets = [larger, 'roles.ranks=1'];
  const { labels } = await salt('larger', { sets, replay: inFolder('copied') });
  assert.deepEqual([labels.rowsUsed, labels.rowsPlain, labels.rowsDrawn], [6 * 4, 0, 0]);
});

test('a run with keys serves all network devices, and without keys it is refused; stored top-k labels can be trained with any treatment of the remaining mass', async () => {
  const keys = inFolder('keys');
  await writeKeys(keys);
  await assert.rejects(salt('open', { sets: ['roles.bind=0.0.0.0'] }), {
    code: 'ADDRESS_EXPOSED',
    hint: /brine keys/,
  });
  await assert.rejects(stat(inFolder('open')), { code: 'ENOENT' });
  const topk = ['labels.draws=null', 'labels.rule=topk', 'labels.k=8', `labels.folder=${inFolder('top')}`];
  const endpoints: string[] = [];
  const ghost = await salt('ghost', {
    sets: [...topk, 'labels.rest=ghost', 'roles.bind=0.0.0.0', `roles.keys=${keys}`],
    observe: (event) => {
      if (event.kind === 'snapshot' && event.snapshot.cache) endpoints.push(event.snapshot.cache.endpoint);
    },
  });
  assert.ok(ghost.labels.rowsUsed >= 4);
  assert.ok(endpoints.length > 0 && endpoints.every((endpoint) => !endpoint.includes('0.0.0.0')), endpoints[0]);
  const spread = await salt('spread', { sets: [...topk, 'labels.rest=spread'], replay: inFolder('top') });
  assert.equal(spread.labels.rowsDrawn, 0);
  assert.ok((await sameLabels(inFolder('ghost'), inFolder('spread'), 2)).sameLabelBytes);
  assert.notEqual(spread.parameters, ghost.parameters);
  for (const { parameterHashes } of [ghost, spread]) assert.equal(new Set(parameterHashes).size, 1);
});

test('a port in use ends the run with an error that names it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await assert.rejects(salt('port', { sets: [`roles.cache=tcp://127.0.0.1:${port}`] }), {
      code: 'ADDRESS_IN_USE',
      message: new RegExp(`cache: .*${port}`),
    });
  } finally {
    server.close();
  }
});

test('a truncated shard, checkpoint or label cache causes one clear error and changes no other file', async () => {
  await cp(inFolder('data'), inFolder('cut-data'), { recursive: true });
  const shards = (await readdir(inFolder('cut-data/train'))).filter((name) => name.endsWith('.bin'));
  await truncate(join(inFolder('cut-data/train'), shards[0]!), 200);
  await assert.rejects(openData(inFolder('cut-data')), { code: 'SHARD_DAMAGED' });

  await cp(inFolder('slm'), inFolder('cut-run'), { recursive: true });
  await truncate(inFolder('cut-run/checkpoints/step-8/model.safetensors'), 300);
  const notes: string[] = [];
  const { firstStep } = await slm('cut-run', { resume: true, notes });
  assert.equal(firstStep, 4);
  assert.match(
    notes.join('\n'),
    /step-8 is damaged \(model\.safetensors has 300 of .* continues from .*step-4/,
  );
  for (const step of [4, 8])
    await truncate(inFolder(`cut-run/checkpoints/step-${step}/model.safetensors`), 300);
  await assert.rejects(slm('cut-run', { resume: true }), {
    code: 'CHECKPOINT_DAMAGED',
    message: /step-8: model\.safetensors has 300 of [^]*step-4: /,
    hint: /brine train .*cut-run\/recipe\.yaml --set run=.*cut-run-again$/,
  });

  await cp(inFolder('labels'), inFolder('cut-labels'), { recursive: true });
  await truncate(inFolder('cut-labels/data.mdb'), 5000);
  await assert.rejects(salt('cut', { replay: inFolder('cut-labels') }), { code: 'FILE_DAMAGED' });
  assert.ok((await cacheStats({ folders: [inFolder('labels')] })).rows > 0);
});

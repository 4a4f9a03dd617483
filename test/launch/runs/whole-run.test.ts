/**
 * Complete runs on one machine with real processes: small model, selection, teacher, cache, two
 * student ranks.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/base/files/files.ts';
import { writeKeys } from '../../../src/security/folder.ts';
import { cacheStats } from '../../../src/cache-tools/stats.ts';
import { verifyCache } from '../../../src/cache-tools/verify.ts';
import { sameLabels } from '../../../src/demo/demo-replay.ts';
import { readRecipe, type Recipe } from '../../../src/recipe/recipe.ts';
import { train, type RunEvent, type TrainResult } from '../../../src/launch/train.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const brine = [process.execPath, main];
const folder = await mkdtemp(join(tmpdir(), 'brine-run-'));
const inFolder = (name: string) => join(folder, name);
after(() => rm(folder, { recursive: true, force: true }));

const shared = `data: { corpus: ${inFolder('text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${inFolder('data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: 4 }
optimizer: { schedule: { warmup: 2 steps, decay: constant } }
evaluate: { every: 4 steps, rows: 6 }
checkpoint: { every: 4 steps }
`;
const distilling = `extends: shared.yaml
teacher: { checkpoint: ${inFolder('slm')} }
labels: { draws: 8, folder: ${inFolder('labels')} }
roles: { ranks: 2 }
selection: { scorer: ${inFolder('slm')}@4, keep: 50% }
plan: [{ distil: 6 steps, rows: selected }, { plain: 2 steps }]
`;

before(async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(inFolder('text.txt'), lines.join(''));
  await writeFile(inFolder('shared.yaml'), shared);
  await writeFile(inFolder('slm.yaml'), 'extends: shared.yaml\nplan: [{ plain: 8 steps }]\n');
  await writeFile(inFolder('salt.yaml'), distilling);
});

async function recipeOf(name: string, ...sets: string[]): Promise<Recipe> {
  return readRecipe(inFolder(`${name}.yaml`), sets);
}

async function run(
  recipe: Recipe,
  more: { replay?: string; resume?: boolean; signal?: AbortSignal; observe?: (event: RunEvent) => void } = {},
): Promise<TrainResult> {
  return train({ recipe, brine, environment: process.env, resume: false, ...more });
}

test('the small model trains and writes the files of a run', async () => {
  const result = await run(await recipeOf('slm', `run=${inFolder('slm')}`));
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
  const recipe = await recipeOf('slm', `run=${inFolder('slm')}`);
  await assert.rejects(run(recipe), { code: 'FILE_EXISTS', hint: /--resume/ });
  const { mtimeMs } = await stat(inFolder('slm/checkpoints/step-8'));
  await run(recipe, { resume: true });
  assert.equal((await stat(inFolder('slm/checkpoints/step-8'))).mtimeMs, mtimeMs);
  const other = await recipeOf('slm', `run=${inFolder('slm')}`, 'student.seed=9');
  await assert.rejects(run(other, { resume: true }), {
    code: 'CONFIG_INVALID',
    message: /was started with another recipe: student\.seed: 1, now 9/,
  });
});

test('with selection, teacher and cache, two ranks end with the same parameters', async () => {
  const seen = new Set<string>();
  const result = await run(await recipeOf('salt', `run=${inFolder('salt')}`), {
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
});

test('a replay without a teacher uses the same label bytes and ends with the same parameters', async () => {
  const names: string[] = [];
  const recipe = await recipeOf('salt', `run=${inFolder('replay')}`);
  const result = await run(recipe, { replay: inFolder('labels') });
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

test('a copied cache trains a larger model on fewer and on more ranks without a teacher', async () => {
  await cp(inFolder('labels'), inFolder('copied'), { recursive: true });
  const larger = `student.model=${join(packageRoot(), 'models', 'micro-untied')}`;
  for (const ranks of [1, 4]) {
    const recipe = await recipeOf(
      'salt',
      `run=${inFolder(`larger-${ranks}`)}`,
      larger,
      `roles.ranks=${ranks}`,
    );
    const { labels } = await run(recipe, { replay: inFolder('copied') });
    assert.deepEqual([labels.rowsUsed, labels.rowsPlain, labels.rowsDrawn], [6 * 4, 0, 0]);
  }
});

test('a run with keys on all network devices ends with the same parameters; without keys it is refused', async () => {
  const keys = inFolder('keys');
  await writeKeys(keys);
  const places = ['roles.bind=0.0.0.0', `labels.folder=${inFolder('labels-by-key')}`];
  const open = await recipeOf('salt', `run=${inFolder('open')}`, ...places);
  await assert.rejects(run(open), { code: 'ADDRESS_EXPOSED', hint: /brine keys/ });
  await assert.rejects(stat(inFolder('open')), { code: 'ENOENT' });
  const seen: string[] = [];
  const recipe = await recipeOf('salt', `run=${inFolder('by-key')}`, `roles.keys=${keys}`, ...places);
  const result = await run(recipe, {
    observe: (event) => {
      if (event.kind === 'snapshot' && event.snapshot.cache) seen.push(event.snapshot.cache.endpoint);
    },
  });
  assert.ok(result.labels.rowsDrawn >= 4);
  assert.ok(seen.length > 0 && seen.every((endpoint) => !endpoint.includes('0.0.0.0')), seen[0]);
  const hash = async (of: string) =>
    (
      JSON.parse(await readFile(inFolder(`${of}/checkpoints/step-8/trainer.json`), 'utf8')) as {
        files: Record<string, { sha256: string }>;
      }
    ).files['model.safetensors']?.sha256;
  assert.equal(await hash('by-key'), await hash('salt'));
});

test('labels of another rule are refused with both rules in the error', async () => {
  const recipe = await recipeOf('salt', `run=${inFolder('other-rule')}`, 'labels.draws=9');
  await assert.rejects(run(recipe, { replay: inFolder('labels') }), {
    code: 'RULE_MISMATCH',
    message: /sampled 8.*sampled 9/,
  });
  await assert.rejects(run(await recipeOf('salt', `run=${inFolder('other-2')}`, 'labels.draws=9')), {
    code: 'RULE_MISMATCH',
  });
});

test('stored top-k labels can be trained with any treatment of the remaining mass', async () => {
  const topk = ['labels.draws=null', 'labels.rule=topk', 'labels.k=8', `labels.folder=${inFolder('top')}`];
  const recipe = (rest: string) => recipeOf('salt', `run=${inFolder(rest)}`, ...topk, `labels.rest=${rest}`);
  const ghost = await run(await recipe('ghost'));
  const spread = await run(await recipe('spread'), { replay: inFolder('top') });
  assert.equal(spread.labels.rowsDrawn, 0);
  assert.ok((await sameLabels(inFolder('ghost'), inFolder('spread'), 2)).sameLabelBytes);
  assert.notEqual(spread.parameters, ghost.parameters);
  for (const { parameterHashes } of [ghost, spread]) assert.equal(new Set(parameterHashes).size, 1);
});

test('a port in use ends the run with an error that names it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const recipe = await recipeOf('salt', `run=${inFolder('port')}`, `roles.cache=tcp://127.0.0.1:${port}`);
  try {
    await assert.rejects(run(recipe), { code: 'ADDRESS_IN_USE', message: new RegExp(`cache: .*${port}`) });
  } finally {
    server.close();
  }
});

test('a truncated shard, checkpoint or label cache causes one clear error and changes no other file', async () => {
  await cp(inFolder('data'), inFolder('cut-data'), { recursive: true });
  const shards = (await readdir(inFolder('cut-data/train'))).filter((name) => !name.endsWith('.json'));
  await truncate(join(inFolder('cut-data/train'), shards[0]!), 200);
  const { openData } = await import('../../../src/inputs/prepared-data.ts');
  await assert.rejects(openData(inFolder('cut-data')), { code: 'SHARD_DAMAGED' });

  await cp(inFolder('slm'), inFolder('cut-run'), { recursive: true });
  await truncate(inFolder('cut-run/checkpoints/step-8/model.safetensors'), 300);
  const notes: string[] = [];
  const { firstStep } = await run(await recipeOf('slm', `run=${inFolder('cut-run')}`), {
    resume: true,
    observe: (event) => {
      if (event.kind === 'note') notes.push(event.text);
    },
  });
  assert.equal(firstStep, 4);
  assert.match(
    notes.join('\n'),
    /step-8 is damaged \(model\.safetensors has 300 of .* continues from .*step-4/,
  );
  for (const step of [4, 8])
    await truncate(inFolder(`cut-run/checkpoints/step-${step}/model.safetensors`), 300);
  await assert.rejects(run(await recipeOf('slm', `run=${inFolder('cut-run')}`), { resume: true }), {
    code: 'CHECKPOINT_DAMAGED',
    message: /step-8: model\.safetensors has 300 of [^]*step-4: /,
    hint: /brine train .*cut-run\/recipe\.yaml --set run=.*cut-run-again$/,
  });

  await cp(inFolder('labels'), inFolder('cut-labels'), { recursive: true });
  await truncate(inFolder('cut-labels/data.mdb'), 5000);
  const recipe = await recipeOf('salt', `run=${inFolder('cut')}`);
  await assert.rejects(run(recipe, { replay: inFolder('cut-labels') }), { code: 'FILE_DAMAGED' });
  assert.ok((await cacheStats({ folders: [inFolder('labels')] })).rows > 0);
});

test('Ctrl-C saves a checkpoint and ends every process, and the run resumes from there', async () => {
  const words = [
    'train',
    inFolder('slm.yaml'),
    '--set',
    `run=${inFolder('long')}`,
    '--set',
    'plan=[{ plain: 100000 steps }]',
    '--set',
    'roles.ranks=2',
  ];
  const child = execFile(process.execPath, [main, ...words]);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const metrics = inFolder('long/metrics/student-1.jsonl');
  const stepped = async () => (await readFile(metrics, 'utf8').catch(() => '')).includes('"step":6');
  while (!(await stepped())) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGINT');
  assert.equal(await ended, 130);
  const { stdout } = await new Promise<{ stdout: string }>((resolve) =>
    execFile('ps', ['-eo', 'args'], (_, out) => resolve({ stdout: out })),
  );
  assert.ok(!stdout.includes(inFolder('long')), 'no process of the run is left');
  assert.ok((await readdir(inFolder('long/checkpoints'))).some((name) => Number(name.slice(5)) >= 6));
});

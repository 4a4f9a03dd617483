import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import { packageRoot } from '../../src/base/files/files.ts';
import { effectiveRecipe, readRecipe, recipeIdentity, totalSteps } from '../../src/recipe/recipe.ts';
import { readResolved, saveResolved } from '../../src/recipe/run-folder.ts';
import { restOf } from '../../src/worker/student/student-init.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-recipe-'));
after(() => rm(folder, { recursive: true, force: true }));
let files = 0;

async function write(text: string, name = `r${files++}.yaml`): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** The error's code and message without the folder: "CODE r.yaml:LINE:COLUMN: …". */
async function faultOf(text: string, sets: string[] = []): Promise<string> {
  const path = await write(text, 'r.yaml');
  const error: unknown = await readRecipe(path, sets).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof BrineError, `no fault in ${text}`);
  assert.ok(error.hint.length > 0);
  return `${error.code} ${error.message.replaceAll(`${folder}/`, '')}`;
}

test('an empty recipe is valid: every key has a default', async () => {
  const recipe = await readRecipe(await write(''));
  assert.equal(totalSteps(recipe), 1000);
  assert.deepEqual(recipe.optimizer.adamw?.betas, [0.9, 0.95]);
  assert.equal(recipe.teacher, undefined);
});

test('quantities with units are parsed to numbers', async () => {
  const recipe = await readRecipe(
    await write(`data: { limit: 12 MB, validation: 2% }
roles: { joinWithin: 2 min }
plan: [{ distil: 1_200 steps, fade: linear, over: 100 steps }, { plain: 50 }]`),
  );
  assert.equal(recipe.data.limit, 12_000_000);
  assert.equal(recipe.data.validation, 0.02);
  assert.equal(recipe.roles.joinWithin, 120);
  assert.deepEqual(
    recipe.plan.map(({ distil, plain, over }) => [distil, plain, over]),
    [
      [1200, undefined, 100],
      [undefined, 50, undefined],
    ],
  );
  assert.equal(recipe.labels?.draws, 50, 'a plan that distils has labels');
});

const FAULTS: [name: string, text: string, fault: RegExp][] = [
  ['text that is not YAML', 'run: x\ndata: { row: 1', /^CONFIG_INVALID r\.yaml:2:15: /],
  ['a list instead of a map', '- a\n', /^CONFIG_INVALID r\.yaml:1:1: a recipe is a map/],
  ['a wrong type', 'run: x\nbatch: { rows: many }', /r\.yaml:2:10: batch\.rows: .*expected number/],
  [
    'a wrong unit',
    'evaluate:\n  every: 50 rows',
    /r\.yaml:2:3: evaluate\.every: expected a number of steps such as "200 steps", got "50 rows"/,
  ],
  ['a number out of range', 'data:\n  validation: 120%', /r\.yaml:2:3: data\.validation: expected a share/],
  ['an unknown key', 'student: { modle: x }', /r\.yaml:1:12: unknown key modle; known here: model, seed/],
  [
    'an unknown key at the top',
    'lables: {}',
    /r\.yaml:1:1: unknown key lables; known here: run, data, teacher/,
  ],
  [
    'an unknown key in a phase',
    'plan:\n  - plain: 5\n    steps: 3',
    /r\.yaml:3:5: unknown key steps; known here: distil, plain/,
  ],
  [
    'an unknown key of an optimizer',
    'optimizer: { adamw: { lr: 1 } }',
    /r\.yaml:1:23: unknown key lr; known here: rate, betas/,
  ],
  [
    'a bad schedule',
    'optimizer: { schedule: { decay: cosinus } }',
    /r\.yaml:1:26: .*expected "cosine to 10%"/,
  ],
  [
    'sharded adafactor',
    'roles: { ranks: 2, shardOptimizer: true }\noptimizer: { adafactor: {} }',
    /r\.yaml:1:\d+: adafactor keeps row and column statistics/,
  ],
  [
    'a sharded optimizer in an elastic run',
    'roles: { ranks: 2, ranksAtLeast: 1, shardOptimizer: true }',
    /r\.yaml:1:\d+: roles\.shardOptimizer cannot be used with roles\.ranksAtLeast/,
  ],
  [
    'overlap with a single rank',
    'roles: { overlap: 2 }',
    /r\.yaml:1:\d+: roles\.overlap has no effect: roles\.ranks is 1/,
  ],
  [
    'labels without a distilling phase',
    'labels: { draws: 5 }',
    /r\.yaml:1:1: labels has no effect: no phase of the plan distils/,
  ],
  [
    'a weight in a plain phase',
    'plan:\n  - { plain: 5, weight: 1 }',
    /r\.yaml:2:17: plan\.0\.weight has no effect: the phase is plain/,
  ],
  [
    'draws with another drawing rule',
    'plan: [{ distil: 5 }]\nlabels: { rule: topk, draws: 5 }',
    /r\.yaml:2:23: labels\.draws has no effect: labels\.rule is topk/,
  ],
  [
    'rest with sampled labels',
    'plan: [{ distil: 5 }]\nlabels: { rest: ghost }',
    /r\.yaml:2:11: labels\.rest has no effect: labels\.rule is sampled/,
  ],
  [
    'an unknown value of rest',
    'plan: [{ distil: 5 }]\nlabels: { rule: topk, rest: drop }',
    /r\.yaml:2:23: labels\.rest: .*"renormalise"\|"spread"\|"ghost"/,
  ],
  ['an unused selection', 'selection: { scorer: x }', /r\.yaml:1:1: selection has no effect/],
  [
    'a wire format with a single rank',
    'roles: { wire: bf16 }',
    /r\.yaml:1:10: roles\.wire has no effect: roles\.ranks is 1/,
  ],
  ['an unknown wire format', 'roles: { ranks: 2, wire: fp8 }', /roles\.wire: .*"float32"\|"bf16"\|"int8"/],
  ['teachers of a plain plan', 'roles:\n  teachers: 2', /r\.yaml:2:3: roles\.teachers has no effect/],
  [
    'a phase of both kinds',
    'plan: [{ plain: 5, distil: 5 }]',
    /r\.yaml:1:8: a phase needs either distil or plain/,
  ],
  ['a phase of neither kind', 'plan: [{ rows: all }]', /a phase needs either distil or plain/],
  ['an empty plan', 'plan: []', /r\.yaml:1:1: plan: a plan has at least one phase/],
  [
    'selected rows without a selection',
    'plan: [{ plain: 5, rows: selected }]',
    /there is no selection block/,
  ],
  [
    'a selection without a scorer',
    'plan: [{ plain: 5, rows: selected }]\nselection: { keep: 10% }',
    /r\.yaml:2:1: selection by rule salt needs a scorer/,
  ],
  [
    'more ranks than rows',
    'batch: { rows: 4 }\nroles: { ranks: 5 }',
    /r\.yaml:2:10: 5 ranks are more than the 4 rows of a batch/,
  ],
  [
    'rows that do not divide',
    'batch: { rows: 10 }\nroles: { ranks: 4 }',
    /r\.yaml:1:10: 10 rows do not divide among 4 ranks/,
  ],
  ['two optimizers', 'optimizer: { adamw: {}, adafactor: {} }', /r\.yaml:1:25: a run has one optimizer/],
];
for (const [name, text, fault] of FAULTS) {
  test(`named with file, line and column: ${name}`, async () => assert.match(await faultOf(text), fault));
}

test('all faults are named', async () => {
  const fault = await faultOf('batch: { rows: 0 }\nstudent: { seed: -1 }\nnonsense: 1');
  for (const place of ['r.yaml:1:10', 'r.yaml:2:12', 'r.yaml:3:1']) assert.ok(fault.includes(place), fault);
});

test('a fault in an extended recipe names that file', async () => {
  await write('run: x\nbatch: { rows: none }', 'base.yaml');
  assert.match(await faultOf('extends: base.yaml\nrun: y'), /base\.yaml:2:10: batch\.rows/);
});

test('extends merges blocks, replaces lists, and null removes a key', async () => {
  await write(
    'batch: { rows: 8, microBatches: 2 }\nplan: [{ plain: 5 }, { plain: 6 }]\noptimizer: { adamw: { rate: 0.5 } }',
    'base.yaml',
  );
  const recipe = await readRecipe(
    await write(
      'extends: base.yaml\nbatch: { rows: 4 }\nplan: [{ plain: 7 }]\noptimizer: { adamw: null, adafactor: {} }',
    ),
  );
  assert.deepEqual(recipe.batch, { rows: 4, microBatches: 2, seed: 1 });
  assert.equal(totalSteps(recipe), 7);
  assert.ok(recipe.optimizer.adafactor && !recipe.optimizer.adamw);
});

test('a key removed by null does not count as set', async () => {
  await write('plan: [{ distil: 5 }]\nlabels: { rule: sampled, draws: 9 }', 'sampled.yaml');
  const recipe = await readRecipe(
    await write('extends: sampled.yaml\nlabels: { rule: topk, k: 12, draws: null }'),
  );
  assert.deepEqual([recipe.labels?.rule, recipe.labels?.k], ['topk', 12]);
});

test('a recipe that extends itself ends in an error', async () => {
  assert.match(await faultOf('extends: r.yaml'), /extends more than 8 recipes, or itself/);
});

test('--set overrides the file, reaches into lists, and is validated like a file', async () => {
  const path = await write('plan: [{ plain: 5 }]\nbatch: { rows: 4 }');
  const recipe = await readRecipe(path, [
    'plan.0.plain=9 steps',
    'student.seed=7',
    'optimizer.adamw={ rate: 0.25 }',
  ]);
  assert.deepEqual([totalSteps(recipe), recipe.student.seed, recipe.optimizer.adamw?.rate], [9, 7, 0.25]);
  assert.match(await faultOf('run: x', ['student.sead=1']), /--set student\.sead: unknown key sead/);
  assert.match(await faultOf('run: x', ['batch.rows=x']), /--set batch\.rows: batch\.rows: /);
  assert.match(await faultOf('run: x', ['labels.draws=3']), /--set labels\.draws: labels has no effect/);
  assert.match(await faultOf('run: x', ['rows']), /^BAD_ARGUMENT --set rows: not of the form KEY=VALUE/);
});

test('a missing recipe is FILE_MISSING', async () => {
  await assert.rejects(readRecipe(join(folder, 'none.yaml')), { code: 'FILE_MISSING' });
});

/** YAML files of other launchers. */
const NO_RECIPES = ['jobset.yaml', 'skypilot.yaml'];

test('every shipped recipe is valid, and its resolved form reads back as the same recipe', async () => {
  const cluster = join(packageRoot(), 'cluster');
  const shipped = (await readdir(cluster)).filter((file) => file.endsWith('.yaml'));
  for (const name of shipped.filter((file) => !NO_RECIPES.includes(file))) {
    const recipe = await readRecipe(join(cluster, name), [`run=${join(folder, 'resolved', name)}`]);
    await saveResolved(recipe);
    const again = await readResolved(recipe.run);
    assert.deepEqual(again, recipe, name);
    assert.equal(recipeIdentity(again), recipeIdentity(recipe));
  }
});

test('a shipped recipe is found from a folder without one, and a recipe of that folder takes precedence', async (t) => {
  const here = process.cwd();
  t.after(() => process.chdir(here));
  process.chdir(await mkdtemp(join(folder, 'empty-')));
  const shipped = await readRecipe(join('cluster', 'nano-plain.yaml'));
  assert.deepEqual(shipped, await readRecipe(join(packageRoot(), 'cluster', 'nano-plain.yaml')));
  assert.equal(shipped.run, 'runs/nano-plain', 'the run is written in the working folder');
  await mkdir('cluster');
  await writeFile(join('cluster', 'nano-plain.yaml'), 'plan: [{ plain: 7 }]');
  assert.equal(totalSteps(await readRecipe(join('cluster', 'nano-plain.yaml'))), 7);
  await assert.rejects(readRecipe('cluster/nano-plan.yaml'), {
    code: 'FILE_MISSING',
    message: /^there is no recipe cluster\/nano-plan\.yaml/,
    hint: /cluster\/nano-salt\.yaml/,
  });
});

test('the identity of a recipe depends on training keys, not on the run folder or process settings', async () => {
  const path = await write('plan: [{ plain: 5 }]');
  const identity = async (...sets: string[]) => recipeIdentity(await readRecipe(path, sets));
  assert.equal(await identity('run=a'), await identity('run=b'));
  const operation = [
    'roles.restarts=9',
    'roles.metrics=9100',
    'roles.joinWithin=5 min',
    'roles.bind=0.0.0.0',
    'roles.affinity=cores',
  ];
  assert.equal(await identity(), await identity(...operation), 'process settings do not count');
  assert.notEqual(await identity(), await identity('student.seed=2'));
  const two = 'roles.ranks=2';
  assert.notEqual(
    await identity(two),
    await identity(two, 'roles.wire=bf16'),
    'the wire format changes results',
  );
});

test('labels.rest is part of the identity of a run with top-k labels only', async () => {
  const text = (labels: string) => `plan: [{ distil: 5 }]\nlabels: { ${labels} }`;
  const read = async (labels: string) => readRecipe(await write(text(labels)));
  const topk = await read('rule: topk');
  assert.equal(restOf(topk), 'renormalise');
  const ghost = await read('rule: topk, rest: ghost');
  assert.equal(restOf(ghost), 'ghost');
  assert.notEqual(recipeIdentity(ghost), recipeIdentity(topk));
  const sampled = await read('rule: sampled');
  assert.equal(restOf(sampled), 'renormalise');
  assert.equal(effectiveRecipe(sampled).labels?.rest, undefined);
});

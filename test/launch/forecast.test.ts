import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { forecast } from '../../src/launch/forecast.ts';
import { checkMemory } from '../../src/launch/preconditions.ts';
import { prepareData } from '../../src/inputs/prepare.ts';
import { readRecipe } from '../../src/recipe/recipe.ts';
import { conditionsOf, train } from '../../src/launch/train.ts';
import { bytesSentPerStep } from '../../src/ring/traffic.ts';
import { planRing } from '../../src/ring/plan.ts';
import { openWire, WIRES } from '../../src/ring/wire.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-forecast-'));
const inFolder = (name: string) => join(folder, name);
after(() => rm(folder, { recursive: true, force: true }));
before(async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(inFolder('text.txt'), lines.join(''));
  await writeFile(
    inFolder('recipe.yaml'),
    `run: ${inFolder('run')}
data: { corpus: ${inFolder('text.txt')}, vocabulary: 300, row: 16, validation: 10% }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: 8 }
plan: [{ plain: 100 steps }]
`,
  );
});

async function forecastWith(sets: readonly string[], name = 'recipe.yaml') {
  const recipe = await readRecipe(inFolder(name), sets);
  const options = { recipe, brine: ['brine'], environment: {}, resume: false };
  return { ...(await forecast({ recipe, conditions: conditionsOf(options) })), options };
}

test('a run is sized from its recipe, and from its data once that is prepared', async () => {
  const { forecast: first, fault, text } = await forecastWith(['roles.ranks=2']);
  assert.equal(fault, undefined);
  assert.deepEqual(
    [first!.vocabulary, first!.parameters, first!.steps, first!.tokensPerStep, first!.tokensPerRankAndStep],
    [300, 300 * 16 + 2 * 2688 + 16 * 5, 100, 128, 64],
  );
  assert.deepEqual([first!.tokens, first!.epochs, first!.data], [12_800, null, null]);
  assert.match(text, /^steps +100 of 128 tokens, 64 for each of 2 ranks · 12,800 tokens$/m);
  assert.match(text, /^memory +each rank 14\d\.\d MB, estimated \(within a factor of 2\.5\): parameters /m);
  assert.match(text, /^checks +passed: run folder, access, hardware, student, tokenizers, memory, data$/m);
  assert.match(text, /^plan:$/m, 'the resolved recipe');
  assert.deepEqual(await readdir(folder).then((names) => names.toSorted()), ['recipe.yaml', 'text.txt']);

  const { options } = await forecastWith([`data.prepared=${inFolder('data')}`]);
  await prepareData(options.recipe.data);
  const { forecast: second } = await forecastWith([`data.prepared=${inFolder('data')}`]);
  assert.ok(second!.data && second!.vocabulary <= 300);
  assert.equal(second!.epochs, (100 * 8) / second!.data.rows);
});

test('the forecast traffic of a rank matches the plan of the ring in every wire format', async () => {
  for (const wire of WIRES) {
    for (const ranks of [2, 3, 8]) {
      const lengths = [64_000, 1_000];
      const plan = planRing(lengths, 1, { size: ranks, chunkElements: 4096 });
      const chunks = plan.receives.flat();
      const received = chunks.reduce((sum, { begin, end }) => sum + openWire(wire).bytesOf(end - begin), 0);
      const sent = bytesSentPerStep({ elements: 65_000, ranks, wire, sharded: false });
      assert.ok(Math.abs(received / sent - 1) < 0.02, `${wire} over ${ranks}: ${received} and ${sent}`);
    }
  }
  assert.equal(bytesSentPerStep({ elements: 1000, ranks: 1, wire: 'float32', sharded: false }), 0);
  assert.equal(bytesSentPerStep({ elements: 1000, ranks: 2, wire: 'bf16', sharded: true }), 1000 + 2000);
  const { forecast: found } = await forecastWith(['roles.ranks=4', 'roles.wire=bf16']);
  assert.equal(found!.wire.sentPerStep, (2 * 3 * 2 * found!.memory.rank.parameters) / 4 / 4);
});

test('a forecast fails with the same error as the run', async () => {
  const distil = ['plan=[{ distil: 5 steps }]', 'teacher.checkpoint=nowhere'];
  for (const [sets, name, code] of [
    [distil, 'teacher', 'FILE_MISSING'],
    [['student.model=nowhere'], 'student', 'FILE_MISSING'],
    [['roles.overlap=9', 'roles.ranks=2'], 'student', 'CONFIG_INVALID'],
    [['roles.bind=0.0.0.0'], 'access', 'ADDRESS_EXPOSED'],
    [['roles.keys=nowhere'], 'access', 'FILE_MISSING'],
    [['plan=[{ plain: 5, rows: selected }]', 'selection.scorer=nowhere'], 'scorer', 'FILE_MISSING'],
    [['data.corpus=nowhere.txt'], 'data', 'CORPUS_MISSING'],
  ] as const) {
    const { fault, text, forecast: found, options } = await forecastWith(sets);
    assert.equal(fault?.code, code, name);
    assert.match(text, new RegExp(`^ +${name}: ${code}: `, 'm'));
    assert.ok(name === 'student' || found?.checks.find((one) => one.name === name)?.good === false);
    await assert.rejects(train(options), { code, message: fault.message }, name);
  }
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name === 'run'),
    [],
  );
});

test('the forecast names the rule that selects rows', async () => {
  const plan = 'plan=[{ plain: 5, rows: selected }]';
  const random = ['selection.rule=random', 'selection.seed=4', 'selection.strata=source'];
  const { text } = await forecastWith([plan, ...random]);
  assert.match(text, /^selection 50% of the rows · random, seed 4, the same share of every source$/m);
  const gap = ['scorer=slm@100', 'later=slm@600', 'topK=all', 'statistic=mean'];
  const { text: other } = await forecastWith([plan, ...gap.map((key) => `selection.${key}`)]);
  assert.match(
    other,
    /^selection 50% of the rows · highest mean decrease of the loss over all tokens · scored by slm@100 and slm@600$/m,
  );
  assert.doesNotMatch((await forecastWith([])).text, /^selection/m, 'a plain plan selects no rows');
});

test('ranks that exceed the memory of their machine are refused', async () => {
  const recipe = await readRecipe(inFolder('recipe.yaml'), ['roles.ranks=2']);
  await assert.rejects(checkMemory(recipe, 2, 100_000), {
    code: 'ENVIRONMENT_BROKEN',
    message: /2 ranks of 10256 parameters need 0\.0 GB .* has 0\.0 GB/,
    hint: /roles\.shardOptimizer/,
  });
  await checkMemory(recipe, 2, 2 * 16 * 10_400);
});

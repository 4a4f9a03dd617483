/** Selecting rows of prepared data: strata by file, manifests, and the rule of an existing selection. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageRoot } from '../../../src/base/files/files.ts';
import { prepareData } from '../../../src/inputs/prepare.ts';
import { openData, trainSources } from '../../../src/inputs/prepared-data.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { readSelection } from '../../../src/select/manifest.ts';
import { writeScores } from '../../../src/select/scores-file.ts';
import { selectFor, selectRows } from '../../../src/tasks/selection/select.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-select-'));
const at = (...names: string[]) => join(folder, ...names);
after(() => rm(folder, { recursive: true, force: true }));

/** Lines of each file of the corpus. */
const FILES = { 'a.txt': 300, 'b.txt': 40, 'c.txt': 120 };

before(async () => {
  await mkdir(at('corpus'));
  for (const [name, lines] of Object.entries(FILES)) {
    const text = Array.from({ length: lines }, (_, i) => `Line ${i} of ${name} says ${(i * 7) % 11}.\n`);
    await writeFile(at('corpus', name), text.join(''));
  }
  await writeFile(
    at('recipe.yaml'),
    `data: { corpus: ${at('corpus')}, vocabulary: 300, row: 16, validation: 5%, prepared: ${at('data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
plan: [{ plain: 5 steps, rows: selected }]
`,
  );
  await prepareData((await read('any')).data);
});

const read = (run: string, ...keys: readonly string[]) =>
  readRecipe(at('recipe.yaml'), [
    `run=${at(run)}`,
    'selection.rule=random',
    ...keys.map((key) => `selection.${key}`),
  ]);

/** The training set: its identity, and the file of each row. */
async function prepared() {
  const data = await openData(at('data'));
  const { identity, rows } = data.train;
  const { names, of } = await trainSources(at('data'), data.train);
  await data.close();
  return { data: identity, rows, fileOf: Array.from(of, (source) => names[source]!) };
}

test('every file keeps the same share of its rows, by scores and at random', async () => {
  const { data, rows, fileOf } = await prepared();
  // The scores favour one file, so that all rows together would come from it.
  const score = Float32Array.from(
    { length: rows },
    (_, row) => (fileOf[row] === 'a.txt' ? 10 : 0) + 1 / (1 + row),
  );
  const stored = { data, scorer: 's', topK: 10, statistic: 'median' } as const;
  await writeScores(at('scores'), { ...stored, score, meanLoss: score });
  const options = { scores: at('scores'), data: at('data'), keep: 0.25, seed: 3 };
  const whole = Math.round(0.25 * rows);
  for (const rule of ['salt', 'hardest', 'random'] as const) {
    const counts = { none: new Map<string, number>(), source: new Map<string, number>() };
    for (const strata of ['none', 'source'] as const) {
      const report = await selectRows({ ...options, rule, strata, out: at('rows.json') });
      const manifest = await readSelection(at('rows.json'), { data, rows });
      assert.deepEqual([report.kept, manifest.rows.length], [whole, whole]);
      assert.equal(manifest.rule.strata, strata === 'none' ? undefined : strata);
      for (const row of manifest.rows) {
        const file = fileOf[row]!;
        counts[strata].set(file, (counts[strata].get(file) ?? 0) + 1);
      }
    }
    for (const file of Object.keys(FILES)) {
      const own = fileOf.filter((other) => other === file).length;
      const quota = (whole * own) / rows;
      assert.ok(Math.abs(counts.source.get(file)! - quota) < 1, `${rule}: ${file}`);
    }
    if (rule !== 'random') assert.deepEqual([...counts.none], [['a.txt', whole]]);
  }
});

test('a run keeps its selection, and refuses one of another rule', async () => {
  const path = runFolder(at('run')).selection;
  await selectFor(await read('run', 'seed=2', 'keep=30%'), {});
  const first = await readFile(path, 'utf8');
  assert.equal(await selectFor(await read('run', 'seed=2', 'keep=30%'), {}), 0);
  for (const keys of [
    ['seed=3', 'keep=30%'],
    ['seed=2', 'keep=31%'],
    ['seed=2', 'keep=30%', 'strata=source'],
    ['rule=hardest', 'scorer=slm@1', 'keep=30%'],
    ['rule=salt', 'scorer=slm@1', 'keep=30%', 'topK=all'],
  ])
    await assert.rejects(
      read('run', ...keys).then((recipe) => selectFor(recipe, {})),
      {
        code: 'CONFIG_INVALID',
        message: /selection\.json has rows of another rule: 30% of the rows · random, seed 2, now 3/,
      },
    );
  assert.equal(await readFile(path, 'utf8'), first);
});

test('data without sources cannot be selected by source, and says how to get them', async () => {
  await rm(at('data', 'train', 'sources.jsonl'));
  await selectFor(await read('all'), {});
  await assert.rejects(
    read('by-source', 'strata=source').then((recipe) => selectFor(recipe, {})),
    {
      code: 'FILE_MISSING',
      message: /sources\.jsonl/,
      hint: /brine prepare CORPUS --out FOLDER --overwrite/,
    },
  );
});

/**
 * Packs Brine as npm does, installs the tarball in an empty folder, and uses it there. The dependencies are
 * links to those of this clone; scripts/checks/package-check.sh lets npm install them.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/base/files/files.ts';

const run = promisify(execFile);
const root = packageRoot();
const project = await mkdtemp(join(tmpdir(), 'brine-package-'));
const installed = join(project, 'node_modules', 'brine');
const command = join(installed, 'dist', 'src', 'cli', 'brine');
after(() => rm(project, { recursive: true, force: true }));

before(async () => {
  await mkdir(installed, { recursive: true });
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', project];
  const { stdout } = await run('npm', pack, { cwd: root });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await run('tar', ['-xzf', join(project, filename), '-C', installed, '--strip-components=1']);
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of [...Object.keys(manifest.dependencies), '@types/node']) {
    const link = join(project, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  await writeFile(join(project, 'package.json'), '{ "type": "module", "private": true }');
  const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(join(project, 'text.txt'), lines.join(''));
});

test('the package has the compiled program and what it reads, and nothing else', async () => {
  const names = await readdir(installed, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const unexpected = files.filter((path) => /\.test\.|\.map$|(?<!\.d)\.ts$|\.mjs$|\.tsbuildinfo$/.test(path));
  assert.deepEqual(unexpected, []);
  for (const folder of ['test', 'src', 'dist/test', 'dist/scripts', 'node_modules'])
    assert.ok(!files.some((path) => path.startsWith(join(installed, folder, '/'))), folder);
  const { size } = await stat(command);
  assert.ok(size > 0 && (await stat(command)).mode & 0o111, 'the command is executable');
  const declarations = files.filter((path) => path.endsWith('.d.ts'));
  assert.ok(declarations.length < 60, `${declarations.length} declarations`);
});

test('the installed command finds shipped recipes, models and the text of its dependencies', async () => {
  const doctor = await run(command, ['doctor', '--json'], { cwd: project });
  const { findings } = JSON.parse(doctor.stdout) as { findings: { name: string; state: string }[] };
  const needed = ['onnxruntime', 'zeromq', 'lmdb', 'tokenizers'];
  assert.deepEqual(
    findings.filter(({ name, state }) => needed.includes(name) && state === 'good').map(({ name }) => name),
    needed,
  );
  const dry = await run(command, ['train', 'cluster/nano-plain.yaml', '--dry-run'], { cwd: project });
  assert.match(dry.stdout, /student-1/);
  const prepared = await run(
    command,
    [
      'prepare',
      'node_modules',
      '--out',
      'data',
      '--set',
      'limit=200 kB',
      '--set',
      'vocabulary=400',
      '--json',
    ],
    { cwd: project },
  );
  assert.match(prepared.stdout, /"bytes":/);
});

/** Compiles TypeScript files of the project against the package. */
async function compile(options: object, files: readonly string[]): Promise<void> {
  const compilerOptions = { module: 'nodenext', target: 'ES2023', strict: true, outDir: 'out', ...options };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  await run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.'], { cwd: project }).catch(
    (error: unknown) => {
      assert.fail((error as { stdout: string }).stdout);
    },
  );
}

test('the declarations are complete without other types than those of the platform', async () => {
  await writeFile(
    join(project, 'types.ts'),
    `import { train, type RunSettings, type TrainResult } from 'brine';
import { Graph, softmax, type Value } from 'brine/graph';
export const start = (settings: RunSettings): Promise<TrainResult> => train(settings);
export const value: Value = softmax(new Graph('g').input('x', 'float32', [2, 3]));
// @ts-expect-error a recipe is the path of a file
void train({ recipe: 1, environment: {} });
`,
  );
  await compile({ types: [], lib: ['ES2023', 'DOM'], skipLibCheck: false }, ['types.ts']);
});

test('the examples compile and run against the package', async () => {
  const names = ['train', 'distil', 'evaluate', 'graph-gradient'];
  const examples = join(root, 'scripts', 'examples');
  assert.deepEqual((await readdir(examples)).toSorted(), names.map((name) => `${name}.ts`).toSorted());
  for (const name of names) await copyFile(join(examples, `${name}.ts`), join(project, `${name}.ts`));
  await compile(
    { types: ['node'], skipLibCheck: true },
    names.map((name) => `${name}.ts`),
  );
  const output = async (name: string, ...words: string[]) => {
    const { stdout, stderr } = await run(process.execPath, [join('out', `${name}.js`), ...words], {
      cwd: project,
    });
    assert.equal(stderr, '', name);
    return stdout;
  };
  assert.match(
    await output('train', 'text.txt', 'runs/example'),
    /^validation loss \d\.\d{3} after 300 steps in runs\/example$/m,
  );
  const distilled = await output('distil', 'runs/example', 'runs/distilled');
  assert.match(distilled, /^the teacher drew labels for 32 rows$/m);
  assert.match(distilled, /^the replay has the same parameters$/m);
  assert.match(
    await output('evaluate', 'runs/example'),
    /^step 300: loss \d\.\d{3}, accuracy \d+\.\d% on \d+ rows$/m,
  );
  const [, found, difference] =
    /gradient (-?[\d.]+), central difference (-?[\d.]+)/.exec(await output('graph-gradient')) ?? [];
  assert.ok(Math.abs(Number(found) - Number(difference)) < 0.005, `${found} and ${difference}`);
});

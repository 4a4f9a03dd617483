import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { entryPoint } from '../../src/base/entry-points.ts';
import { packageRoot } from '../../src/base/files/files.ts';
import { COMMANDS as ALL } from '../../src/cli/programs/commands.ts';
import { buildProgram } from '../../src/cli/programs/program.ts';
import { commandContext } from './command-context.ts';

const main = fileURLToPath(entryPoint('main'));
const folder = await mkdtemp(join(tmpdir(), 'brine-cli-'));
after(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function brine(...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { cwd: folder, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

/**
 * The bad input ends with one clear error, a hint and a code that is not 0, for people and for
 * machines.
 */
async function refuses(code: string, message: RegExp, ...words: string[]): Promise<void> {
  const { code: exit, out, err } = await brine(...words, '--json');
  const line = err.trimEnd().split('\n').at(-1) ?? '';
  assert.ok(line.startsWith('{"error"'), `no error in ${err}`);
  const { error } = JSON.parse(line) as { error: { code: string; message: string; hint: string } };
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  assert.ok(error.hint.length > 10, 'a hint says what to do');
  assert.notEqual(exit, 0);
  assert.equal(out, '', 'nothing on standard output but results');
}

const COMMANDS = [
  'demo',
  'init',
  'prepare',
  'train',
  'launch',
  'status',
  'cache',
  'teacher',
  'score',
  'select',
  'compare',
  'report',
  'eval',
  'generate',
  'graph',
  'keys',
  'doctor',
  'completion',
];

/** Help of a command, built in this process. */
function helpOf(words: readonly string[]): string {
  let help = '';
  const streams = {
    out: { write: (text: string) => void (help += text) },
    err: { write: () => undefined },
    now: () => 0,
  };
  const context = commandContext(streams);
  let command = buildProgram(context, '0', ALL);
  for (const word of words) command = command.commands.find((child) => child.name() === word)!;
  command.outputHelp();
  return help;
}

test('help names every command and exits with 0', async () => {
  const { code, out } = await brine('--help');
  assert.equal(code, 0);
  for (const name of COMMANDS) assert.match(out, new RegExp(`^ {2}${name}\\b`, 'm'));
  assert.doesNotMatch(out, /^ {2}role\b/m);
});

test('the flags of every command are frozen, and each has --json and an example', async () => {
  const flags: Record<string, string[]> = {};
  const pages = [
    ...COMMANDS.filter((name) => name !== 'cache' && name !== 'graph').map((name) => [name]),
    ...['serve', 'stats', 'verify', 'merge', 'export', 'spread'].map((name) => ['cache', name]),
    ['graph', 'export'],
    ['graph', 'print'],
    ['graph', 'grad'],
  ];
  for (const words of pages) {
    const out = helpOf(words);
    assert.match(out, /Example:\n {2}\$ brine /);
    flags[words.join(' ')] = [...out.matchAll(/--[a-z][a-z-]*/g)]
      .map(([flag]) => flag)
      .filter((flag, i, all) => all.indexOf(flag) === i)
      .toSorted();
    assert.ok(flags[words.join(' ')]?.includes('--json'), words.join(' '));
  }
  const frozen = JSON.parse(
    await readFile(join(packageRoot(), 'test', 'cli', 'flags.json'), 'utf8'),
  ) as unknown;
  assert.deepEqual(flags, frozen);
});

test('an error is two lines on standard error: what with its code, and a hint', async () => {
  const { code, out, err } = await brine('train', 'none.yaml');
  assert.deepEqual([code, out], [1, '']);
  assert.match(err, /^error FILE_MISSING: there is no recipe none\.yaml.*\nhint: .+\n$/);
});

test('a usage error exits with 2', async () => {
  for (const words of [
    ['trian'],
    ['train'],
    ['train', 'a', 'b'],
    ['train', 'a', '--sett', 'x=1'],
    ['cache'],
    ['demo', '--steps', 'many'],
  ]) {
    const { code, err } = await brine(...words);
    assert.equal(code, 2, words.join(' '));
    assert.match(err, /^error BAD_ARGUMENT: .+\n(.*\n)?hint: /);
  }
});

test('a launch that cannot determine its machine is a usage error', async () => {
  const { code, err } = await brine('launch', 'any.yaml', '--nnodes', '2', '--head', 'h:1', '--json');
  assert.equal(code, 2);
  assert.match(err, /"code":"BAD_ARGUMENT".*"hint":"Add --node-rank R/);
});

test('a recipe with a wrong type is refused with its place, and nothing is written', async () => {
  await writeFile(join(folder, 'wrong.yaml'), 'run: out\nbatch:\n  rows: several\n');
  await refuses('CONFIG_INVALID', /^wrong\.yaml:3:3: batch\.rows: /, 'train', 'wrong.yaml');
  await assert.rejects(readFile(join(folder, 'out')));
});

test('more ranks than rows are refused', async () => {
  await writeFile(join(folder, 'ranks.yaml'), 'batch: { rows: 2 }\n');
  await refuses(
    'CONFIG_INVALID',
    /3 ranks are more than the 2 rows/,
    'train',
    'ranks.yaml',
    '--set',
    'roles.ranks=3',
  );
});

test('a dry run prints the roles and their commands, then what would stop the run, and starts nothing', async () => {
  const recipe = join(packageRoot(), 'cluster', 'nano-rkd.yaml');
  const { code, out, err } = await brine('train', recipe, '--dry-run', '--json', '--set', 'run=dry');
  assert.equal(code, 1);
  assert.match(err, /"code":"FILE_MISSING","message":"the teacher [^"]*runs\/nano-slm does not exist"/);
  const { roles } = JSON.parse(out) as { roles: { name: string; command: string[] }[] };
  assert.deepEqual(
    roles.map(({ name }) => name),
    ['cache', 'teacher-0', 'student-0', 'student-1'],
  );
  assert.ok(roles.every(({ command }) => command[command.indexOf(main) + 1] === 'role'));
  await assert.rejects(readFile(join(folder, 'dry', 'recipe.yaml')), { code: 'ENOENT' });
});

test('a corpus that is missing, empty or binary is refused', async () => {
  await mkdir(join(folder, 'empty'));
  await mkdir(join(folder, 'binary'));
  await writeFile(
    join(folder, 'binary', 'a.txt'),
    Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7) % 256)),
  );
  await refuses('CORPUS_MISSING', /nowhere/, 'prepare', 'nowhere', '--out', 'data');
  await refuses('CORPUS_EMPTY', /empty/, 'prepare', 'empty', '--out', 'data');
  await refuses('CORPUS_BINARY', /binary/, 'prepare', 'binary', '--out', 'data');
});

test('a teacher that was not trained yet is named with how to train it', async () => {
  const recipe = join(packageRoot(), 'cluster', 'nano-rkd.yaml');
  await refuses('FILE_MISSING', /runs\/nano-slm/, 'train', recipe, '--set', 'run=untrained');
});

test('a model config that does not divide is refused before any work', async () => {
  const model = join(folder, 'odd-model');
  const config = JSON.parse(
    await readFile(join(packageRoot(), 'models', 'micro-tied', 'config.json'), 'utf8'),
  ) as Record<string, unknown>;
  await mkdir(model);
  await writeFile(
    join(model, 'config.json'),
    JSON.stringify({ ...config, num_attention_heads: 4, num_key_value_heads: 3 }),
  );
  await writeFile(join(folder, 'odd.yaml'), `run: odd\nstudent: { model: ${model} }\n`);
  await refuses(
    'CONFIG_INVALID',
    /odd-model\/config\.json: num_attention_heads 4 is not divisible/,
    'train',
    'odd.yaml',
  );
  await assert.rejects(readFile(join(folder, 'odd', 'recipe.yaml')), { code: 'ENOENT' });
});

test('brine keys makes a pair for each role, overwrites none, and a run with an exposed address asks for them', async () => {
  const { code, out } = await brine('keys', 'keys', '--json');
  assert.equal(code, 0);
  const written = JSON.parse(out) as { public: Record<string, string> };
  assert.deepEqual(Object.keys(written.public), [
    'coordinator',
    'cache',
    'student',
    'teacher',
    'node',
    'observer',
  ]);
  await refuses('FILE_EXISTS', /already exists/, 'keys', 'keys');
  await refuses('BAD_ARGUMENT', /of one role/, 'keys', 'keys', '--rotate');
  const further = await brine('keys', 'keys', '--role', 'teacher', '--name', 'gpu-7');
  assert.match(further.out, /teacher\.gpu-7\.public/);
  await writeFile(join(folder, 'open.yaml'), 'run: open\nroles: { bind: 0.0.0.0 }\n');
  await refuses('ADDRESS_EXPOSED', /0\.0\.0\.0/, 'train', 'open.yaml');
  await refuses('FILE_MISSING', /other/, 'train', 'open.yaml', '--keys', 'other');
  const dry = await brine('train', 'open.yaml', '--insecure', '--dry-run');
  assert.match(dry.err, /^warning: --insecure: nothing is encrypted/);
  assert.match(dry.out, /--coordinator tcp:\/\/0\.0\.0\.0:\* --insecure/);
});

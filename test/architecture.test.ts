/**
 * Checks the rules of the layout (docs/architecture.md): imports go to lower ranks and form no cycles, each outside package
 * has one owner, and files and folders stay small. Reads the import lines of the sources, not the compiled files.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ENTRY_POINTS } from '../src/base/entry-points.ts';
import { packageRoot } from '../src/base/files/files.ts';

const RANKS: readonly (readonly string[])[] = [
  ['base'],
  ['tensor', 'wire', 'security'],
  ['graph', 'transport', 'data'],
  ['autodiff', 'engine', 'model', 'loss', 'optim', 'ring', 'labels'],
  ['teacher', 'select', 'student', 'report'],
  ['recipe', 'control'],
  ['inputs'],
  ['coordinator', 'worker'],
  ['tasks', 'cache-tools'],
  ['launch'],
  ['api', 'reporting'],
  ['demo', 'study'],
  ['cli'],
];

/** The files or folders of src that may import a package. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  '@foxglove/wasm-bz2': ['data/readers/packed/unpacking.ts'],
  '@node-rs/crc32': ['base/checksum.ts'],
  'apache-arrow': ['data/readers/columns/arrow-worker.ts'],
  commander: ['cli'],
  echarts: ['report/html/draw.ts'],
  'csv-parse': ['data/readers/read-csv.ts'],
  fzstd: ['data/readers/packed/unpacking.ts'],
  'prom-client': ['launch/metrics-server.ts'],
  hyparquet: ['data/readers/columns/parquet-worker.ts', 'data/write-parquet.ts'],
  'hyparquet-compressors': ['data/readers/columns/parquet-worker.ts'],
  'hyparquet-writer': ['data/write-parquet.ts'],
  lmdb: ['labels/store/lmdb.ts'],
  'onnxruntime-node': ['engine/session.ts'],
  pino: ['base/log.ts'],
  piscina: ['engine'],
  protobufjs: ['wire'],
  tokenizers: ['data/tokenizer'],
  'xz-decompress': ['data/readers/packed/unpacking.ts'],
  yaml: ['recipe'],
  zeromq: ['transport'],
  zod: ['base/schema.ts'],
};

/** Import cycles. This list may only shrink. */
const CYCLES: readonly string[] = [];

const root = packageRoot();
const sources = ['src', 'test', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => /\.(?:ts|mjs|py|sh|wat)$/.test(name) && !name.includes('generated')),
);
const modules = sources.filter((name) => name.endsWith('.ts'));
const files = modules.filter((name) => name.startsWith('src/'));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typesOnly: boolean;
  readonly onDemand: boolean;
}

function importsOf(file: string): Import[] {
  const found = textOf(file).matchAll(
    /^(?:import|export)\s(type\s)?[^;]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
  );
  return Array.from(found, (match) => ({
    file,
    target: match[2] ?? match[3] ?? '',
    typesOnly: match[1] !== undefined,
    onDemand: match[3] !== undefined,
  }));
}

const isRelative = ({ target }: Import) => target.startsWith('.');
const inside = ({ file, target }: Import) => join(dirname(file), target);
const importsBy = new Map(modules.map((file) => [file, importsOf(file)]));
const imports = files.flatMap((file) => importsBy.get(file) ?? []);
const roomOf = (file: string) => file.split('/')[1] ?? '';
const rankOf = (room: string) => RANKS.findIndex((rooms) => rooms.includes(room));
const isWithin = (file: string, place: string) => file === `src/${place}` || file.startsWith(`src/${place}/`);

test('every file lives in a room that has a rank', () => {
  assert.ok(files.length > 20, 'the sources were found');
  for (const file of files) assert.ok(rankOf(roomOf(file)) >= 0, `${file} is in no known room`);
});

test('a folder has at most 15 files', () => {
  const counts = new Map<string, number>();
  for (const file of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  for (const [folder, count] of counts) assert.ok(count <= 15, `${folder} has ${count} files`);
});

test('a file has at most 300 lines', () => {
  for (const file of sources) {
    const lines = textOf(file).split('\n').length - 1;
    assert.ok(lines <= 300, `${file} has ${lines} lines`);
  }
});

test('imports go to a lower rank or stay in their room', () => {
  for (const line of imports.filter(isRelative)) {
    const target = inside(line);
    if (roomOf(target) === roomOf(line.file)) continue;
    assert.ok(
      rankOf(roomOf(target)) < rankOf(roomOf(line.file)),
      `${line.file} (rank ${rankOf(roomOf(line.file))}) imports ${target} (rank ${rankOf(roomOf(target))})`,
    );
  }
});

test('no two files import each other, directly or through others, not even types', () => {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push(path.slice(path.indexOf(file)).toSorted().join(' ↔ '));
    if (path.includes(file) || done.has(file)) return;
    for (const line of (importsBy.get(file) ?? []).filter(isRelative)) visit(inside(line), [...path, file]);
    done.add(file);
  };
  for (const file of modules) visit(file, []);
  assert.deepEqual(found, CYCLES);
});

test('an import in src names what it imports: no module is loaded for its side effects', () => {
  for (const file of files) {
    const [line] = /^import\s+'[^']+'/m.exec(textOf(file)) ?? [];
    assert.equal(line, undefined, `${file}: ${line}`);
  }
});

test('whole runs start only in tests in folders named runs or soak, which npm run test:fast leaves out', () => {
  for (const file of modules.filter((name) => name.endsWith('.test.ts'))) {
    const starts = (importsBy.get(file) ?? []).some((line) =>
      ['test/support/runs/small-runs.ts', 'test/cli/live-run.ts'].includes(inside(line)),
    );
    assert.ok(!starts || /\/(?:runs|soak)\//.test(file), file);
  }
});

test('scripts import no test, and laws import no script', () => {
  const lines = modules.flatMap((file) => importsBy.get(file) ?? []).filter(isRelative);
  for (const line of lines) {
    const [from, to] = [line.file, inside(line)];
    assert.ok(!from.startsWith('scripts/') || !to.startsWith('test/'), `${from} imports ${to}`);
    assert.ok(!from.startsWith('test/laws/') || !to.startsWith('scripts/'), `${from} imports ${to}`);
  }
});

test('each outside package is imported only by its owner', () => {
  for (const { file, target } of imports.filter((line) => !isRelative(line))) {
    if (target.startsWith('node:')) continue;
    const name = target.startsWith('@')
      ? target.split('/').slice(0, 2).join('/')
      : (target.split('/')[0] ?? '');
    const owners = OWNERS[name];
    assert.ok(owners, `${file} imports ${name}, which has no owner in this test`);
    assert.ok(
      owners.some((owner) => isWithin(file, owner)),
      `${file} imports ${name}, which belongs to ${owners.join(', ')}`,
    );
  }
});

test('only the command line reads arguments and the environment, or exits', () => {
  for (const file of files.filter((name) => roomOf(name) !== 'cli')) {
    const text = textOf(file);
    for (const word of ['process.argv', 'process.env', 'process.exit(']) {
      assert.ok(!text.includes(word), `${file} uses ${word}: only src/cli may`);
    }
  }
});

test('only src/base/entry-points.ts makes the path of a module at which a process or thread starts', () => {
  const mayUseOwnUrl = ['base/entry-points.ts', 'base/files/files.ts', 'base/schema.ts', 'engine/cuda.ts'];
  for (const file of files.filter((name) => !mayUseOwnUrl.some((path) => isWithin(name, path)))) {
    assert.ok(!textOf(file).includes('import.meta'), `${file} uses import.meta`);
  }
  const entries = Object.values(ENTRY_POINTS).map(({ source }) => source);
  for (const source of entries) assert.ok(files.includes(`src/${source}.ts`), `there is no src/${source}.ts`);
  for (const file of modules.filter((name) => !name.startsWith('src/'))) {
    const found = entries.find((source) => textOf(file).includes(`../src/${source}.js`));
    assert.equal(found, undefined, `${file} names src/${found}.js; use entryPoint`);
  }
});

test('there are no default exports', () => {
  for (const file of files) {
    assert.ok(!/^export default /m.test(textOf(file)), `${file} has a default export`);
  }
});

/** Code that a role must not load, because another role does that work. Dynamic imports load on demand and do not count. */
const NOT_LOADED: Readonly<Record<string, readonly string[]>> = {
  'worker/student/student-role.ts': [
    'labels/server',
    'labels/store',
    'teacher',
    'worker/teacher',
    'data/readers',
    'data/corpus',
    'data/tokenizer/tokenizer.ts',
    'data/tokenizer/tokenizer-training.ts',
    'data/cuts/cutter.ts',
    'coordinator',
    'launch',
    'tasks',
  ],
  'worker/teacher/teacher-role.ts': [
    'labels/server',
    'labels/store',
    'data/readers',
    'data/corpus',
    'coordinator',
    'launch',
  ],
  'worker/cache-role.ts': [
    'student/training/trainer.ts',
    'teacher',
    'data/readers',
    'data/corpus',
    'coordinator',
    'launch',
  ],
};

test('a process of one role loads no code of other roles', () => {
  const loaded = (from: string): Set<string> => {
    const seen = new Set([from]);
    for (const file of seen)
      for (const line of importsBy.get(file) ?? [])
        if (isRelative(line) && !line.typesOnly && !line.onDemand) seen.add(inside(line));
    return seen;
  };
  for (const [role, forbidden] of Object.entries(NOT_LOADED)) {
    const own = [...loaded(`src/${role}`)];
    assert.ok(own.length > 50, `${role} was found`);
    for (const place of forbidden) {
      const found = own.find((file) => isWithin(file, place));
      assert.equal(found, undefined, `${role} loads ${found}`);
    }
  }
});

test('every file in the list of slow tests exists', () => {
  const names = JSON.parse(readFileSync(join(root, 'scripts/testing/slow-tests.json'), 'utf8')) as string[];
  assert.ok(names.length > 0);
  for (const name of names) assert.ok(existsSync(join(root, 'test', name)), name);
});

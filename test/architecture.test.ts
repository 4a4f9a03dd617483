/**
 * Checks the rules of the layout (docs/architecture.md): imports go to lower ranks, there are no cycles, and each outside
 * package has one owner. Reads the import lines of the sources, not the compiled files.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
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
  ['demo'],
  ['cli'],
];

/** The files or folders that may import a package. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  '@foxglove/wasm-bz2': ['data/readers/packed/unpacking.ts'],
  '@node-rs/crc32': ['base/checksum.ts'],
  'apache-arrow': ['data/readers/columns/arrow-worker.ts'],
  commander: ['cli'],
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

const root = join(packageRoot(), 'src');
const files = readdirSync(root, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts') && !name.includes('generated'));

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typesOnly: boolean;
  readonly onDemand: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(
    /(?:^|\s)(?:import|export)\s(type\s)?[^;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g,
  );
  return Array.from(found, (match) => ({
    file,
    target: match[2] ?? match[3] ?? '',
    typesOnly: match[1] !== undefined,
    onDemand: match[3] !== undefined,
  }));
}

const imports = files.flatMap(importsOf);
const roomOf = (file: string) => file.split('/')[0] ?? '';
const rankOf = (room: string) => RANKS.findIndex((rooms) => rooms.includes(room));
const inside = ({ file, target }: Import) => relative(root, join(root, dirname(file), target));
const isRelative = ({ target }: Import) => target.startsWith('.');

test('every file lives in a room that has a rank', () => {
  assert.ok(files.length > 20, 'the sources were found');
  for (const file of files) assert.ok(rankOf(roomOf(file)) >= 0, `${file} is in no known room`);
});

test('a folder holds at most 15 files', () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  for (const [folder, count] of counts) assert.ok(count <= 15, `${folder} holds ${count} files`);
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

// Types may know each other (a value and its node, an op table and its union): they are gone when the program runs.
test('no files import each other in a cycle at run time', () => {
  const edges = new Map(files.map((file) => [file, [] as string[]]));
  for (const line of imports.filter((found) => isRelative(found) && !found.typesOnly))
    edges.get(line.file)?.push(inside(line));
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `import cycle: ${[...path, file].join(' → ')}`);
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
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
      owners.some((owner) => file === owner || file.startsWith(`${owner}/`)),
      `${file} imports ${name}, which belongs to ${owners.join(', ')}`,
    );
  }
});

test('only the command line reads arguments and the environment, or exits', () => {
  for (const file of files.filter((name) => roomOf(name) !== 'cli')) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const word of ['process.argv', 'process.env', 'process.exit(']) {
      assert.ok(!text.includes(word), `${file} uses ${word}: only src/cli may`);
    }
  }
});

test('there are no default exports', () => {
  for (const file of files) {
    assert.ok(
      !/^export default /m.test(readFileSync(join(root, file), 'utf8')),
      `${file} has a default export`,
    );
  }
});

/** What a process of a role must not load, because another role does that work. Dynamic imports load on demand and do not count. */
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
      for (const line of imports)
        if (line.file === file && isRelative(line) && !line.typesOnly && !line.onDemand)
          seen.add(inside(line));
    return seen;
  };
  for (const [role, forbidden] of Object.entries(NOT_LOADED)) {
    const own = [...loaded(role)];
    assert.ok(own.length > 50, `${role} was found`);
    for (const place of forbidden) {
      const found = own.find((file) => file === place || file.startsWith(`${place}/`));
      assert.equal(found, undefined, `${role} loads ${found}`);
    }
  }
});

/** Pipes, devices, folders, sockets and links in place of a file are rejected immediately. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { within } from '../../src/base/deadline.ts';
import { BrineError } from '../../src/base/errors.ts';
import { readTokenizer } from '../../src/data/tokenizer/tokenizer.ts';
import { modelIdentity, readModelFolder, readOnnxFolder } from '../../src/model/index.ts';
import { printGraph } from '../../src/tasks/graph-files.ts';
import { readRecipe } from '../../src/recipe/recipe.ts';
import { readSecurity, writeKeys } from '../../src/security/folder.ts';
import { readScores } from '../../src/select/scores-file.ts';
import { readSelection } from '../../src/select/manifest.ts';
import { readCheckpoint } from '../../src/student/checkpoint/checkpoint.ts';
import { writeFiles, type Files } from '../../scripts/soak/files/file-set.ts';
import { readRows, readTensors } from '../../scripts/soak/files/full-reads.ts';
import { makeValid } from '../../scripts/soak/files/valid.ts';

const root = await mkdtemp(join(tmpdir(), 'brine-places-'));
after(() => rm(root, { recursive: true, force: true }));
await mkdir(join(root, 'valid'));
const valid = await makeValid(join(root, 'valid'));
const DEADLINE_MS = 10_000;
const MAX_BYTES = 64 * 2 ** 20;

interface Reader {
  readonly name: string;
  readonly files: Files;
  /** The file that is replaced. */
  readonly file: string;
  /** Whether another file names it, so that a link is rejected. */
  readonly named?: boolean;
  readonly read: (folder: string) => Promise<unknown>;
}

const shard = Object.keys(valid.tokenSet).find((name) => name.endsWith('.bin'))!;
const data = valid.dataIdentity;
await writeKeys(join(root, 'keys'), { roles: ['teacher'] });

const READERS: readonly Reader[] = [
  {
    name: 'safetensors',
    files: { 'a.safetensors': valid.safetensors },
    file: 'a.safetensors',
    read: (folder) => readTensors(join(folder, 'a.safetensors')),
  },
  { name: 'config.json', files: valid.modelFolder, file: 'config.json', read: readModelFolder },
  { name: 'weights', files: valid.modelFolder, file: 'model.safetensors', read: readModelFolder },
  {
    name: 'model.onnx',
    files: { 'model.onnx': valid.foreignModel, 'data/weights.bin': valid.externalData },
    file: 'model.onnx',
    read: (folder) => readOnnxFolder(folder, 'model.onnx'),
  },
  {
    name: 'external data',
    files: { 'model.onnx': valid.foreignModel, 'data/weights.bin': valid.externalData },
    file: 'data/weights.bin',
    named: true,
    read: (folder) => readOnnxFolder(folder),
  },
  {
    name: 'a graph',
    files: { 'own.onnx': valid.ownModel },
    file: 'own.onnx',
    read: (folder) => printGraph(join(folder, 'own.onnx')),
  },
  {
    name: 'tokenizer.json',
    files: { 'tokenizer.json': valid.tokenizer },
    file: 'tokenizer.json',
    read: (folder) => readTokenizer(join(folder, 'tokenizer.json')),
  },
  {
    name: 'tokens.json',
    files: valid.tokenSet,
    file: 'tokens.json',
    read: (folder) => readRows(folder, true),
  },
  {
    name: 'a shard',
    files: valid.tokenSet,
    file: shard,
    named: true,
    read: (folder) => readRows(folder, true),
  },
  {
    name: 'trainer.json',
    files: valid.checkpoint,
    file: 'step-4/trainer.json',
    named: true,
    read: (folder) => readCheckpoint(join(folder, 'step-4')),
  },
  {
    name: 'a file of a checkpoint',
    files: valid.checkpoint,
    file: 'step-4/model.safetensors',
    named: true,
    read: (folder) => readCheckpoint(join(folder, 'step-4')),
  },
  {
    name: 'scores',
    files: { 'scores.safetensors': valid.scores },
    file: 'scores.safetensors',
    read: (folder) => readScores(join(folder, 'scores.safetensors'), { data }),
  },
  {
    name: 'a selection',
    files: { 'selection.json': valid.selection },
    file: 'selection.json',
    read: (folder) => readSelection(join(folder, 'selection.json'), { data, rows: 40 }),
  },
  {
    name: 'a recipe',
    files: { 'recipe.yaml': valid.recipe },
    file: 'recipe.yaml',
    read: (folder) => readRecipe(join(folder, 'recipe.yaml')),
  },
  {
    name: 'a secret key',
    files: {},
    file: 'teacher.secret',
    read: async (folder) => {
      await cp(join(root, 'keys', 'teacher.public'), join(folder, 'teacher.public'));
      return readSecurity(folder, 'teacher');
    },
  },
];

/** Creates something other than a regular file at a path. */
const PLACES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'a pipe': (path) => promisify(execFile)('mkfifo', [path]),
  'a folder': (path) => mkdir(path),
  'a link to a device that never ends': (path) => symlink('/dev/zero', path),
  'a link to itself': (path) => symlink(basename(path), path),
  'a link to nothing': (path) => symlink('nothing', path),
  'a socket': listen,
};

async function listen(path: string): Promise<void> {
  const server = createServer();
  after(() => server.close());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}

async function prepared(reader: Reader, place: string): Promise<{ folder: string; path: string }> {
  const folder = join(root, reader.name.replaceAll(/\W/g, '-'), place.replaceAll(' ', '-'));
  await mkdir(folder, { recursive: true });
  await writeFiles(folder, reader.files);
  const path = join(folder, reader.file);
  await mkdir(dirname(path), { recursive: true });
  return { folder, path };
}

async function refuses(reader: Reader, folder: string, place: string): Promise<BrineError> {
  const before = process.memoryUsage().arrayBuffers;
  const reading = reader.read(folder).then(
    () => undefined,
    (error: unknown) => error,
  );
  const outcome = await within(reading, DEADLINE_MS, () => new Error('it hangs'));
  const what = `${reader.name} is ${place}`;
  assert.ok(outcome instanceof BrineError && outcome.code !== 'INTERNAL', `${what}: ${String(outcome)}`);
  assert.ok(process.memoryUsage().arrayBuffers - before < MAX_BYTES, `${what}: it took memory`);
  return outcome;
}

for (const reader of READERS) {
  test(`${reader.name}: anything but a regular file is rejected`, async () => {
    if (reader.name !== 'a secret key') await reader.read((await prepared(reader, 'whole')).folder);
    for (const [place, make] of Object.entries(PLACES)) {
      const { folder, path } = await prepared(reader, place);
      await rm(path, { force: true });
      await make(path);
      await refuses(reader, folder, place);
    }
  });
}

test('a file that another file names must not be a link, even to the same content', async () => {
  for (const reader of READERS.filter(({ named }) => named)) {
    const { folder, path } = await prepared(reader, 'a link');
    await rename(path, `${path}.moved`);
    await symlink(`${basename(path)}.moved`, path);
    assert.match((await refuses(reader, folder, 'a link')).message, /link/, reader.name);
  }
});

test('a file that the user names may be a link to a file', async () => {
  for (const reader of READERS.filter(({ named }) => !named)) {
    const { folder, path } = await prepared(reader, 'laid out');
    const content = join(folder, 'content');
    await (reader.name === 'a secret key'
      ? cp(join(root, 'keys', reader.file), content)
      : rename(path, content));
    await symlink(content, path);
    await reader.read(folder);
  }
});

test('an oversized document is not read', async () => {
  for (const reader of READERS.filter(({ file }) => /json$|yaml$/.test(file))) {
    const { folder, path } = await prepared(reader, 'large');
    await writeFile(path, '{}');
    await truncate(path, 2 ** 33);
    await refuses(reader, folder, 'large');
  }
});

test('modelIdentity rejects a pipe', async () => {
  const weights = READERS.find(({ name }) => name === 'weights')!;
  const { folder, path } = await prepared(weights, 'identity');
  await rm(path);
  await PLACES['a pipe']!(path);
  await refuses({ ...weights, read: modelIdentity }, folder, 'a pipe');
});

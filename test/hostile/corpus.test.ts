/**
 * Bad files are rejected with the right code, without large allocations, and without reading
 * outside files.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import { readModelFolder, readOnnxFolder } from '../../src/model/index.ts';
import { writeFiles } from '../../scripts/soak/files/file-set.ts';
import { readRows, readTensors } from '../../scripts/soak/files/full-reads.ts';
import { sealShard } from '../../scripts/soak/files/seals.ts';
import { makeValid } from '../../scripts/soak/files/valid.ts';
import {
  badConfigs,
  badOnnxFolders,
  badSafetensors,
  badTokenSets,
  writeSecret,
  type BadFile,
} from './corpus.ts';

const root = await mkdtemp(join(tmpdir(), 'brine-hostile-'));
after(() => rm(root, { recursive: true, force: true }));
await mkdir(join(root, 'valid'));
const valid = await makeValid(join(root, 'valid'));
/** Memory limit of a reader for files of a few kilobytes. */
const MAX_BYTES = 64 * 2 ** 20;

async function refuses(kind: string, bad: readonly BadFile[], read: (folder: string) => Promise<unknown>) {
  for (const [at, { fault, files, prepare, code }] of bad.entries()) {
    const place = join(root, kind, String(at));
    const folder = join(place, 'folder');
    await mkdir(folder, { recursive: true });
    await writeSecret(join(place, 'secret'));
    await writeFiles(folder, files);
    await prepare?.(folder, join(place, 'secret'));
    const before = process.memoryUsage().arrayBuffers;
    const outcome = await read(folder).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(outcome instanceof BrineError, `${kind} with ${fault}: ${String(outcome)}`);
    assert.equal(outcome.code, code, `${kind} with ${fault}: ${outcome.message}`);
    assert.ok(!`${outcome.message} ${outcome.hint}`.includes('a secret that no reader may see'), fault);
    assert.ok(process.memoryUsage().arrayBuffers - before < MAX_BYTES, `${kind} with ${fault} took memory`);
  }
}

test('bad safetensors files are rejected', () =>
  refuses('safetensors', badSafetensors(), (folder) => readTensors(join(folder, 'a.safetensors'))));

test('bad ONNX models and external data are rejected', () =>
  refuses('onnx', badOnnxFolders(valid), (folder) => readOnnxFolder(folder)));

test('bad config.json files are rejected', () =>
  refuses('config', badConfigs(valid), (folder) => readModelFolder(folder)));

test('bad token sets are rejected', () =>
  refuses('tokens', badTokenSets(valid), (folder) => readRows(folder, false)));

test('a bad token shard with a valid header checksum is rejected', async () => {
  const sealed = badTokenSets(valid).map(({ files, ...rest }) => ({
    ...rest,
    files: Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, name.endsWith('.bin') ? sealShard(bytes) : bytes]),
    ),
  }));
  await refuses('sealed', sealed, (folder) => readRows(folder, false));
});

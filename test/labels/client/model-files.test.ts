/**
 * Transfer of a teacher's model from the cache: complete, resumable, verified, and confined to its
 * folder.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { joinCache, type CacheLink } from '../../../src/labels/protocol/link.ts';
import { fetchModel } from '../../../src/labels/client/model-files.ts';
import { modelSource } from '../../../src/labels/server/model-source.ts';
import type { ModelSource } from '../../../src/labels/server/server-types.ts';
import { cache } from '../served.ts';

const LARGE = new Uint8Array(2_500_000).map((_, i) => (i * 31) % 251);

async function served(scope: Scope, change: (source: ModelSource) => ModelSource = (source) => source) {
  const folder = await mkdtemp(join(tmpdir(), 'model-'));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  const own = join(folder, 'own');
  await mkdir(join(own, 'onnx'), { recursive: true });
  await writeFile(join(own, 'config.json'), '{}');
  await writeFile(join(own, 'empty'), '');
  await writeFile(join(own, 'onnx/model.onnx'), LARGE);
  const model = change(await modelSource(own, ['config.json', 'empty', 'onnx/model.onnx']));
  const { transport, endpoint } = await cache(scope, { model });
  const link: CacheLink = scope.use(await joinCache({ transport, endpoint, role: 'observer' }));
  return { folder: join(folder, 'store', 'fetched'), link };
}

const MAX_BYTES = 2 ** 30;

test('every file arrives, and a second fetch transfers nothing', () =>
  scoped(async (scope) => {
    const { folder, link } = await served(scope);
    const seen: number[] = [];
    await fetchModel({
      link,
      folder,
      mostBytes: MAX_BYTES,
      observe: (done, bytes) => seen.push(done / bytes),
    });
    assert.deepEqual(new Uint8Array(await readFile(join(folder, 'onnx/model.onnx'))), LARGE);
    assert.equal((await readFile(join(folder, 'empty'))).length, 0);
    assert.equal(seen.at(-1), 1);
    const before = seen.length;
    await fetchModel({
      link,
      folder,
      mostBytes: MAX_BYTES,
      observe: (done, bytes) => seen.push(done / bytes),
    });
    assert.equal(seen.length, before);
  }));

test('only the damaged files of a fetched model are fetched again', () =>
  scoped(async (scope) => {
    const asked: string[] = [];
    const { folder, link } = await served(scope, (source) => ({
      files: source.files,
      read: (part) => {
        asked.push(part.name);
        return source.read(part);
      },
    }));
    const large = join(folder, 'onnx/model.onnx');
    await fetchModel({ link, folder, mostBytes: MAX_BYTES });
    const damages: ((path: string) => Promise<unknown>)[] = [
      async (path) =>
        writeFile(
          path,
          LARGE.map((byte, i) => (i === 20_000 ? byte ^ 1 : byte)),
        ),
      (path) => truncate(path, 1000),
      (path) => writeFile(path, new Uint8Array(LARGE.length + 1)),
      (path) => rm(path),
      async (path) => {
        await rm(path);
        await mkdir(path);
      },
    ];
    for (const damage of damages) {
      await damage(large);
      asked.length = 0;
      await fetchModel({ link, folder, mostBytes: MAX_BYTES });
      assert.deepEqual(new Uint8Array(await readFile(large)), LARGE);
      assert.deepEqual(new Set(asked), new Set(['onnx/model.onnx']));
    }
  }));

test('an interrupted fetch resumes where it stopped', () =>
  scoped(async (scope) => {
    const offsets: number[] = [];
    const { folder, link } = await served(scope, (source) => ({
      files: source.files,
      read: (part) => {
        offsets.push(part.offset);
        return source.read(part);
      },
    }));
    const stop = new AbortController();
    const cut = fetchModel({
      link,
      folder,
      mostBytes: MAX_BYTES,
      signal: stop.signal,
      observe: (done) => done > 1_000_000 && stop.abort(),
    });
    await assert.rejects(cut, { code: 'CANCELLED' });
    assert.ok(!existsSync(folder));
    const before = offsets.length;
    await fetchModel({ link, folder, mostBytes: MAX_BYTES });
    assert.deepEqual(offsets.slice(before), [2 ** 20, 2 ** 21]);
    assert.deepEqual(new Uint8Array(await readFile(join(folder, 'onnx/model.onnx'))), LARGE);
  }));

test('a file altered in transit is refused, and the next fetch transfers it again', () =>
  scoped(async (scope) => {
    const { folder, link } = await served(scope);
    await mkdir(join(`${folder}.part`, 'onnx'), { recursive: true });
    await writeFile(join(`${folder}.part`, 'onnx/model.onnx'), new Uint8Array(2_000_000));
    await assert.rejects(fetchModel({ link, folder, mostBytes: MAX_BYTES }), { code: 'FILE_DAMAGED' });
    assert.ok(!existsSync(folder));
    await truncate(join(`${folder}.part`, 'config.json'), 0);
    await fetchModel({ link, folder, mostBytes: MAX_BYTES });
    assert.deepEqual(new Uint8Array(await readFile(join(folder, 'onnx/model.onnx'))), LARGE);
  }));

test('refuses file names that lead outside the folder, oversized models, and offsets past the end', () =>
  scoped(async (scope) => {
    const outside = await served(scope, (source) => ({
      ...source,
      files: source.files.map((file) => ({ ...file, name: `../${file.name}` })),
    }));
    await assert.rejects(fetchModel({ link: outside.link, folder: outside.folder, mostBytes: MAX_BYTES }), {
      code: 'BAD_ARGUMENT',
    });
    assert.ok(!existsSync(join(outside.folder, '../config.json')));
    const { folder, link } = await served(scope);
    await assert.rejects(fetchModel({ link, folder, mostBytes: 1000 }), { code: 'BAD_MESSAGE' });
    await link.send({ kind: 'askChunk', request: 9, name: '../../etc/passwd', offset: 0, length: 10 });
    const answer = await link.receive();
    assert.equal(answer?.message.kind === 'failed' && answer.message.error.code, 'BAD_ARGUMENT');
    await assert.rejects(modelSource(folder, ['../x']), { code: 'BAD_ARGUMENT' });
    const { transport, endpoint } = await cache(scope);
    const none = scope.use(await joinCache({ transport, endpoint, role: 'observer' }));
    await assert.rejects(fetchModel({ link: none, folder, mostBytes: MAX_BYTES }), { code: 'FILE_MISSING' });
  }));

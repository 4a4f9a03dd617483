import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCorpus } from '../../../src/data/corpus/corpus.ts';
import { nameOf, reasonOf } from '../../../src/data/corpus/listing.ts';
import { skippedText } from '../../../src/data/corpus/skipped-files.ts';
import { tarOf } from '../../../scripts/soak/files/corpora.ts';
import { brine, freshFolder, readOut } from '../fixture.ts';

const REVISION = '0123456789abcdef0123456789abcdef01234567';

test('a snapshot in the hub’s cache is read through its links, given alone, as repository or as whole cache', async (t) => {
  const hub = await freshFolder(t);
  const repository = join(hub, 'datasets--acme--notes');
  const snapshot = join(repository, 'snapshots', REVISION);
  const older = join(repository, 'snapshots', 'ffff');
  for (const folder of [join(repository, 'blobs'), join(repository, 'refs'), join(snapshot, 'data'), older])
    await mkdir(folder, { recursive: true });
  await writeFile(join(repository, 'refs/main'), REVISION);
  for (const [name, blob] of [
    ['a.jsonl', 'aa'],
    ['data/b.jsonl', 'bb'],
  ] as const) {
    await writeFile(join(repository, 'blobs', blob), `{"text": "${blob}"}\n`);
    await symlink(`${name.includes('/') ? '../' : ''}../../blobs/${blob}`, join(snapshot, name));
  }
  await symlink('../../blobs/aa', join(older, 'a.jsonl'));
  for (const path of [snapshot, repository, hub])
    assert.deepEqual((await readOut(path)).documents, ['aa', 'bb'], path);
  const { skipped } = await openCorpus(repository);
  assert.deepEqual(skipped.byReason, {
    'storage of the hub’s cache': 2,
    'another snapshot of the hub’s cache': 1,
  });
});

test('links within the folder are followed once; links to the outside, to nothing or in a cycle are counted', async (t) => {
  const folder = await freshFolder(t);
  const root = join(folder, 'corpus');
  await mkdir(join(root, '.store/inner'), { recursive: true });
  await mkdir(join(root, 'sub'));
  await writeFile(join(folder, 'outside.txt'), 'a secret');
  await writeFile(join(root, 'a.txt'), 'a');
  await writeFile(join(root, '.store/b.txt'), 'b');
  await writeFile(join(root, '.store/inner/c.txt'), 'c');
  await symlink('.store/b.txt', join(root, 'b.txt'));
  await symlink('.store/inner', join(root, 'inner'));
  await symlink('a.txt', join(root, 'again.txt'));
  await symlink('..', join(root, 'sub/up'));
  await symlink('../outside.txt', join(root, 'out.txt'));
  await symlink('/etc', join(root, 'etc'));
  await symlink('nowhere', join(root, 'dangling.txt'));
  await symlink('circle', join(root, 'circle'));
  const { documents, skipped } = await readOut(root);
  assert.deepEqual(documents, ['a', 'b', 'c']);
  assert.deepEqual(skipped.byReason, {
    'hidden (the name begins with a dot)': 1,
    'link to a file or folder that is read anyway': 2,
    'link to a target outside the corpus': 2,
    'link to a missing file': 1,
    'link in a cycle': 1,
  });
  await symlink(root, join(folder, 'link'));
  assert.deepEqual((await readOut(join(folder, 'link'))).documents, ['a', 'b', 'c']);
});

test('file names of any bytes are sorted by bytes and shown escaped', async (t) => {
  const folder = await freshFolder(t);
  for (const name of ['caf\u00e9.txt', 'caf\u00e8.txt'])
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]), name);
  await writeFile(join(folder, 'new\nline "quote" *.jsonl'), '{"text": "odd"}\n');
  const sub = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('d\u00fc', 'latin1')]);
  await mkdir(sub);
  await writeFile(Buffer.concat([sub, Buffer.from('/x.csv')]), 'text\ninner\n');
  const { documents, pieces } = await readOut(folder);
  assert.deepEqual(documents, ['caf\u00e8.txt', 'caf\u00e9.txt', 'inner', 'odd']);
  assert.deepEqual(
    pieces.map(({ source }) => source),
    ['caf\\xE8.txt', 'caf\\xE9.txt', 'd\\xFC/x.csv', 'new\nline "quote" *.jsonl'],
  );
  assert.equal(nameOf(Buffer.from('ü')), 'ü');
});

test('pipes, sockets and empty files are counted and never opened', async (t) => {
  const folder = await freshFolder(t);
  execFileSync('mkfifo', [join(folder, 'pipe.txt')]);
  const server = createServer().listen(join(folder, 'socket'));
  t.after(() => server.close());
  await mkdir(join(folder, 'folder.jsonl'));
  await writeFile(join(folder, 'folder.jsonl/a.txt'), 'inside');
  await writeFile(join(folder, 'empty.parquet'), '');
  await symlink('pipe.txt', join(folder, 'to-pipe'));
  const { documents, skipped } = await readOut(folder);
  assert.deepEqual(documents, ['inside']);
  assert.deepEqual(skipped.byReason, { 'not a regular file (pipe, socket or device)': 3, empty: 1 });
  await assert.rejects(
    openCorpus(join(folder, 'pipe.txt')),
    brine('CORPUS_MISSING', /neither a file nor a folder/),
  );
});

test('files of unsupported kinds are skipped with a reason', async (t) => {
  const folder = await freshFolder(t);
  const files: Readonly<Record<string, Uint8Array | string>> = {
    'pointer.txt': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n',
    'pointer.parquet': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n',
    'pointer.jsonl.gz': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n',
    'error.json': '<!DOCTYPE html>\n<html><body>404</body></html>',
    'error.jsonl.zst': '<html>not found</html>',
    'table.pkl': Uint8Array.of(0x80, 4, 0x95, 1, 2, 3),
    'weights.bin': Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0),
    'paper.pdf': '%PDF-1.7 text',
    packed: Uint8Array.of(0x1f, 0x8b, 8, 0),
    'shard.00000.mds': Uint8Array.of(1, 0, 0, 0),
    'index.json': '{"shards": []}',
    'inner.tar': tarOf([]),
    'good.html': '<!DOCTYPE html>\n<p>A page that somebody collected.</p>',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const { documents, skipped } = await readOut(folder);
  assert.deepEqual(documents, [files['good.html']]);
  assert.deepEqual(skipped.byReason, {
    'MDS shard (convert it to .jsonl or parquet)': 1,
    'index of MDS shards': 1,
    'HTML page under another name (fetch the file again)': 2,
    'gzip under a name without .gz': 1,
    'PDF (extract its text)': 1,
    'Git LFS pointer (fetch the file: git lfs pull)': 3,
    'Python pickle (convert it to .jsonl or parquet)': 1,
    'zip archive (unpack it)': 1,
  });
  assert.match(skippedText(skipped), /^11 files were skipped:\n(.*\n)* {2}1 MDS shard .*: shard\.00000\.mds/);
  await assert.rejects(openCorpus(join(folder, 'pointer.txt')), brine('CORPUS_EMPTY', /Git LFS pointer/));
});

test('a glob pattern gives a hint, and deleted or unreadable files are skipped with a reason', async (t) => {
  const folder = await freshFolder(t);
  await assert.rejects(openCorpus(join(folder, '*.jsonl')), (error) => {
    assert.ok(brine('CORPUS_MISSING')(error));
    assert.match((error as { hint: string }).hint, /not a glob pattern: name the folder/);
    return true;
  });
  const fault = (code: string) => Object.assign(new Error(code), { code });
  assert.equal(reasonOf(fault('EACCES')), 'not readable (permission denied)');
  assert.equal(reasonOf(fault('ENOENT')), 'deleted before it was read');
  assert.equal(reasonOf(fault('EIO')), undefined);
  await writeFile(join(folder, 'a.txt'), 'a');
  await writeFile(join(folder, 'b.txt'), 'b');
  const corpus = await openCorpus(folder);
  await rm(join(folder, 'b.txt'));
  const { readCorpus } = await import('../../../src/data/corpus/corpus-pass.ts');
  const { readingFor } = await import('../../../src/data/prepare/prepare-options.ts');
  const reading = readingFor({ textField: 'text', invalidText: 'refuse' });
  await assert.rejects(
    async () => {
      for await (const _ of readCorpus(corpus, Infinity, reading));
    },
    brine('CORPUS_MISSING', /b\.txt/),
  );
});
